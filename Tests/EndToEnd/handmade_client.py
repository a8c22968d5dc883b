"""A login by hand against each of the test servers, with the standard library only.

It knows each server and checks little: its one purpose is to tell a broken test server from a broken oauthwatch. It prints
what a client meets, secrets and all, so use it on the test servers only.
"""

import argparse
import base64
import hashlib
import http.cookiejar
import json
import re
import secrets
import sys
import urllib.error
import urllib.parse
import urllib.request

REDIRECT_URI = "http://localhost:3000/callback"


class StayHere(urllib.request.HTTPRedirectHandler):
    """Leaves redirects to the caller."""

    def redirect_request(self, *_):
        return None


class Client:
    """One browser-like session: a cookie jar, and a printed line for each request."""

    def __init__(self):
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), StayHere, urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )

    def send(self, method, url, *, form=None, document=None, token=None, headers=None):
        """Status, header fields and body of one request."""
        headers, body = dict(headers or {}), None
        if form is not None:
            body, headers["Content-Type"] = urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded"
        if document is not None:
            body, headers["Content-Type"] = json.dumps(document).encode(), "application/json"
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(url, data=body, headers=headers, method=method)
        try:
            answer = self.opener.open(request, timeout=15)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with answer:
            text = answer.read().decode("utf-8", "replace")
        print(f"{method} {url} -> {answer.status}")
        for name in ("WWW-Authenticate", "Location", "Cache-Control", "Mcp-Session-Id", "Content-Type"):
            if answer.headers.get(name):
                print(f"    {name}: {answer.headers[name]}")
        if text and "html" not in answer.headers.get("Content-Type", ""):
            print("    " + text[:700].replace("\n", "\n    "))
        return answer.status, answer.headers, text

    def document(self, url):
        """A JSON document that must be there."""
        status, _, text = self.send("GET", url)
        expect(status == 200, f"{url} answered {status}")
        return json.loads(text)


def expect(holds, message):
    if not holds:
        sys.exit(f"handmade client: {message}")


def code_of(location, state):
    """The authorization code in a redirect to our callback."""
    expect(location.startswith(REDIRECT_URI + "?"), f"redirected to {location}")
    parameters = urllib.parse.parse_qs(urllib.parse.urlsplit(location).query)
    expect(parameters.get("state") == [state], "another state came back")
    return parameters["code"][0]


def login_automatic(client, url, state, username, password):
    _, headers, _ = client.send("GET", url)
    return code_of(headers["Location"], state)


def login_django(client, url, state, username, password):
    _, headers, _ = client.send("GET", url)
    page = urllib.parse.urljoin(url, headers["Location"])
    _, _, html = client.send("GET", page)
    form = hidden_fields(html) | {"username": username, "password": password}
    status, headers, _ = client.send("POST", page, form=form, headers={"Referer": page})
    expect(status == 302, f"the login was answered with {status}: wrong password?")
    consent = urllib.parse.urljoin(url, headers["Location"])
    _, _, html = client.send("GET", consent)
    form = hidden_fields(html) | {"allow": "Authorize"}
    _, headers, _ = client.send("POST", consent, form=form, headers={"Referer": consent})
    return code_of(headers["Location"], state)


def login_identity_button(client, url, state, username, password):
    client.send("GET", url)
    _, headers, _ = client.send("POST", url, form={"sub": username})
    return code_of(headers["Location"], state)


def hidden_fields(html):
    fields = {}
    for tag in re.findall(r"<input[^>]*>", html):
        attributes = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if attributes.get("type") == "hidden":
            fields[attributes["name"]] = attributes.get("value", "").replace("&amp;", "&").replace("&#x27;", "'")
    return fields


def tokens(client, metadata, registration, form):
    form = dict(form, client_id=registration["client_id"])
    if registration.get("client_secret"):
        form["client_secret"] = registration["client_secret"]
    status, _, text = client.send("POST", metadata["token_endpoint"], form=form)
    expect(status == 200, f"the token endpoint answered {status}")
    return json.loads(text)


def call_mcp(client, server, token):
    headers = {"Accept": "application/json, text/event-stream"}
    hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "by hand", "version": "1"}}
    status, answer, _ = client.send(
        "POST", server, token=token, headers=headers,
        document={"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello},
    )
    expect(status == 200, f"initialize answered {status}")
    headers["MCP-Protocol-Version"] = "2025-11-25"
    if answer.get("Mcp-Session-Id"):
        headers["Mcp-Session-Id"] = answer["Mcp-Session-Id"]
    status, _, _ = client.send(
        "POST", server, token=token, headers=headers, document={"jsonrpc": "2.0", "method": "notifications/initialized"}
    )
    expect(status == 202, f"the initialized notification answered {status}")
    status, _, text = client.send(
        "POST", server, token=token, headers=headers, document={"jsonrpc": "2.0", "id": 2, "method": "tools/list"}
    )
    expect(status == 200 and "count_jars" in text, f"tools/list answered {status}")


def call_userinfo(client, url, token):
    status, _, _ = client.send("GET", url)
    expect(status == 401, f"without a token userinfo answered {status}")
    status, _, text = client.send("GET", url, token=token)
    expect(status == 200 and "testuser" in text, f"userinfo answered {status}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("kind", choices=("fastmcp", "django-oauth-toolkit", "oidc-provider-mock"))
    arguments.add_argument("origin")
    arguments.add_argument("--username", default="testuser")
    arguments.add_argument("--password", default="testpass")
    options = arguments.parse_args()
    client, origin = Client(), options.origin.rstrip("/")
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()

    if options.kind == "oidc-provider-mock":
        metadata, scope, login = client.document(f"{origin}/.well-known/openid-configuration"), "openid", login_identity_button
    else:
        resource = client.document(f"{origin}/.well-known/oauth-protected-resource/mcp")
        issuer = urllib.parse.urlsplit(resource["authorization_servers"][0])
        path = "" if issuer.path == "/" else issuer.path
        metadata = client.document(f"{issuer.scheme}://{issuer.netloc}/.well-known/oauth-authorization-server{path}")
        scope = "pantry" if options.kind == "fastmcp" else "read write"
        login = login_automatic if options.kind == "fastmcp" else login_django
    status, _, text = client.send("POST", metadata["registration_endpoint"], document={
        "client_name": "by hand", "redirect_uris": [REDIRECT_URI], "response_types": ["code"], "scope": scope,
        "grant_types": ["authorization_code", "refresh_token"], "token_endpoint_auth_method": "none",
    })
    expect(status == 201, f"the registration answered {status}")
    registration = json.loads(text)
    query = {
        "response_type": "code", "client_id": registration["client_id"], "redirect_uri": REDIRECT_URI, "scope": scope,
        "state": state, "code_challenge": challenge, "code_challenge_method": "S256",
    }
    if options.kind != "oidc-provider-mock":
        query["resource"] = f"{origin}/mcp"
    url = metadata["authorization_endpoint"] + "?" + urllib.parse.urlencode(query)
    code = login(client, url, state, options.username, options.password)
    first = tokens(client, metadata, registration, {
        "grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI, "code_verifier": verifier})
    second = tokens(client, metadata, registration, {
        "grant_type": "refresh_token", "refresh_token": first["refresh_token"]})
    if options.kind == "oidc-provider-mock":
        call_userinfo(client, metadata["userinfo_endpoint"], second["access_token"])
    else:
        call_mcp(client, f"{origin}/mcp", second["access_token"])
    if "revocation_endpoint" in metadata:
        form = {"token": second["access_token"], "client_id": registration["client_id"]}
        client.send("POST", metadata["revocation_endpoint"], form=form)
    print(f"{options.kind} works")


if __name__ == "__main__":
    main()

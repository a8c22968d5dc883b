"""Authlib's authorization server under Flask: a login page with a session and a CSRF token, then consent; and an MCP endpoint of ours."""

import os
import secrets
import sys
import time

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7591 import ClientRegistrationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2 import OAuth2Error
from flask import Flask, jsonify, redirect, render_template_string, request, session

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import wsgi  # noqa: E402

SCOPES = "pantry cellar"
LOGIN = """<!doctype html><title>Log in</title>{% if said %}<p class=error>{{ said }}</p>{% endif %}
<form method=post><input type=hidden name=csrf_token value="{{ csrf }}"><label>User <input name=username></label>
<label>Password <input type=password name=password></label><input type=submit name=submit value="Log In"></form>
<form action=/search><input name=q><button>Search</button></form>"""
CONSENT = """<!doctype html><title>Consent</title><p>{{ client }} asks for {{ scope }}</p>
<form method=post><input type=hidden name=csrf_token value="{{ csrf }}">
{% for name in scope.split() %}<label><input type=checkbox name=scopes value="{{ name }}"> {{ name }}</label>{% endfor %}
<button name=confirm value=no>Cancel</button><button name=confirm value=yes>Confirm</button></form>"""


class Client:
    """One registered client, as Authlib's mixin wants it."""

    def __init__(self, info, metadata):
        self.client_id, self.client_secret = info["client_id"], info.get("client_secret") or ""
        self.client_info, self.client_metadata = info, metadata

    def get_client_id(self):
        return self.client_id

    def get_default_redirect_uri(self):
        return self.client_metadata["redirect_uris"][0]

    def get_allowed_scope(self, scope):
        allowed = set(self.client_metadata.get("scope", SCOPES).split())
        return " ".join(name for name in (scope or "").split() if name in allowed)

    def check_redirect_uri(self, uri):
        return uri in self.client_metadata["redirect_uris"]

    def check_client_secret(self, secret):
        return secrets.compare_digest(self.client_secret, secret)

    def check_endpoint_auth_method(self, method, _endpoint):
        return method == self.client_metadata.get("token_endpoint_auth_method", "client_secret_basic")

    def check_response_type(self, kind):
        return kind in self.client_metadata.get("response_types", ["code"])

    def check_grant_type(self, kind):
        return kind in self.client_metadata.get("grant_types", ["authorization_code"])


class Code:
    """One authorization code."""

    auth_time = nonce = acr = amr = None

    def __init__(self, **facts):
        self.__dict__.update(facts)

    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return self.scope


class Token:
    """One pair of tokens."""

    def __init__(self, pair, client, user):
        self.access_token, self.refresh_token = pair["access_token"], pair.get("refresh_token")
        self.scope, self.client, self.user = pair.get("scope", ""), client, user
        self.expires_at, self.is_dead = time.time() + pair["expires_in"], False

    def check_client(self, client):
        return self.client.client_id == client.client_id

    def get_scope(self):
        return self.scope

    def get_expires_in(self):
        return int(self.expires_at - time.time())

    def is_expired(self):
        return self.expires_at < time.time()

    def is_revoked(self):
        return self.is_dead

    def get_user(self):
        return self.user

    def get_client(self):
        return self.client


clients, codes, tokens = {}, {}, []


class CodeGrant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["none", "client_secret_basic", "client_secret_post"]

    def save_authorization_code(self, code, request):
        payload = request.payload
        codes[code] = Code(
            code=code, client_id=request.client.client_id, redirect_uri=payload.redirect_uri, scope=payload.scope, user=request.user,
            code_challenge=payload.data.get("code_challenge"), code_challenge_method=payload.data.get("code_challenge_method"),
        )

    def query_authorization_code(self, code, client):
        found = codes.get(code)
        return found if found and found.client_id == client.client_id else None

    def delete_authorization_code(self, code):
        codes.pop(code.code, None)

    def authenticate_user(self, code):
        return code.user


class RefreshGrant(grants.RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["none", "client_secret_basic", "client_secret_post"]
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token):
        return next((t for t in tokens if t.refresh_token == refresh_token and not t.is_dead), None)

    def authenticate_user(self, token):
        return token.user

    def revoke_old_credential(self, token):
        token.is_dead = True


class Registration(ClientRegistrationEndpoint):
    def authenticate_token(self, _request):
        return "anybody"

    def get_server_metadata(self):
        return metadata(request.host_url.rstrip("/"))

    def save_client(self, info, client_metadata, _request):
        client = Client(info, dict(client_metadata))
        clients[client.client_id] = client
        return client


class Revocation(RevocationEndpoint):
    CLIENT_AUTH_METHODS = ["none", "client_secret_basic", "client_secret_post"]

    def query_token(self, token, _hint):
        return next((t for t in tokens if token in (t.access_token, t.refresh_token)), None)

    def revoke_token(self, token, _request):
        token.is_dead = True


class Bearer(BearerTokenValidator):
    def authenticate_token(self, text):
        return next((t for t in tokens if t.access_token == text), None)


def metadata(origin):
    methods = ["none", "client_secret_basic", "client_secret_post"]
    return {
        "issuer": origin, "authorization_endpoint": f"{origin}/oauth/authorize", "token_endpoint": f"{origin}/oauth/token",
        "registration_endpoint": f"{origin}/oauth/register", "revocation_endpoint": f"{origin}/oauth/revoke",
        "response_types_supported": ["code"], "grant_types_supported": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_methods_supported": methods, "code_challenge_methods_supported": ["S256"],
        "scopes_supported": SCOPES.split(),
    }


def application(origin):
    app = Flask("authlib-server")
    app.secret_key = secrets.token_bytes(32)
    app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = True
    server = AuthorizationServer(
        app, query_client=clients.get, save_token=lambda pair, req: tokens.append(Token(pair, req.client, req.user)))
    server.register_grant(CodeGrant, [CodeChallenge(required=True)])
    server.register_grant(RefreshGrant)
    server.register_endpoint(Registration)
    server.register_endpoint(Revocation)
    protector = ResourceProtector()
    protector.register_token_validator(Bearer())

    def is_forged():
        return request.form.get("csrf_token") != session.get("csrf")

    def page(text, **facts):
        session.setdefault("csrf", secrets.token_hex(16))
        return render_template_string(text, csrf=session["csrf"], **facts)

    @app.route("/login", methods=["GET", "POST"])
    def login():
        if request.method == "GET":
            return page(LOGIN)
        if is_forged():
            return "CSRF", 400
        if (request.form["username"], request.form["password"]) != ("testuser", os.environ["TEST_PASSWORD"]):
            return page(LOGIN, said="Invalid username or password")
        session["user"] = "testuser"
        return redirect(request.args["next"])

    @app.route("/oauth/authorize", methods=["GET", "POST"])
    def authorize():
        try:
            grant = server.get_consent_grant(end_user=session.get("user"))
        except OAuth2Error as error:
            return jsonify(dict(error.get_body())), 400
        if "user" not in session:
            return redirect(f"/login?next={request.full_path.replace('&', '%26')}")
        if request.method == "GET":
            return page(CONSENT, client=grant.client.client_metadata.get("client_name"), scope=grant.request.payload.scope or SCOPES)
        is_granted = request.form.get("confirm") == "yes" and not is_forged() and request.form.getlist("scopes")
        return server.create_authorization_response(grant=grant, grant_user=session["user"] if is_granted else None)

    app.add_url_rule("/oauth/token", view_func=server.create_token_response, methods=["POST"])
    app.add_url_rule(
        "/oauth/register", "register", lambda: server.create_endpoint_response("client_registration"), methods=["POST"])
    app.add_url_rule("/oauth/revoke", "revoke", lambda: server.create_endpoint_response("revocation"), methods=["POST"])
    app.add_url_rule("/.well-known/oauth-authorization-server", "metadata", lambda: jsonify(metadata(origin)))
    app.add_url_rule(
        "/.well-known/oauth-protected-resource/mcp", "resource",
        lambda: jsonify(resource=f"{origin}/mcp", authorization_servers=[origin], scopes_supported=SCOPES.split()))

    @app.post("/mcp")
    def mcp():
        try:
            protector.acquire_token(["pantry"])
        except OAuth2Error as error:
            where = f'Bearer resource_metadata="{origin}/.well-known/oauth-protected-resource/mcp"'
            return jsonify(dict(error.get_body())), 401, {"WWW-Authenticate": where}
        message = request.get_json()
        if "id" not in message:
            return "", 202
        assert current_token
        answers = {
            "initialize": {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": {"name": "a", "version": "1"}},
            "tools/list": {"tools": [{"name": "count_jars", "inputSchema": {"type": "object"}}]},
        }
        known = message.get("method") in answers
        part = {"result": answers[message["method"]]} if known else {"error": {"code": -32601, "message": "unknown method"}}
        return jsonify(jsonrpc="2.0", id=message["id"], **part)

    return app


if __name__ == "__main__":
    wsgi.serve(__doc__, application)

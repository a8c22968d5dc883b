"""What the strangers do, and what must be said of each."""

import base64, gzip, json, time

from server import HANG, RESET, Answer, Stranger, b64, page

CASES = []


class Case:
    def __init__(self, name, verdict, findings, kind=Stranger, **more):
        self.name, self.verdict, self.findings, self.kind = name, verdict, findings, kind
        self.timeout = more.pop("timeout", 5)
        self.runs = more.pop("runs", 1)
        self.between = more.pop("between", None)
        self.options = more.pop("options", lambda server: [])
        self.password = more.pop("password", None)
        self.says = more.pop("says", None)
        self.submissions = more.pop("submissions", 1)
        assert not more, more
        self.bends = []

    def server(self):
        server = self.kind()
        server.bends = list(self.bends)
        return server


def case(name, verdict, *findings, kind=Stranger, **more):
    """A case whose function bends the answers: f(server, route, request, answer)."""
    def add(function):
        one = Case(name, verdict, list(findings), kind, **more)
        one.bends = [function]
        CASES.append(one)
        return function
    return add


def healthy(name, **more):
    return case(name, "healthy", **more)


def plain(name, verdict, *findings, kind=Stranger, **more):
    CASES.append(Case(name, verdict, list(findings), kind, **more))


plain("correct", "healthy")


# --- merely different
@healthy("metadata-with-charset-and-bom")
def _(s, route, r, a):
    if route in ("prm", "asm"):
        a.kind = "application/json; charset=UTF-8"
        a.body = b"\xef\xbb\xbf" + json.dumps(a.json(), indent=4).encode()


@healthy("metadata-as-text-plain")
def _(s, route, r, a):
    if route in ("prm", "asm"):
        a.kind = "text/plain"


@healthy("metadata-redirects")
def _(s, route, r, a):
    if route == "asm":
        return Answer(302, b"", None, Location="/elsewhere/metadata.json")
    if r.path == "/elsewhere/metadata.json":
        return s.on_asm(r)


@healthy("metadata-redirects-with-308")
def _(s, route, r, a):
    if route == "prm":
        return Answer(308, b"", None, Location=s.base + "/odd/prm/")
    if r.path == "/odd/prm/":
        return s.on_prm(r)


@healthy("challenge-after-other-schemes")
def _(s, route, r, a):
    if a.field("WWW-Authenticate"):
        text = a.field("WWW-Authenticate").replace("Bearer ", "")
        a.replace("www-authenticate", f'Basic realm="a, b", Negotiate, bearer realm="x\\"y", {text}')


@healthy("challenge-in-two-fields")
def _(s, route, r, a):
    if a.field("WWW-Authenticate"):
        a.fields.insert(0, ("WWW-Authenticate", 'DPoP algs="ES256"'))


@healthy("challenge-without-quotes")
def _(s, route, r, a):
    if a.field("WWW-Authenticate"):
        a.replace("WWW-Authenticate", f"BEARER resource_metadata={s.base}{s.routes()['prm']},error=invalid_token")


@healthy("endpoint-redirects-to-its-slash")
def _(s, route, r, a):
    if r.path == "/mcp" and r.method == "POST":
        return Answer(307, b"", None, Location=s.base + "/mcp/")
    if r.path == "/mcp/":
        return s.on_mcp(r)


@healthy("endpoint-redirects-308-relative")
def _(s, route, r, a):
    if r.path == "/mcp" and r.method == "POST":
        return Answer(308, b"", None, Location="/mcp/v2")
    if r.path == "/mcp/v2":
        return s.on_mcp(r)


@healthy("error-bodies-as-text")
def _(s, route, r, a):
    if a.status >= 400 and a.kind == "application/json":
        a.kind, a.body = "text/plain", b"Unauthorized"


@healthy("error-bodies-as-html")
def _(s, route, r, a):
    if a.status == 401:
        return page("401 Unauthorized", status=401, **{n.replace("-", "_"): v for n, v in a.fields})


@healthy("everything-gzip")
def _(s, route, r, a):
    if a.body and "gzip" in (r.fields.get("Accept-Encoding") or ""):
        a.body = gzip.compress(a.body)
        a.replace("Content-Encoding", "gzip")


class HTTP10(Stranger):
    protocol = "HTTP/1.0"


plain("http-1.0", "healthy", kind=HTTP10)


@healthy("field-names-in-capitals")
def _(s, route, r, a):
    a.fields = [(n.upper(), v) for n, v in a.fields]


@healthy("expires-in-as-float")
def _(s, route, r, a):
    if route == "token" and a.status == 200:
        a.set(expires_in=3599.9)


@case("scope-array", "degraded", "token.scope:warning@token/authorization-server")
def _(s, route, r, a):
    if route == "token" and a.status == 200:
        a.set(scope=s.scopes)


@healthy("scope-with-commas")
def _(s, route, r, a):
    if route == "token" and a.status == 200:
        a.set(scope=",".join(s.scopes))


@healthy("scope-omitted")
def _(s, route, r, a):
    if route == "token" and a.status == 200:
        a.set(scope=None)


@healthy("token-type-shouted-and-extra-members")
def _(s, route, r, a):
    if route == "token" and a.status == 200:
        a.set(token_type="BEARER", id_token="a.b.c", issued_at="now", nested={"a": [1, {"b": None}]}, expires_at=None)


@healthy("no-store-in-capitals-among-others")
def _(s, route, r, a):
    if route == "token":
        a.replace("cache-control", "max-age=0, private, No-Store")


@healthy("long-tokens")
def _(s, route, r, a):
    if route == "token" and a.status == 200:
        old = a.json()["access_token"]
        new = old + "x" * 6000
        s.access[new] = s.access[old]
        a.set(access_token=new)


class Compact(Stranger):
    """JWT access tokens."""

    alg, kid, claims, key = "RS256", "k1", {}, "k1"

    def new_token(self, scope):
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": self.url, "exp": now + 3600, "iat": now, "scope": scope, "jti": str(len(self.access))}
        claims.update(self.claims)
        return b64({"alg": self.alg, "typ": "at+jwt", "kid": self.kid}) + "." + b64(claims) + "." + b64(b"s" * 256)

    def on_asm(self, r):
        return super().on_asm(r).set(jwks_uri=self.base + "/oauth/keys")

    def on_jwks(self, r):
        return Answer(body={"keys": [{"kty": "RSA", "kid": self.key, "n": "AQAB", "e": "AQAB"}]}) if self.key else Answer(404, "")


plain("jwt", "healthy", kind=Compact)


def compact(**members):
    return type("Compact", (Compact,), members)


plain("jwt-other-audience", "degraded", "token.jwt:warning@token/authorization-server", kind=compact(claims={"aud": "https://graph.example.com"}))
plain("jwt-other-issuer", "degraded", "token.jwt:warning@token/authorization-server", kind=compact(claims={"iss": "https://old.example.com/"}))
plain("jwt-short-exp", "degraded", "token.jwt:warning@token/authorization-server", kind=compact(claims={"exp": int(time.time()) + 300}))
plain("jwt-unknown-key", "degraded", "token.jwt:warning@token/authorization-server", kind=compact(key="k2"))
plain("jwt-no-keys", "degraded", "token.jwt:warning@token/authorization-server", kind=compact(key=None))
plain("jwt-alg-none", "degraded", "token.jwt:warning@token/authorization-server", kind=compact(alg="none"))
plain("jwt-hs256", "healthy", kind=compact(alg="HS256"))
plain("jwt-narrower-scope", "degraded", "token.scope:warning@token", kind=type("N", (Compact,), {
    "claims": {"scope": "mcp:read"},
    "on_token": lambda self, r: (lambda a: a.set(scope=None) if a.status == 200 else a)(Stranger.on_token(self, r))}))


def sse(message, before="", after="\n\n"):
    return before + "event: message\ndata: " + json.dumps(message) + after


def streams(s, r, a, make):
    if r.path == s.endpoint and a.status == 200 and a.body:
        a.kind = "text/event-stream"
        a.body = make(a.json()).encode()


@healthy("sse-with-crlf-and-keep-alive-comments")
def _(s, route, r, a):
    streams(s, r, a, lambda m: ": ping - 2026\r\n\r\n: ping\r\n\r\nevent: message\r\ndata: " + json.dumps(m) + "\r\n\r\n")


@case("sse-without-last-newline", "failed", "mcp.body:failure@mcp/resource-server", says="lacks the empty line")
def _(s, route, r, a):
    streams(s, r, a, lambda m: "data: " + json.dumps(m))


@healthy("sse-data-over-lines-and-no-space")
def _(s, route, r, a):
    streams(s, r, a, lambda m: "id:7\nretry:10\n\n" + "".join(f"data:{l}\n" for l in json.dumps(m, indent=1).split("\n")) + "\n")


@healthy("sse-with-a-request-of-the-server-first")
def _(s, route, r, a):
    streams(s, r, a, lambda m: sse({"jsonrpc": "2.0", "id": 99, "method": "ping"}) + sse({"jsonrpc": "2.0", "method": "notifications/message", "params": {}}) + sse(m))


@healthy("sse-with-charset")
def _(s, route, r, a):
    streams(s, r, a, lambda m: sse(m))
    if a.kind == "text/event-stream":
        a.kind = "Text/Event-Stream; charset=utf-8"


@healthy("sse-cr-only")
def _(s, route, r, a):
    streams(s, r, a, lambda m: "data: " + json.dumps(m) + "\r\r")


@healthy("session-id-needed-else-404")
def _(s, route, r, a):
    if route == "mcp" and r.bearer and a.status in (200, 202):
        if r.json.get("method") == "initialize":
            s.session = "sess-~!@" + str(time.time())
            a.replace("Mcp-Session-Id", s.session)
        elif r.fields.get("Mcp-Session-Id") != getattr(s, "session", None) and r.json.get("method") != "server/discover":
            return Answer(404, {"jsonrpc": "2.0", "id": None, "error": {"code": -32001, "message": "Session not found"}})


@healthy("batch-answers")
def _(s, route, r, a):
    if route == "mcp" and a.status == 200 and a.body:
        a.body = json.dumps([a.json()]).encode()


@healthy("result-with-null-error")
def _(s, route, r, a):
    if route == "mcp" and a.status == 200 and a.body and "result" in a.json():
        a.set(error=None)
        value = a.json()
        value["error"] = None
        a.body = json.dumps(value).encode()


@healthy("older-protocol-version")
def _(s, route, r, a):
    if route == "mcp" and a.status == 200 and "protocolVersion" in (a.json().get("result") or {}):
        a.set(result={**a.json()["result"], "protocolVersion": "2025-03-26"})


@healthy("initialized-202-with-body")
def _(s, route, r, a):
    if route == "mcp" and a.status == 202:
        return Answer(202, {})


@healthy("registration-minimal-but-echoing")
def _(s, route, r, a):
    if route == "register":
        return Answer(201, {"client_id": a.json()["client_id"], "redirect_uris": r.json["redirect_uris"]}, Cache_Control="no-store")


@healthy("registration-200-with-extra")
def _(s, route, r, a):
    if route == "register":
        a.status = 200
        a.set(message="created", client_id_issued_at=1, policy={"x": 1}, client_secret="sk-0123456789abcdef", client_secret_expires_at=0, token_endpoint_auth_method="none")


@healthy("login-302-to-page-with-cookies")
def _(s, route, r, a):
    if route == "authorize" and a.status == 200:
        session = [k for k, v in s.logins.items() if v == r.query][-1]
        return Answer(302, b"", None, Location="/signin?return=%2F", Set_Cookie=f"s={session}; Path=/; HttpOnly; SameSite=None")
    if r.path == "/signin" and r.method == "GET":
        return page("Sign in", """<form action=/signin method=POST><input name=email type=email autocomplete=username>
            <input name=pw type=password autocomplete=current-password><input type=checkbox name=remember checked>
            <select name=lang><option>de<option selected>en</select><button type=submit name=go value=1>Go</button></form>""",
            Referrer_Policy="same-origin", Cache_Control="no-store, private", Content_Security_Policy="frame-ancestors 'self'")
    if r.path == "/signin":
        s.submissions += 1
        session = dict(p.strip().split("=", 1) for p in (r.fields.get("Cookie") or "").split(";") if "=" in p).get("s")
        ok = r.form.get("pw") == s.password and r.form.get("go") == "1" and r.form.get("lang") == "en" and r.form.get("remember") == "on"
        return s.back(s.logins[session], 303) if ok and session in s.logins else page("Sign in", "wrong", 400)


@healthy("meta-refresh-and-link-to-the-client")
def _(s, route, r, a):
    if route == "login" and a.status == 302:
        target = a.field("Location").replace("&", "&amp;")
        return page("You are logged in", f'<meta http-equiv="refresh" content="0; url={target}"><a href="{target}">Continue</a>')


@healthy("form-post-response-mode")
def _(s, route, r, a):
    if route == "login" and a.status == 302:
        from urllib.parse import urlsplit, parse_qsl
        parts = urlsplit(a.field("Location"))
        fields = "".join(f'<input type="hidden" name="{n}" value="{v}">' for n, v in parse_qsl(parts.query))
        return page("Back", f'<form method="post" action="{parts.scheme}://{parts.netloc}{parts.path}">{fields}<noscript><button>Go</button></noscript></form><script>document.forms[0].submit()</script>')


@healthy("wildcard-metadata-answers-404-json-elsewhere")
def _(s, route, r, a):
    if route is None:
        return Answer(404, {"detail": "Not Found"})



@healthy("csp-form-action-lets-loopback-through")
def _(s, route, r, a):
    if a.kind.startswith("text/html") if a.kind else False:
        a.replace("Content-Security-Policy", "default-src 'self'; form-action 'self' http://localhost:* https:")


@healthy("slow-but-in-time", timeout=10)
def _(s, route, r, a):
    if route in ("mcp", "token"):
        time.sleep(0.7)


@healthy("www-authenticate-lists-bearer-twice")
def _(s, route, r, a):
    if a.field("WWW-Authenticate"):
        a.fields.append(("WWW-Authenticate", "Bearer"))


@healthy("rotation-with-grace")
def _(s, route, r, a):
    pass


@healthy("issuer-with-a-path-oidc-appended", )
def _(s, route, r, a):
    if route == "prm":
        a.set(authorization_servers=[s.base + "/realms/demo"])
    if route == "asm":
        return Answer(404, "")
    if r.path == "/realms/demo/.well-known/openid-configuration":
        return s.on_asm(r).set(issuer=s.base + "/realms/demo", subject_types_supported=["public"])


# --- broken
@case("401-with-basic-only", "degraded", "challenge.header:warning@challenge/resource-server", says="basic")
def _(s, route, r, a):
    if a.field("WWW-Authenticate"):
        a.replace("WWW-Authenticate", 'Basic realm="api"')


@case("challenge-renamed-by-a-gateway", "degraded", "challenge.header:warning@challenge/edge", says="x-amzn-Remapped-www-authenticate")
def _(s, route, r, a):
    if a.field("WWW-Authenticate"):
        a.fields = [("x-amzn-Remapped-www-authenticate", v) if n == "WWW-Authenticate" else (n, v) for n, v in a.fields]


@case("challenge-with-relative-metadata", "degraded", "challenge.resource-metadata:warning@challenge/resource-server")
def _(s, route, r, a):
    if a.field("WWW-Authenticate"):
        a.replace("WWW-Authenticate", f'Bearer resource_metadata="{s.routes()["prm"]}"')


@case("prm-resource-missing", "failed", "discovery.resource:failure@discovery/resource-server")
def _(s, route, r, a):
    if route == "prm":
        a.set(resource=None)


@case("prm-resource-of-another-port", "failed", "discovery.resource:failure@discovery/resource-server")
def _(s, route, r, a):
    if route == "prm":
        a.set(resource="http://127.0.0.1:1/mcp")


@case("prm-resource-of-another-path", "failed", "discovery.resource:failure@discovery")
def _(s, route, r, a):
    if route == "prm":
        a.set(resource=s.base + "/other")


@case("prm-servers-as-a-string", "failed", "discovery.authorization-servers:failure@discovery/resource-server")
def _(s, route, r, a):
    if route == "prm":
        a.set(authorization_servers=s.base)


@case("prm-truncated-json", "failed", "discovery.resource-metadata:failure@discovery")
def _(s, route, r, a):
    if route == "prm":
        a.body = a.body[:-20]


@case("asm-404", "failed", "discovery.metadata:failure@discovery/authorization-server")
def _(s, route, r, a):
    if route == "asm":
        return Answer(404, "")


@case("asm-html-of-a-single-page-application", "failed", "discovery.metadata:failure@discovery", says="My App")
def _(s, route, r, a):
    if route in ("asm", None):
        return page("My App", '<div id="root"></div><script src="/main.js"></script>')


@case("asm-500", "failed", "discovery.metadata:failure@discovery/authorization-server")
def _(s, route, r, a):
    if route == "asm":
        return Answer(500, {"error": "boom"})


@case("asm-latin-1", "failed", "discovery.metadata:failure@discovery/authorization-server")
def _(s, route, r, a):
    if route == "asm":
        a.set(service="x")
        a.body = json.dumps({**a.json(), "service": "é"}, ensure_ascii=False).encode("latin-1")


@case("issuer-in-another-case-of-host", "failed", "discovery.issuer:failure@discovery/authorization-server")
def _(s, route, r, a):
    if route == "asm":
        a.set(issuer=s.base.replace("127.0.0.1", "LOCALHOST"))


@case("no-list-of-pkce-methods", "degraded", "discovery.s256:warning@discovery/authorization-server")
def _(s, route, r, a):
    if route == "asm":
        a.set(code_challenge_methods_supported=None)


@case("pkce-list-empty", "failed", "discovery.s256:failure@discovery/authorization-server")
def _(s, route, r, a):
    if route == "asm":
        a.set(code_challenge_methods_supported=[])


@case("registration-database-error-page", "failed", "registration.status:failure@registration/authorization-server", says="OperationalError")
def _(s, route, r, a):
    if route == "register":
        return page("OperationalError at /oauth/register", "no such table", 500, Server="gunicorn")


@case("registration-refuses-loopback", "failed", "registration.status:failure@registration/authorization-server", says="invalid_redirect_uri")
def _(s, route, r, a):
    if route == "register":
        return Answer(400, {"error": "invalid_redirect_uri", "error_description": "must be https"})


@case("registration-null-arrays", "degraded", "registration.shape:warning@registration/authorization-server")
def _(s, route, r, a):
    if route == "register":
        a.set(contacts=None)
        value = a.json()
        value.update(contacts=None, client_secret=None, grant_types=None)
        a.body = json.dumps(value).encode()


@case("registration-secret-without-expiry", "degraded", "registration.shape:warning@registration")
def _(s, route, r, a):
    if route == "register":
        a.set(client_secret="sk-0123456789abcdef")


@case("registration-limited", "inconclusive", "registration.status:inconclusive@registration")
def _(s, route, r, a):
    if route == "register":
        return Answer(429, {"error": "too_many_requests"}, Retry_After="Wed, 01 Jan 2031 00:00:00 GMT")


@case("registration-wants-a-token", "failed", "registration.status:failure@registration/authorization-server")
def _(s, route, r, a):
    if route == "register":
        return Answer(401, {"error": "invalid_token"}, WWW_Authenticate="Bearer")


@case("clients-lost-between-register-and-authorize", "failed", "authorization.page:failure@authorization/authorization-server")
def _(s, route, r, a):
    if route == "register":
        s.clients.clear()


@case("authorize-error-as-json", "failed", "authorization.page:failure@authorization/authorization-server", says="Invalid client_id")
def _(s, route, r, a):
    if route == "authorize":
        return Answer(400, {"error": "invalid_request", "error_description": "Invalid client_id"})


@case("authorize-502-by-nginx", "failed", "authorization.page:failure@authorization/edge", says="502 Bad Gateway")
def _(s, route, r, a):
    if route == "authorize":
        return page("502 Bad Gateway", "<hr><center>nginx/1.25.3</center>", 502, Server="nginx/1.25.3")


@case("scope-refused-by-redirect", "failed", "discovery.scopes:failure@discovery/authorization-server", says="invalid_scope")
def _(s, route, r, a):
    if route == "authorize":
        from urllib.parse import urlencode
        return Answer(302, b"", None, Location=r.query["redirect_uri"] + "?" + urlencode({"error": "invalid_scope", "state": r.query["state"]}))


@case("scopes-not-in-the-servers-list", "degraded", "discovery.scopes:warning@discovery/authorization-server")
def _(s, route, r, a):
    if route == "asm":
        a.set(scopes_supported=["openid", "profile"])


@case("csp-form-action-self-on-the-last-page", "degraded", "authorization.headers:warning@authorization/authorization-server", says="form-action")
def _(s, route, r, a):
    if a.kind and a.kind.startswith("text/html"):
        a.replace("Content-Security-Policy", "default-src 'self'; FORM-ACTION 'self'")


@case("csp-in-a-meta-element", "degraded", "authorization.headers:warning@authorization")
def _(s, route, r, a):
    if a.kind and a.kind.startswith("text/html"):
        a.body = a.body.replace(b"<head>", b'<head><meta http-equiv="Content-Security-Policy" content="form-action \'none\'">')


@case("code-in-the-fragment", "failed", "authentication.redirect:failure@authentication/authorization-server")
def _(s, route, r, a):
    if route == "login" and a.status == 302:
        a.replace("Location", a.field("Location").replace("?", "#"))


@case("code-to-another-loopback-host", "insecure", "authentication.redirect:insecure@authentication")
def _(s, route, r, a):
    if route == "login" and a.status == 302:
        a.replace("Location", a.field("Location").replace("localhost", "evil.example"))


@case("code-to-another-host-with-307", "insecure", "authentication.redirect:insecure@authentication")
def _(s, route, r, a):
    if route == "login" and a.status == 302:
        a.status = 307
        a.replace("Location", a.field("Location").replace("localhost", "evil.example"))


@case("post-answered-with-308", "degraded", "authentication.post-redirect:warning@authentication")
def _(s, route, r, a):
    if route == "login" and a.status == 302:
        a.status = 308


@case("state-urldecoded-twice", "failed", "authentication.state:failure@authentication/authorization-server")
def _(s, route, r, a):
    if route == "login" and a.status == 302:
        import re
        a.replace("Location", re.sub(r"state=[^&]*", "state=" + "lost", a.field("Location")))


@case("state-dropped", "failed", "authentication.state:failure@authentication")
def _(s, route, r, a):
    if route == "login" and a.status == 302:
        import re
        a.replace("Location", re.sub(r"&state=[^&]*", "", a.field("Location")))


@case("iss-advertised-not-sent", "failed", "authentication.iss:failure@authentication/authorization-server")
def _(s, route, r, a):
    if route == "asm":
        a.set(authorization_response_iss_parameter_supported=True)


plain("wrong-password", "failed", "authentication.rejected:failure@authentication/authorization-server", password="not it")


@case("login-503-from-a-load-balancer", "failed", "authentication.redirect:failure@authentication/edge", says="Service Temporarily Unavailable")
def _(s, route, r, a):
    if route == "login":
        return page("503 Service Temporarily Unavailable", "", 503, Server="awselb/2.0")


@case("token-error-inside-200", "failed", "token.error-in-200:failure@token/authorization-server", says="bad_verification_code")
def _(s, route, r, a):
    if route == "token":
        return Answer(200, {"error": "bad_verification_code", "error_description": "The code passed is incorrect or expired."})


@case("token-form-encoded", "failed", "token.json:failure@token/authorization-server")
def _(s, route, r, a):
    if route == "token" and a.status == 200:
        from urllib.parse import urlencode
        return Answer(200, urlencode(a.json()), "application/x-www-form-urlencoded")


@case("token-wrapped", "failed", "token.access-token:failure@token/authorization-server")
def _(s, route, r, a):
    if route == "token" and a.status == 200:
        return Answer(200, {"data": a.json()}, Cache_Control="no-store")


@case("token-invalid-client-for-the-advertised-method", "failed", "token.status:failure@token/authorization-server", says="invalid_client")
def _(s, route, r, a):
    if route == "token":
        return Answer(401, {"error": "invalid_client"}, WWW_Authenticate='Basic realm="x"')


@case("token-pkce-broken-says-invalid-request", "failed", "token.status:failure@token/authorization-server", "token.error-code:info@token/authorization-server")
def _(s, route, r, a):
    if route == "token":
        return Answer(400, {"error": "invalid_request", "error_description": "PKCE verification failed"})


@case("token-422-of-a-framework", "failed", "token.status:failure@token", "token.error-code:info@token")
def _(s, route, r, a):
    if route == "token":
        return Answer(422, {"detail": [{"loc": ["body", "client_secret"], "msg": "field required"}]})


@case("token-firewall-page", "failed", "token.status:failure@token/edge", says="Attention Required")
def _(s, route, r, a):
    if route == "token":
        return page("Attention Required! | Cloudflare", "blocked", 403, Server="cloudflare")


@case("token-page-with-200", "failed", "token.json:failure@token/edge", says="Maintenance")
def _(s, route, r, a):
    if route == "token":
        return page("Maintenance", "", 200, Server="cloudflare")


@case("expires-in-string", "degraded", "token.expires-in:warning@token/authorization-server")
def _(s, route, r, a):
    if route == "token" and a.status == 200:
        a.set(expires_in="3600")


@case("expires-in-null", "degraded", "token.expires-in:warning@token")
def _(s, route, r, a):
    if route == "token" and a.status == 200:
        value = a.json()
        value["expires_in"] = None
        a.body = json.dumps(value).encode()


@case("expires-in-negative", "failed", "token.expires-in:failure@token")
def _(s, route, r, a):
    if route == "token" and a.status == 200:
        a.set(expires_in=-60)


@case("no-refresh-token", "degraded", "token.refresh-issued:warning@token/authorization-server")
def _(s, route, r, a):
    if route == "token" and a.status == 200:
        a.set(refresh_token=None)


@case("refresh-says-invalid-request", "failed", "refresh.status:failure@refresh/authorization-server", "token.error-code:info@refresh")
def _(s, route, r, a):
    if route == "token" and r.form.get("grant_type") == "refresh_token":
        return Answer(400, {"error": "invalid_request", "error_description": "Refresh token expired"})


@case("refresh-answers-500", "failed", "refresh.status:failure@refresh/authorization-server")
def _(s, route, r, a):
    if route == "token" and r.form.get("grant_type") == "refresh_token":
        return Answer(500, "Internal Server Error", "text/plain")


@case("refreshed-token-refused", "failed", "refresh.works:failure@refresh/resource-server")
def _(s, route, r, a):
    if route == "token" and r.form.get("grant_type") == "refresh_token" and a.status == 200:
        s.access.pop(a.json()["access_token"])


@case("token-not-accepted", "failed", "mcp.status:failure@mcp/resource-server", says="invalid_token")
def _(s, route, r, a):
    if route == "mcp" and r.bearer:
        return s.challenge("invalid_token")


@case("token-not-accepted-403", "failed", "mcp.status:failure@mcp/resource-server")
def _(s, route, r, a):
    if route == "mcp" and r.bearer:
        return Answer(403, {"error": "invalid audience"})


@case("every-second-replica-does-not-know-the-token", "failed", "mcp.status:failure@mcp/resource-server", says="accepted a moment before")
def _(s, route, r, a):
    if route == "mcp" and r.bearer:
        s.turn = getattr(s, "turn", 0) + 1
        if s.turn % 2 == 0 and "id" in r.json:
            return s.challenge("invalid_token")
        if s.turn % 2 == 0:
            s.turn += 1


@case("mcp-500", "failed", "mcp.status:failure@mcp/resource-server")
def _(s, route, r, a):
    if route == "mcp" and r.bearer:
        return Answer(500, {"error": "boom"})


@case("mcp-504-gateway", "failed", "mcp.status:failure@mcp/edge")
def _(s, route, r, a):
    if route == "mcp" and r.bearer:
        return page("504 Gateway Time-out", "", 504, Server="nginx")


@case("mcp-answers-with-a-page", "failed", "mcp.body:failure@mcp", says="Welcome")
def _(s, route, r, a):
    if route == "mcp" and r.bearer:
        return page("Welcome to the API")


@case("mcp-id-as-string", "failed", "mcp.id:failure@mcp/resource-server")
def _(s, route, r, a):
    if route == "mcp" and a.status == 200 and a.body:
        a.set(id=str(a.json()["id"]))


@case("mcp-internal-error", "failed", "mcp.error:failure@mcp/resource-server", says="database is locked")
def _(s, route, r, a):
    if route == "mcp" and r.json.get("method") == "tools/list" and a.status == 200:
        return Answer(body={"jsonrpc": "2.0", "id": r.json["id"], "error": {"code": -32603, "message": "database is locked"}})


@case("mcp-stream-cut", "failed", "mcp.body:failure@mcp/resource-server")
def _(s, route, r, a):
    if route == "mcp" and a.status == 200 and a.body:
        a.kind, a.body = "text/event-stream", b": ping\n\ndata: {\"jsonrpc\": \"2.0\", \"id\""


@case("mcp-hangs", "failed", "mcp.status:failure@mcp/resource-server", timeout=2)
def _(s, route, r, a):
    if route == "mcp" and r.bearer:
        return HANG


@case("mcp-resets", "failed", "mcp.status:failure@mcp/resource-server")
def _(s, route, r, a):
    if route == "mcp" and r.bearer:
        return RESET


@case("initialize-slow", "degraded", "latency.budget:warning@mcp/resource-server", timeout=20)
def _(s, route, r, a):
    if route == "mcp" and r.bearer and r.json.get("method") == "initialize":
        time.sleep(11)


@case("token-slow", "degraded", "latency.budget:warning@token/authorization-server", timeout=20)
def _(s, route, r, a):
    if route == "token" and r.form.get("grant_type") == "authorization_code":
        time.sleep(5.4)


@case("firewall-blocks-everything-but-browsers", "failed", "challenge.status:failure@challenge/edge", "mcp.user-agent:warning@mcp/edge", says="Just a moment")
def _(s, route, r, a):
    if "Mozilla" not in (r.fields.get("User-Agent") or ""):
        return page("Just a moment...", "", 403, Server="cloudflare")


@case("firewall-blocks-one-client", "degraded", "mcp.user-agent:warning@mcp/edge", says="python-httpx")
def _(s, route, r, a):
    if "python-httpx" in (r.fields.get("User-Agent") or ""):
        return page("403 Forbidden", "", 403, Server="cloudflare")


@case("firewall-wants-a-user-agent", "degraded", "mcp.user-agent:warning@mcp/edge", says="no user agent")
def _(s, route, r, a):
    if not r.fields.get("User-Agent"):
        return Answer(400, "Bad Request", "text/plain")


@case("metadata-steered", "degraded", "discovery.host-steering:warning@discovery")
def _(s, route, r, a):
    host = r.fields.get("X-Forwarded-Host")
    if host and route in ("prm", "asm"):
        a.body = a.body.replace(s.base.removeprefix("http://").encode(), host.encode())


@case("challenge-steered", "degraded", "discovery.host-steering:warning@discovery", says="WWW-Authenticate")
def _(s, route, r, a):
    host = r.fields.get("X-Forwarded-Host")
    if host and a.field("WWW-Authenticate"):
        a.replace("WWW-Authenticate", a.field("WWW-Authenticate").replace("127.0.0.1", host))


@case("open-door", "insecure", "mcp.no-token:insecure@guard/resource-server", "challenge.status:warning@challenge")
def _(s, route, r, a):
    if route == "mcp" and r.method == "POST":
        return s.message(r)


@case("open-door-and-no-oauth-at-all", "insecure", "mcp.no-token:insecure@guard/resource-server", "challenge.status:warning@challenge", "discovery.metadata:failure@registration", says="nothing tells clients where to log in")
def _(s, route, r, a):
    if route == "mcp" and r.method == "POST":
        return s.message(r)
    return Answer(404, "Not Found", "text/plain")


@case("open-to-the-words", "degraded", "challenge.status:warning@challenge")
def _(s, route, r, a):
    if route == "mcp" and r.method == "POST" and not r.bearer:
        if r.json.get("method") == "tools/call":
            return Answer(body={"jsonrpc": "2.0", "id": r.json["id"], "result": {"isError": True, "content": [{"type": "text", "text": "Unauthorized: log in first"}]}})
        return s.message(r)


@case("listing-open-calls-closed", "degraded", "mcp.open-listing:warning")
def _(s, route, r, a):
    if route == "mcp" and r.method == "POST" and not r.bearer and r.json.get("method") != "tools/call":
        return s.message(r)


@case("unauthenticated-500", "failed", "challenge.status:failure@challenge/resource-server")
def _(s, route, r, a):
    if route == "mcp" and not r.bearer:
        return Answer(500, {"error": "token is None"})


@case("unauthenticated-302-to-a-login-page", "failed", "challenge.status:failure@challenge/resource-server")
def _(s, route, r, a):
    if route == "mcp" and not r.bearer:
        return Answer(302, b"", None, Location="/accounts/login?next=/mcp")


@case("unauthenticated-403-json", "degraded", "challenge.status:warning@challenge/resource-server", "challenge.header:warning@challenge")
def _(s, route, r, a):
    if route == "mcp" and r.method == "POST" and not r.bearer:
        return Answer(403, {"detail": "Not authenticated"})


@case("unauthenticated-400-missing-token", "degraded", "challenge.status:warning@challenge/resource-server", "challenge.header:warning@challenge")
def _(s, route, r, a):
    if route == "mcp" and r.method == "POST" and not r.bearer:
        return Answer(400, {"error": "missing_token"})


@case("wrong-endpoint", "failed", "challenge.status:failure@challenge/resource-server")
def _(s, route, r, a):
    if route == "mcp":
        return Answer(404, {"error": "not found"})


@case("clients-lost-at-a-restart", "failed", "session.client:failure@session", runs=2, submissions=2, between=lambda s: s.clients.clear())
def _(s, route, r, a):
    pass


@case("refresh-tokens-lost-at-a-restart", "failed", "session.refresh:failure@session/authorization-server", "session.early-death:warning@session", runs=2, submissions=2, between=lambda s: s.refresh.clear())
def _(s, route, r, a):
    pass


@case("access-tokens-lost-at-a-restart", "failed", "session.early-death:failure@session/resource-server", runs=2, submissions=2, between=lambda s: s.access.clear())
def _(s, route, r, a):
    pass


@healthy("scope-needs-one-more-then-fine", submissions=2)
def _(s, route, r, a):
    if route == "mcp" and r.bearer in s.access and r.json.get("method") == "tools/list" and "mcp:admin" not in s.access[r.bearer]["scope"]:
        return Answer(403, {"error": "insufficient_scope"}, WWW_Authenticate='Bearer error="insufficient_scope", scope="mcp:admin"')
    if route == "asm":
        a.set(scopes_supported=None)


@case("scope-never-granted", "failed", "mcp.scope:failure@mcp/resource-server", submissions=3)
def _(s, route, r, a):
    if route == "mcp" and r.bearer in s.access and r.json.get("method") == "tools/list":
        return Answer(403, {"error": "insufficient_scope"}, WWW_Authenticate='Bearer error="insufficient_scope", scope="mcp:admin"')
    if route == "asm":
        a.set(scopes_supported=None)


# --- login in other shapes
@case("rejected-by-a-redirect-back-to-the-form", "failed", "authentication.rejected:failure@authentication/authorization-server", password="not it")
def _(s, route, r, a):
    if route == "login" and a.status == 200:
        return Answer(302, b"", None, Location=f"/oauth/login-again?error=1&session={r.form['session']}")
    if r.path == "/oauth/login-again":
        return s.form(r.query["session"], "Invalid credentials")


@case("rejected-with-422", "failed", "authentication.rejected:failure@authentication", password="not it")
def _(s, route, r, a):
    if route == "login" and a.status == 200:
        a.status = 422


@case("rejected-with-json", "failed", "authentication.rejected:failure@authentication", password="not it")
def _(s, route, r, a):
    if route == "login" and a.status == 200:
        return Answer(401, {"error": "invalid_credentials"})


@case("account-locked", "failed", "authentication.rejected:failure@authentication")
def _(s, route, r, a):
    if route == "login":
        return s.form(r.form["session"], "Your account is locked").replace("X-Locked", "1") and page("Account locked", "<p>Too many attempts</p>", 423)


@case("login-answers-429", "inconclusive", "authentication.rejected:inconclusive@authentication/edge")
def _(s, route, r, a):
    if route == "login":
        return page("Too many requests", "", 429, Retry_After="600")


@case("cloudflare-asks-for-a-browser", "inconclusive", "authorization.page:inconclusive@authorization/edge", says="browser")
def _(s, route, r, a):
    if route == "authorize":
        return page("Just a moment...", '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script>', 403, Server="cloudflare", cf_mitigated="challenge")


@case("login-page-is-an-application", "inconclusive", "authorization.page:inconclusive@authorization/authorization-server")
def _(s, route, r, a):
    if route == "authorize":
        return page("App", '<div id="root"></div><script type="module" src="/assets/index-1a2b.js"></script>')


@healthy("user-name-first-then-password")
def _(s, route, r, a):
    if route == "login" and "password" not in r.form:
        return page("Password", f'''<form method="post" action="login"><input type=hidden name=session value="{r.form['session']}">
            <input type=hidden name=username value="{r.form['username']}"><input type=password name=password><input type=submit value=Continue></form>''')
    if route == "authorize" and a.status == 200:
        session = [k for k, v in s.logins.items() if v == r.query][-1]
        return page("Who are you?", f'<form method="post" action="/oauth/login"><input type="hidden" name="session" value="{session}"><input name="username" autofocus><button>Next</button></form>')


@healthy("consent-with-authorize-and-cancel")
def _(s, route, r, a):
    if route == "login" and a.status == 302 and "decision" not in r.form:
        s.pending = a
        return page("Authorize", '''<h1>Claude wants access</h1><form action="/oauth/consent" method="post">
            <input type="checkbox" name="scope" value="mcp:tools" checked><button name="action" value="cancel">Cancel</button>
            <button name="action" value="authorize" class="primary">Authorize</button></form>''')
    if r.path == "/oauth/consent":
        return s.pending if r.form.get("action") == "authorize" else page("Cancelled", status=400)


@healthy("consent-as-a-link")
def _(s, route, r, a):
    if route == "login" and a.status == 302:
        import html as h
        return page("Allow?", f'<p>Allow access?</p><a href="{h.escape(a.field("Location"))}">Continue to Claude</a>')


@case("login-form-by-get", "degraded", "authentication.form-method:warning@authentication/authorization-server")
def _(s, route, r, a):
    if route == "authorize" and a.status == 200:
        a.body = a.body.replace(b'method="post"', b'method="get"')
    if route == "login" and r.method == "GET":
        r.body = r.target.split("?", 1)[1].encode()
        return s.on_login(r)


@case("login-form-posts-elsewhere", "insecure", "authentication.form-origin:insecure@authentication", submissions=0)
def _(s, route, r, a):
    if route == "authorize" and a.status == 200:
        a.body = a.body.replace(b'action="/oauth/login"', b'action="https://phish.example/login"')


@case("no-field-for-the-password", "failed", "authentication.password-field:failure@authentication/authorization-server", submissions=0)
def _(s, route, r, a):
    if route == "authorize" and a.status == 200:
        a.body = a.body.replace(b'<input type="password" name="password">', b"")
    if route == "login":
        return s.form(r.form["session"]).replace("X", "1") and page("Log in", f'<form method="post" action="/oauth/login"><input type="hidden" name="session" value="{r.form["session"]}"><input name="username"><button>Log in</button></form>')


@case("login-loops-between-two-places", "failed", "authorization.loop:failure@authorization/authorization-server")
def _(s, route, r, a):
    if route == "authorize":
        return Answer(302, b"", None, Location="/session?next=/oauth/authorize")
    if r.path == "/session":
        return Answer(302, b"", None, Location="/oauth/authorize?again=1")


@case("redirect-with-a-slash-more", "failed", "authentication.redirect:failure@authentication")
def _(s, route, r, a):
    if route == "login" and a.status == 302:
        a.replace("Location", a.field("Location").replace("/callback?", "/callback/?"))


@case("access-denied-with-description", "failed", "authentication.redirect:failure@authentication/authorization-server", says="not assigned")
def _(s, route, r, a):
    if route == "login" and a.status == 302:
        from urllib.parse import urlencode
        q = s.logins[r.form["session"]]
        a.replace("Location", q["redirect_uri"] + "?" + urlencode({"error": "access_denied", "error_description": "user is not assigned to the app", "state": q["state"]}))


@case("login-500", "failed", "authentication.redirect:failure@authentication/authorization-server")
def _(s, route, r, a):
    if route == "login":
        return page("Internal Server Error", "Traceback", 500)


@case("code-is-empty", "failed", "authentication.redirect:failure@authentication")
def _(s, route, r, a):
    if route == "login" and a.status == 302:
        import re
        a.replace("Location", re.sub(r"code=[^&]*", "code=", a.field("Location")))


# --- metadata in other shapes
@healthy("authorization-endpoint-with-a-query")
def _(s, route, r, a):
    if route == "asm":
        a.set(authorization_endpoint=s.base + "/oauth/authorize?tenant=blue")


@case("issuer-missing", "failed", "discovery.issuer:failure@discovery/authorization-server")
def _(s, route, r, a):
    if route == "asm":
        a.set(issuer=None)


@case("issuer-slash-in-the-resource-metadata", "degraded", "discovery.issuer:warning@discovery/authorization-server")
def _(s, route, r, a):
    if route == "prm":
        a.set(authorization_servers=[s.base + "/"])


@case("token-endpoint-relative", "failed", "discovery.endpoints:failure@discovery/authorization-server")
def _(s, route, r, a):
    if route == "asm":
        a.set(token_endpoint="/oauth/token")


@case("only-client-credentials", "degraded", "discovery.methods:warning@discovery/authorization-server")
def _(s, route, r, a):
    if route == "asm":
        a.set(grant_types_supported=["client_credentials", "refresh_token"])


@case("only-private-key-jwt", "degraded", "discovery.methods:warning@discovery")
def _(s, route, r, a):
    if route == "asm":
        a.set(token_endpoint_auth_methods_supported=["private_key_jwt", "tls_client_auth"])


@case("endpoints-plain-http", "failed", "discovery.https:failure@discovery/authorization-server", "discovery.endpoints:inconclusive@discovery")
def _(s, route, r, a):
    if route == "asm":
        a.set(authorization_endpoint="http://mcp.example.com/authorize", token_endpoint="http://mcp.example.com/token")


@case("token-endpoint-at-another-origin", "inconclusive", "discovery.endpoints:inconclusive@discovery", says="may not receive credentials")
def _(s, route, r, a):
    if route == "asm":
        a.set(token_endpoint="https://login.example.net/token")


@case("authorization-server-is-down", "failed", "discovery.metadata:failure@discovery/authorization-server", says="refused")
def _(s, route, r, a):
    if route == "prm":
        a.set(authorization_servers=["http://127.0.0.1:9"])


@case("well-known-urls-want-a-token", "failed", "discovery.resource-metadata:failure@discovery", says="401")
def _(s, route, r, a):
    if route in ("prm", "asm") or ".well-known" in r.path:
        return Answer(401, {"detail": "Not authenticated"}, WWW_Authenticate="Bearer")


@case("root-metadata-only-with-the-path-announced-404", "degraded", "discovery.resource-metadata:warning@discovery", "challenge.resource-metadata:warning@challenge")
def _(s, route, r, a):
    if route == "prm":
        return Answer(404, "")
    if r.path == "/.well-known/oauth-protected-resource":
        return s.on_prm(r)


@case("asm-two-megabytes", "failed", "discovery.metadata:failure@discovery")
def _(s, route, r, a):
    if route == "asm":
        a.body = a.body + b" " * (2 << 20)


@case("clock-ten-minutes-ahead", "healthy", "clock.skew:info@discovery")
def _(s, route, r, a):
    from email.utils import formatdate
    a.skewed = True


# --- clients in other shapes
class Confidential(Stranger):
    method = "client_secret_basic"

    def on_asm(self, r):
        return super().on_asm(r).set(token_endpoint_auth_methods_supported=[self.method])

    def on_register(self, r):
        a = super().on_register(r)
        self.secret = "s3cr3t/+ %" + a.json()["client_id"]
        return a.set(client_secret=self.secret, client_secret_expires_at=0, token_endpoint_auth_method=self.method)

    def on_token(self, r):
        from urllib.parse import quote_plus
        client = r.form.get("client_id")
        if self.method == "client_secret_basic":
            header = (r.fields.get("Authorization") or "").removeprefix("Basic ")
            text = base64.b64decode(header).decode() if header else ""
            wanted = [f"{quote_plus(c)}:{quote_plus(self.secret)}" for c in self.clients]
            if text not in wanted:
                return Answer(401, {"error": "invalid_client"}, WWW_Authenticate="Basic")
        elif r.form.get("client_secret") != self.secret:
            return Answer(401, {"error": "invalid_client"})
        return super().on_token(r)


plain("confidential-basic", "healthy", kind=Confidential)
plain("confidential-post", "healthy", kind=type("Post", (Confidential,), {"method": "client_secret_post"}))


@case("client-id-is-a-number", "failed", "registration.client-id:failure@registration/authorization-server")
def _(s, route, r, a):
    if route == "register":
        a.set(client_id=17)


@case("redirect-uri-normalised", "failed", "registration.client-id:failure@registration")
def _(s, route, r, a):
    if route == "register":
        a.set(redirect_uris=[u + "/" for u in r.json["redirect_uris"]])


@case("registration-page-with-200", "failed", "registration.client-id:failure@registration/edge", says="Sign up")
def _(s, route, r, a):
    if route == "register":
        return page("Sign up", "<form></form>")


@case("registration-secret-expired", "degraded", "registration.shape:warning@registration")
def _(s, route, r, a):
    if route == "register":
        a.set(client_secret="sk-0123456789abcdef", client_secret_expires_at=1500000000, token_endpoint_auth_method="client_secret_post")


@case("other-loopback-port-refused", "healthy", "registration.loopback-port:info@registration/authorization-server")
def _(s, route, r, a):
    if route == "authorize" and "3000" not in r.query.get("redirect_uri", ""):
        return page("Invalid redirect", status=400)


# --- tokens in other shapes
@healthy("refresh-without-rotation-omits-the-token")
def _(s, route, r, a):
    if route == "token" and r.form.get("grant_type") == "refresh_token" and a.status == 200:
        value = a.json()
        s.refresh[r.form["refresh_token"]] = s.refresh.pop(value["refresh_token"])
        a.set(refresh_token=None)


@healthy("refresh-repeats-the-token")
def _(s, route, r, a):
    if route == "token" and r.form.get("grant_type") == "refresh_token" and a.status == 200:
        value = a.json()
        s.refresh[r.form["refresh_token"]] = s.refresh.pop(value["refresh_token"])
        a.set(refresh_token=r.form["refresh_token"])


@case("refresh-drops-the-token", "failed", "refresh.rotation:failure@refresh/authorization-server")
def _(s, route, r, a):
    if route == "token" and r.form.get("grant_type") == "refresh_token" and a.status == 200:
        s.refresh.pop(a.json()["refresh_token"])
        a.set(refresh_token=None)


@case("refresh-brings-the-same-access-token", "degraded", "refresh.same-token:warning@refresh")
def _(s, route, r, a):
    if route == "token" and a.status == 200:
        if r.form.get("grant_type") == "refresh_token":
            a.set(access_token=s.first)
        else:
            s.first = a.json()["access_token"]


@case("refresh-loses-scope", "degraded", "refresh.scope:warning@refresh")
def _(s, route, r, a):
    if route == "token" and r.form.get("grant_type") == "refresh_token" and a.status == 200:
        a.set(scope="mcp:read")


@case("refresh-error-inside-200", "failed", "refresh.access-token:failure@refresh/authorization-server")
def _(s, route, r, a):
    if route == "token" and r.form.get("grant_type") == "refresh_token":
        return Answer(200, {"error": "invalid_grant"})


@case("token-type-missing", "failed", "token.type:failure@token/authorization-server")
def _(s, route, r, a):
    if route == "token" and a.status == 200:
        a.set(token_type=None)


@case("tokens-cacheable", "degraded", "token.no-store:warning@token")
def _(s, route, r, a):
    if route == "token" and a.status == 200:
        a.without("Cache-Control")


@case("scope-narrowed", "degraded", "token.scope:warning@token")
def _(s, route, r, a):
    if route == "token" and r.form.get("grant_type") == "authorization_code" and a.status == 200:
        a.set(scope="mcp:read")


@case("token-answer-204", "failed", "token.status:failure@token")
def _(s, route, r, a):
    if route == "token":
        return Answer(204, b"", None)


@case("token-resets", "failed", "token.status:failure@token/authorization-server")
def _(s, route, r, a):
    if route == "token":
        return RESET


@case("token-hangs", "failed", "token.status:failure@token/authorization-server", timeout=2)
def _(s, route, r, a):
    if route == "token":
        return HANG


# --- MCP in other shapes
@case("session-lost-at-once", "failed", "mcp.status:failure@mcp/resource-server", "mcp.handshake:warning@mcp", says="Session not found")
def _(s, route, r, a):
    if route == "mcp" and r.bearer and a.status in (200, 202):
        if r.json.get("method") == "initialize":
            a.replace("Mcp-Session-Id", "abc123456")
        elif r.fields.get("Mcp-Session-Id"):
            return Answer(404, {"jsonrpc": "2.0", "id": r.json.get("id"), "error": {"code": -32001, "message": "Session not found"}})


@case("unauthorized-inside-200", "failed", "mcp.error:failure@mcp/resource-server", says="Unauthorized")
def _(s, route, r, a):
    if route == "mcp" and r.bearer:
        return Answer(200, {"jsonrpc": "2.0", "id": r.json.get("id"), "error": {"code": -32001, "message": "Unauthorized"}})


@case("mcp-empty-200", "failed", "mcp.body:failure@mcp/resource-server")
def _(s, route, r, a):
    if route == "mcp" and r.bearer:
        return Answer(200, b"", "application/json")


@case("mcp-406", "failed", "mcp.status:failure@mcp/resource-server", says="406")
def _(s, route, r, a):
    if route == "mcp" and r.bearer:
        return Answer(406, {"error": "Not Acceptable"})


@case("mcp-redirects-when-the-token-is-there", "failed", "mcp.status:failure@mcp/resource-server", says="307")
def _(s, route, r, a):
    if route == "mcp" and r.bearer:
        return Answer(307, b"", None, Location="/login")


@case("mcp-version-unknown", "failed", "mcp.version:failure@mcp")
def _(s, route, r, a):
    if route == "mcp" and a.status == 200 and "protocolVersion" in (a.json().get("result") or {}):
        a.set(result={**a.json()["result"], "protocolVersion": "DRAFT-2027"})


@case("initialized-400", "degraded", "mcp.handshake:warning@mcp")
def _(s, route, r, a):
    if route == "mcp" and a.status == 202:
        return Answer(400, {"error": "no"})


@case("no-tools", "degraded", "mcp.tools:warning@mcp")
def _(s, route, r, a):
    if route == "mcp" and a.status == 200 and "tools" in (a.json().get("result") or {}):
        a.set(result={"tools": []})


@healthy("mcp-json-without-content-type")
def _(s, route, r, a):
    if route == "mcp" and a.status == 200:
        a.kind = None


@healthy("mcp-large-tool-list-with-cursor")
def _(s, route, r, a):
    if route == "mcp" and a.status == 200 and "tools" in (a.json().get("result") or {}):
        a.set(result={"tools": [{"name": f"t{i}", "description": "x" * 900, "inputSchema": {}} for i in range(300)], "nextCursor": "2"})


@case("challenge-takes-eleven-seconds", "degraded", "latency.budget:warning@mcp", timeout=20)
def _(s, route, r, a):
    if route == "mcp" and not r.bearer and r.json.get("method") == "initialize" and s.count["mcp"] == 1:
        time.sleep(11)


@case("resource-server-refuses-the-audience", "failed", "mcp.status:failure@mcp/resource-server", says="audience")
def _(s, route, r, a):
    if route == "mcp" and r.bearer:
        return s.challenge("invalid_token").replace("WWW-Authenticate", 'Bearer error="invalid_token", error_description="The audience is invalid"')


# --- seen at servers that were tried by hand on 2026-11-25 (docs/strangers.md)
@case("former-transport-only", "inconclusive", "challenge.status:inconclusive@challenge/resource-server", says="HTTP+SSE of 2024-11-05")
def _(s, route, r, a):
    if route == "mcp":
        return s.challenge() if r.method == "GET" else Answer(405, "Method Not Allowed", "text/plain", Allow="GET")


@case("tokens-made-by-hand-only", "failed", "discovery.metadata:failure@registration", says="nothing tells clients where to log in")
def _(s, route, r, a):
    if route == "mcp":
        return Answer(401, {"error": "invalid_token"}, WWW_Authenticate="Bearer")
    return Answer(404, "Not Found", "text/plain")


@healthy("identities-as-avatars")
def _(s, route, r, a):
    if route == "authorize" and a.status == 200:
        session = list(s.logins)[-1]
        cards = "".join(
            f'<form method="post" action="/oauth/login"><input type="hidden" name="session" value="{session}">'
            f'<input type="hidden" name="username" value="{name}"><button><div>{name[:2].upper()}</div></button></form>'
            for name in ("bob", s.user, "carol"))
        return page("Sign in", cards, Cache_Control="no-store")
    if route == "login" and "password" not in r.form and r.form.get("username") == s.user:
        return s.back(s.logins[r.form["session"]])


def consent(name, deny, allow, lang):
    @healthy(f"consent-in-{name}")
    def _(s, route, r, a):
        if route == "login" and "decision" not in r.form and a.status == 302:
            body = (f'<form method="post" action="/oauth/login"><input type="hidden" name="session" value="{r.form["session"]}">'
                    f'<button name="decision" value="0">{deny}</button><button name="decision" value="1">{allow}</button></form>')
            return page(lang, body, Cache_Control="no-store")
        if r.form.get("decision") == "1":
            return s.back(s.logins[r.form["session"]])
        if r.form.get("decision") == "0":
            q = s.logins[r.form["session"]]
            return Answer(302, b"", None, Location=f'{q["redirect_uri"]}?error=access_denied&state={q["state"]}')


consent("japanese", "許可しない", "アクセスを許可する", "ja")
consent("chinese", "拒绝", "授权", "zh")
consent("korean", "취소", "동의하고 계속하기", "ko")
consent("german", "Ablehnen", "Zugriff erlauben", "de")
consent("polish", "Anuluj", "Zezwól", "pl")
consent("russian", "Отклонить", "Разрешить доступ", "ru")
consent("italian", "Annulla", "Autorizza", "it")
consent("portuguese", "Cancelar", "Permitir", "pt")


@case("account-locked", "failed", "authentication.rejected:failure@authentication", password="wrong", says="does not let")
def _(s, route, r, a):
    if route == "login":
        return s.form(r.form["session"], "Account locked: too many login attempts.")


@case("consent-that-nobody-can-give", "failed", "authorization.loop:failure@authentication", says="This field is required")
def _(s, route, r, a):
    if route == "login":
        again = "<p>This field is required.</p>" if "action" in r.form else ""
        return page("Authorize", f'{again}<form method="post" action="/oauth/login"><input type="hidden" name="session" value='
                    f'"{r.form["session"]}"><button name="action" value="grant">Authorize</button></form>')


@case("pushed-requests-only", "failed", "discovery.methods:warning@discovery", "authorization.page:failure@authorization", says="push no authorization requests")
def _(s, route, r, a):
    if route == "asm":
        a.set(require_pushed_authorization_requests=True, pushed_authorization_request_endpoint=s.base + "/oauth/par")
    if route == "authorize":
        return Answer(400, {"error": "invalid_request", "error_description": "Pushed authorization request required"})


@case("private-key-jwt-only", "failed", "discovery.methods:warning@discovery", "registration.status:failure@registration", says="private_key_jwt")
def _(s, route, r, a):
    if route == "asm":
        a.set(token_endpoint_auth_methods_supported=["private_key_jwt"])
    if route == "register":
        return Answer(400, {"error": "invalid_client_metadata", "error_description": "token_endpoint_auth_method must be private_key_jwt"})

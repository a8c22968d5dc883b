"""A small OAuth 2.1 and MCP server that shares no code with the lab, and is easy to bend."""

import base64, gzip, hashlib, html, json, secrets, socket, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit


class Answer:
    def __init__(self, status=200, body=b"", kind="application/json", **fields):
        self.status, self.kind = status, kind
        self.body = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
        self.fields = [(name.replace("_", "-"), value) for name, value in fields.items()]

    def json(self):
        return json.loads(self.body or b"null")

    def set(self, **members):
        """Changes members of a JSON body; None removes one."""
        value = self.json()
        for name, member in members.items():
            value.pop(name, None)
            if member is not None:
                value[name] = member
        self.body = json.dumps(value).encode()
        return self

    def without(self, field):
        self.fields = [(n, v) for n, v in self.fields if n.lower() != field.lower()]
        return self

    def field(self, name):
        return next((v for n, v in self.fields if n.lower() == name.lower()), None)

    def replace(self, name, value):
        self.without(name).fields.append((name, value))
        return self


def page(title, content="", status=200, **fields):
    text = f"<!doctype html><html><head><title>{html.escape(title)}</title></head><body>{content}</body></html>"
    return Answer(status, text, "text/html; charset=utf-8", **fields)


class Request:
    def __init__(self, handler, body):
        self.method, self.target, self.fields, self.body = handler.command, handler.path, handler.headers, body
        parts = urlsplit(handler.path)
        self.path, self.query = parts.path, dict(parse_qsl(parts.query, keep_blank_values=True))
        self.handler = handler

    @property
    def form(self):
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @property
    def json(self):
        try:
            return json.loads(self.body)
        except ValueError:
            return {}

    @property
    def bearer(self):
        scheme, _, token = (self.fields.get("Authorization") or "").partition(" ")
        return token if scheme.lower() == "bearer" else None


class Stranger:
    """Correct until `bend` changes its answers: bend(server, route, request, answer) gives the answer to send."""

    endpoint = "/mcp"
    scopes = ["mcp:tools", "mcp:read"]
    protocol = "HTTP/1.1"

    def __init__(self):
        self.lock = threading.Lock()
        self.clients, self.codes, self.access, self.refresh, self.logins = {}, {}, {}, {}, {}
        self.submissions = 0
        self.count = {}
        self.bends = []
        self.user, self.password = "testuser", "correct horse"

    # routes: name -> (methods, path)
    def routes(self):
        return {
            "prm": "/.well-known/oauth-protected-resource" + self.endpoint,
            "asm": "/.well-known/oauth-authorization-server",
            "register": "/oauth/register", "authorize": "/oauth/authorize", "login": "/oauth/login",
            "token": "/oauth/token", "revoke": "/oauth/revoke", "mcp": self.endpoint, "jwks": "/oauth/keys",
        }

    def start(self):
        stranger = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = stranger.protocol
            server_version, sys_version = "Stranger/1.0", ""

            def answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                request = Request(self, self.rfile.read(length))
                stranger.serve(self, request)

            do_GET = do_POST = do_DELETE = do_OPTIONS = do_PUT = answer

            def log_message(self, *args):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, address):
                pass

        self.http = Server(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.http.server_address[1]}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        return self

    def stop(self):
        self.http.shutdown()
        self.http.server_close()

    @property
    def url(self):
        return self.base + self.endpoint

    def serve(self, handler, request):
        routes = {path: name for name, path in self.routes().items()}
        name = routes.get(request.path)
        with self.lock:
            self.count[name] = self.count.get(name, 0) + 1
        answer = getattr(self, "on_" + name)(request) if name else Answer(404, {"error": "not_found"})
        for bend in self.bends:
            answer = bend(self, name, request, answer) or answer
        self.write(handler, request, answer)

    def write(self, handler, request, answer):
        if answer is HANG:
            time.sleep(60)
            return
        if answer is RESET:
            import struct
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.close_connection = True
            handler.connection.close()
            return
        if callable(answer):
            handler.close_connection = True
            return answer(handler)
        handler.send_response_only(answer.status)
        if answer.field("Server") is None:
            handler.send_header("Server", handler.server_version)
        handler.send_header("Date", handler.date_time_string(time.time() + (600 if getattr(answer, "skewed", False) else 0)))
        if answer.kind:
            handler.send_header("Content-Type", answer.kind)
        for field, value in answer.fields:
            handler.send_header(field, value)
        if answer.status != 204:
            handler.send_header("Content-Length", str(len(answer.body)))
        handler.end_headers()
        if handler.command != "HEAD" and answer.status != 204:
            handler.wfile.write(answer.body)

    # --- what a correct server says
    @property
    def issuer(self):
        return self.base

    def on_prm(self, r):
        return Answer(body={
            "resource": self.url, "authorization_servers": [self.issuer], "scopes_supported": self.scopes,
            "bearer_methods_supported": ["header"]})

    def on_asm(self, r):
        return Answer(body={
            "issuer": self.issuer, "authorization_endpoint": self.base + "/oauth/authorize",
            "token_endpoint": self.base + "/oauth/token", "registration_endpoint": self.base + "/oauth/register",
            "revocation_endpoint": self.base + "/oauth/revoke", "scopes_supported": self.scopes,
            "response_types_supported": ["code"], "grant_types_supported": ["authorization_code", "refresh_token"],
            "token_endpoint_auth_methods_supported": ["none", "client_secret_post", "client_secret_basic"],
            "code_challenge_methods_supported": ["S256"]})

    def on_register(self, r):
        client = dict(r.json)
        client["client_id"] = "c-" + secrets.token_hex(8)
        self.clients[client["client_id"]] = client
        return Answer(201, client, Cache_Control="no-store")

    def form(self, session, message=""):
        return page("Log in", f"""<p>{message}</p><form method="post" action="/oauth/login">
            <input type="hidden" name="session" value="{session}"><label>Name <input name="username"></label>
            <label>Password <input type="password" name="password"></label><button>Log in</button></form>""",
            Cache_Control="no-store", X_Frame_Options="DENY", Referrer_Policy="no-referrer")

    def on_authorize(self, r):
        client = self.clients.get(r.query.get("client_id"))
        if not client:
            return page("Error", "invalid_request: Invalid client_id", 400)
        if not any(without_port(u) == without_port(r.query.get("redirect_uri", "")) for u in client["redirect_uris"]):
            return page("Error", "Invalid redirect_uri", 400)
        session = secrets.token_hex(12)
        self.logins[session] = r.query
        return self.form(session)

    def on_login(self, r):
        query = self.logins.get(r.form.get("session"))
        if query is None:
            return page("Expired", "Start again", 400)
        if "password" in r.form:
            self.submissions += 1
        if r.form.get("username") != self.user or r.form.get("password") != self.password:
            return self.form(r.form["session"], "Wrong name or password")
        return self.back(query)

    def back(self, query, status=302, **more):
        code = secrets.token_urlsafe(24)
        self.codes[code] = query
        pairs = {"code": code, "state": query.get("state", ""), **more}
        return Answer(status, b"", None, Location=query["redirect_uri"] + "?" + urlencode(pairs), Cache_Control="no-store")

    def tokens(self, scope, client):
        access, refresh = self.new_token(scope), secrets.token_urlsafe(32)
        self.access[access] = {"scope": scope, "client": client}
        self.refresh[refresh] = {"scope": scope, "client": client}
        return Answer(200, {
            "access_token": access, "token_type": "Bearer", "expires_in": 3600, "refresh_token": refresh,
            "scope": scope}, Cache_Control="no-store")

    def new_token(self, scope):
        return secrets.token_urlsafe(32)

    def on_token(self, r):
        form = r.form
        if form.get("grant_type") == "authorization_code":
            query = self.codes.pop(form.get("code"), None)
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            if not query or query.get("code_challenge") != challenge:
                return Answer(400, {"error": "invalid_grant"}, Cache_Control="no-store")
            return self.tokens(query.get("scope", " ".join(self.scopes)), query["client_id"])
        if form.get("grant_type") == "refresh_token":
            old = self.refresh.pop(form.get("refresh_token"), None)
            if not old:
                return Answer(400, {"error": "invalid_grant"}, Cache_Control="no-store")
            return self.tokens(old["scope"], old["client"])
        return Answer(400, {"error": "unsupported_grant_type"})

    def on_revoke(self, r):
        self.access.pop(r.form.get("token"), None)
        self.refresh.pop(r.form.get("token"), None)
        return Answer(200, b"", None)

    def on_jwks(self, r):
        return Answer(body={"keys": []})

    def challenge(self, error=None):
        parts = [f'resource_metadata="{self.base}{self.routes()["prm"]}"', f'scope="{" ".join(self.scopes)}"']
        if error:
            parts.insert(0, f'error="{error}"')
        return Answer(401, {"error": error or "unauthorized"}, WWW_Authenticate="Bearer " + ", ".join(parts))

    def on_mcp(self, r):
        if r.method == "OPTIONS":
            return Answer(204, b"", None, Access_Control_Allow_Origin="*", Access_Control_Allow_Headers="authorization, *")
        if r.bearer is None:
            return self.challenge()
        if r.bearer not in self.access:
            return self.challenge("invalid_token")
        return self.message(r)

    def message(self, r):
        m = r.json
        if "id" not in m:
            return Answer(202, b"", None)
        results = {
            "initialize": {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}},
                           "serverInfo": {"name": "stranger", "version": "1"}},
            "tools/list": {"tools": [{"name": "echo", "inputSchema": {"type": "object"}}]},
            "ping": {},
        }
        if m.get("method") in results:
            return Answer(body={"jsonrpc": "2.0", "id": m["id"], "result": results[m["method"]]})
        if m.get("method") == "tools/call":
            name = (m.get("params") or {}).get("name")
            if name != "echo":
                return Answer(body={"jsonrpc": "2.0", "id": m["id"], "error": {
                    "code": -32602, "message": f"Unknown tool: {name}"}})
            return Answer(body={"jsonrpc": "2.0", "id": m["id"], "result": {"content": [{"type": "text", "text": "hi"}]}})
        return Answer(body={"jsonrpc": "2.0", "id": m["id"], "error": {"code": -32601, "message": "Method not found"}})


HANG, RESET = object(), object()


def without_port(uri):
    parts = urlsplit(uri)
    loopback = parts.hostname in ("localhost", "127.0.0.1", "::1")
    return (parts.scheme, parts.hostname, None if loopback else parts.port, parts.path)


def b64(value):
    raw = json.dumps(value).encode() if not isinstance(value, bytes) else value
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def event_stream(*events):
    return "".join(events)

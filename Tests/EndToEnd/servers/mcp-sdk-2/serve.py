"""The official SDK's own server, which speaks MCP with and without handshake, behind its OAuth routes and a login page of ours."""

import argparse
import os
import secrets
import socket
import time

import uvicorn
from mcp.server.auth.provider import AccessToken, AuthorizationCode, RefreshToken, construct_redirect_uri
from mcp.server.auth.settings import AuthSettings, ClientRegistrationOptions, RevocationOptions
from mcp.server.mcpserver import MCPServer
from starlette.responses import HTMLResponse, RedirectResponse

SCOPE = "pantry"
PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Sign in</title></head><body>{said}
<form action="/login" method="post"><input type="hidden" name="ticket" value="{ticket}">
<input name="username" autocomplete="username"><input name="password" type="password" autocomplete="current-password">
<button>Sign in</button></form></body></html>"""


class Provider:
    """Keeps all in memory. A client may ask for what it registered, no more: the SDK's own rule."""

    def __init__(self, origin):
        self.origin = origin
        self.clients, self.tickets, self.codes, self.access, self.refresh = {}, {}, {}, {}, {}

    async def get_client(self, client_id):
        return self.clients.get(client_id)

    async def register_client(self, client):
        self.clients[client.client_id] = client

    async def authorize(self, client, parameters):
        ticket = secrets.token_urlsafe(24)
        self.tickets[ticket] = client, parameters
        return f"{self.origin}/login?ticket={ticket}"

    async def login(self, request):
        if request.method == "GET":
            return HTMLResponse(PAGE.format(said="", ticket=request.query_params["ticket"]))
        form = await request.form()
        if (form["username"], form["password"]) != ("testuser", os.environ["TEST_PASSWORD"]):
            return HTMLResponse(PAGE.format(said="<p>No.</p>", ticket=form["ticket"]), 401)
        client, asked = self.tickets.pop(form["ticket"])
        code = AuthorizationCode(
            code=secrets.token_urlsafe(24), scopes=asked.scopes or [SCOPE], expires_at=time.time() + 60, client_id=client.client_id,
            code_challenge=asked.code_challenge, redirect_uri=asked.redirect_uri,
            redirect_uri_provided_explicitly=asked.redirect_uri_provided_explicitly, resource=asked.resource, subject="testuser",
        )
        self.codes[code.code] = code
        target = construct_redirect_uri(str(asked.redirect_uri), code=code.code, state=asked.state, iss=self.origin)
        return RedirectResponse(target, 302, {"Cache-Control": "no-store"})

    async def load_authorization_code(self, client, code):
        return self.codes.get(code)

    async def exchange_authorization_code(self, client, code):
        del self.codes[code.code]
        return self.issue(client, code.scopes, code.resource)

    async def load_refresh_token(self, client, token):
        return self.refresh.get(token)

    async def exchange_refresh_token(self, client, token, scopes):
        del self.refresh[token.token]
        return self.issue(client, scopes or token.scopes, token.resource)

    async def load_access_token(self, token):
        return self.access.get(token)

    async def revoke_token(self, token):
        self.access.pop(token.token, None)
        self.refresh.pop(token.token, None)

    def issue(self, client, scopes, resource):
        from mcp.shared.auth import OAuthToken

        access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        common = {"client_id": client.client_id, "scopes": scopes, "resource": resource, "subject": "testuser"}
        self.access[access] = AccessToken(token=access, expires_at=int(time.time()) + 3600, **common)
        self.refresh[refresh] = RefreshToken(token=refresh, **common)
        return OAuthToken(access_token=access, refresh_token=refresh, expires_in=3600, scope=" ".join(scopes))


def application(origin):
    provider = Provider(origin)
    server = MCPServer(
        "watched", auth_server_provider=provider,
        auth=AuthSettings(
            issuer_url=origin, resource_server_url=f"{origin}/mcp", required_scopes=[SCOPE], validate_token_resource=True,
            client_registration_options=ClientRegistrationOptions(enabled=True, valid_scopes=[SCOPE]),
            revocation_options=RevocationOptions(enabled=True),
        ),
    )

    @server.tool()
    def count_jars() -> int:
        """How many jars stand in the pantry."""
        return 12

    server.custom_route("/login", methods=["GET", "POST"])(provider.login)
    return server.streamable_http_app(host="127.0.0.1")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--origin", help="the public origin, when a proxy stands in front")
    options = arguments.parse_args()
    listener = socket.create_server(("127.0.0.1", options.port))
    origin = options.origin or f"http://127.0.0.1:{options.port}"
    server = uvicorn.Server(uvicorn.Config(application(origin), log_level="warning"))
    print("READY", flush=True)
    server.run(sockets=[listener])


if __name__ == "__main__":
    main()

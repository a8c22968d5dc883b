"""A FastMCP server behind its own in-memory OAuth provider. Nobody is asked for a password: every login is approved."""

import argparse
import socket

import uvicorn
from fastmcp import FastMCP
from fastmcp.server.auth.auth import ClientRegistrationOptions, RevocationOptions
from fastmcp.server.auth.providers.in_memory import InMemoryOAuthProvider

SCOPE = "pantry"


def application(origin: str):
    """The ASGI application: the MCP endpoint `/mcp` and the authorization server at the root."""
    provider = InMemoryOAuthProvider(
        base_url=origin,
        client_registration_options=ClientRegistrationOptions(enabled=True, valid_scopes=[SCOPE], default_scopes=[SCOPE]),
        revocation_options=RevocationOptions(enabled=True),
        required_scopes=[SCOPE],
    )
    server = FastMCP("watched", auth=provider)

    @server.tool
    def count_jars() -> int:
        """How many jars stand in the pantry."""
        return 12

    return server.http_app(path="/mcp")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--origin", help="the public origin, when a proxy stands in front")
    options = arguments.parse_args()
    listener = socket.create_server(("127.0.0.1", options.port))
    origin = options.origin or f"http://127.0.0.1:{options.port}"
    server = uvicorn.Server(uvicorn.Config(application(origin), log_level="warning"))
    print("READY", flush=True)  # the kernel queues connections from here on
    server.run(sockets=[listener])


if __name__ == "__main__":
    main()

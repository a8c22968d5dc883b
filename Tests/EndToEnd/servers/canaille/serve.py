"""Canaille, an identity provider of its own making: user name and password on two pages, then consent. No MCP: its userinfo stands for it."""

import argparse
import os
import secrets
import socket

from canaille import create_app
from werkzeug.serving import make_server


def application(origin):
    """The application with one user, and registration open for all."""
    host = origin.split("://")[1]
    app = create_app(
        config={
            "SECRET_KEY": secrets.token_hex(32), "SERVER_NAME": host, "PREFERRED_URL_SCHEME": "http", "DATABASE": "memory",
            "CANAILLE": {"LOGGING": None, "ENABLE_INTRUDER_LOCKOUT": False},
            "CANAILLE_OIDC": {"DYNAMIC_CLIENT_REGISTRATION_OPEN": True, "REQUIRE_NONCE": False},
        },
        env_file="",
    )
    with app.app_context():
        from canaille.app import models
        from canaille.backends import Backend

        user = models.User(
            user_name="testuser", formatted_name="Test User", family_name="User", emails=["test@example.com"],
            password=os.environ["TEST_PASSWORD"])
        Backend.instance.save(user)
    return app


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--origin", help="the public origin, when a proxy stands in front")
    options = arguments.parse_args()
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # loopback
    listener = socket.create_server(("127.0.0.1", options.port))
    origin = options.origin or f"http://127.0.0.1:{options.port}"
    server = make_server("127.0.0.1", options.port, application(origin), threaded=True, fd=listener.fileno())
    print("READY", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()

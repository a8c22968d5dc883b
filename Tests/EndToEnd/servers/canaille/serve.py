"""Canaille, an identity provider of its own making: user name and password on two pages, then consent. No MCP: its userinfo stands for it."""

import os
import secrets
import sys

from canaille import create_app

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import wsgi  # noqa: E402


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


if __name__ == "__main__":
    wsgi.serve(__doc__, application)

"""Django OAuth Toolkit with its stock registration, metadata and consent views, Django's stock login page, and a small MCP
endpoint behind its token check. The authorization server lives under `/o`, so its issuer has a path."""

import argparse
import os
import sys
import tempfile

import django
from django.conf import settings

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import django_site  # noqa: E402

SCOPES = {"read": "Read the pantry", "write": "Fill the pantry"}
USERS = ("testuser", "testuser2")


def configure(origin: str, directory: str, compliant: bool = False) -> None:
    """Sets Django up with a database in `directory`; everything that is not named here is the default."""
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    settings.configure(
        **django_site.settings(directory),
        ROOT_URLCONF="site_urls",
        INSTALLED_APPS=[
            "django.contrib.admin",  # for its login page
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
            "oauth2_provider",
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        TIME_ZONE="UTC",
        USE_TZ=True,
        OAUTH2_PROVIDER={
            "SCOPES": SCOPES,
            "DEFAULT_SCOPES": ["read"],
            "OIDC_ISS_ENDPOINT": f"{origin}/o",
            "DCR_ENABLED": True,
            "DCR_REGISTRATION_PERMISSION_CLASSES": ("oauth2_provider.dcr.AllowAllDCRPermission",),
            "OAUTH2_PROTECTED_RESOURCE_IDENTIFIER": f"{origin}/mcp",
            "COMPLIANT_BCP_RFC9700_PKCE_METHOD": compliant,
            "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": compliant,
        },
    )
    django.setup()


def fill(password: str) -> None:
    """Creates the tables and the test users."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    for name in USERS:
        get_user_model().objects.create_user(name, password=password)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--origin", help="the public origin, when a proxy stands in front")
    arguments.add_argument("--compliant", action="store_true", help="refuse plain PKCE and tokens in the query")
    options = arguments.parse_args()
    origin = options.origin or f"http://127.0.0.1:{options.port}"
    with tempfile.TemporaryDirectory(prefix="django-oauth-toolkit-") as directory:
        configure(origin, directory, options.compliant)
        fill(os.environ.get("TEST_PASSWORD", "testpass"))  # not an argument: those are there for all to read
        from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
        from django.core.wsgi import get_wsgi_application

        server = ThreadedWSGIServer(("127.0.0.1", options.port), WSGIRequestHandler)
        server.set_app(get_wsgi_application())
        print("READY", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()

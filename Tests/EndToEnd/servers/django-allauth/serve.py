"""django-allauth's identity provider: stock login page and consent, behind django-axes' lock-out. No MCP server; its
`/userinfo` is what the token opens."""

import argparse
import os
import sys
import tempfile

import django
from django.conf import settings
from django.urls import include, path

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import django_site  # noqa: E402

ROOM_FOR_GUARDS = "60/m/ip"  # the default lets three clients a minute register


def configure(directory: str, format: str, is_limited: bool) -> None:
    """Sets Django up with a database in `directory`; everything that is not named here is the default."""
    settings.configure(
        **django_site.settings(directory),
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=[
            "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages",
            "allauth", "allauth.account", "allauth.mfa", "allauth.usersessions", "allauth.idp.oidc", "axes",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.locale.LocaleMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
            "allauth.account.middleware.AccountMiddleware",
            "axes.middleware.AxesMiddleware",
        ],
        AUTHENTICATION_BACKENDS=[
            "axes.backends.AxesStandaloneBackend", "allauth.account.auth_backends.AuthenticationBackend",
        ],
        ACCOUNT_EMAIL_VERIFICATION="none",
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        IDP_OIDC_PRIVATE_KEY=django_site.key(),
        IDP_OIDC_ACCESS_TOKEN_FORMAT=format,
        IDP_OIDC_DCR_ENABLED=True,
        IDP_OIDC_DCR_REQUIRES_INITIAL_ACCESS_TOKEN=False,
        IDP_OIDC_RATE_LIMITS={} if is_limited else {"client_registration": ROOM_FOR_GUARDS},
    )
    django.setup()


urlpatterns = []  # the routes need Django to be set up


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    global urlpatterns
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--origin", help="ignored: it believes the Host field")
    arguments.add_argument("--format", default="opaque", choices=["opaque", "jwt"], help="of access tokens")
    arguments.add_argument("--limited", action="store_true", help="with the default limit on registrations")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="oauthwatch-allauth-") as directory:
        configure(directory, options.format, options.limited)
        urlpatterns += [path("accounts/", include("allauth.urls")), path("", include("allauth.idp.urls"))]
        from django.contrib.auth.models import User
        from django.core.management import call_command
        from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
        from django.core.wsgi import get_wsgi_application

        call_command("migrate", verbosity=0)
        for name in ("testuser", "testuser2"):
            User.objects.create_user(name, f"{name}@example.test", os.environ["TEST_PASSWORD"])
        server = ThreadedWSGIServer(("127.0.0.1", options.port), WSGIRequestHandler)
        server.set_app(get_wsgi_application())
        print("READY", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())

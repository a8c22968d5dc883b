"""django-mcp-oauth, an authorization server for MCP as it comes: its metadata, registration, consent and JWT tokens, Django's
stock login page (in German where asked), and a small MCP endpoint behind its token check."""

import argparse
import json
import os
import sys
import tempfile

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # plain http on loopback

import django
from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import django_site  # noqa: E402


def configure(directory: str, origin: str, language: str, lifetime: int, grace: int) -> None:
    """Sets Django up with a database in `directory`; everything that is not named here is the default."""
    settings.configure(
        **django_site.settings(directory),
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=[
            "django.contrib.admin",  # for its login page
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django_mcp_oauth",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        LANGUAGE_CODE=language,
        LOGIN_URL="/admin/login/",
        MCP_OAUTH_ISSUER=origin,
        MCP_RESOURCE_URL=f"{origin}/mcp",
        MCP_OAUTH_PRIVATE_KEY=django_site.key(),
        MCP_OAUTH_ACCESS_TOKEN_TTL=lifetime,
        MCP_OAUTH_REFRESH_GRACE=grace,
    )
    django.setup()


@csrf_exempt
def mcp(request):
    from django_mcp_oauth.resource import user_from_bearer, www_authenticate
    from django_mcp_oauth.validation import TokenError

    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        if not token:
            return JsonResponse({}, status=401, headers={"WWW-Authenticate": www_authenticate(include_error=False)})
        if scheme != "Bearer":
            raise TokenError("invalid_request", "not a bearer token")
        user_from_bearer(token)
    except TokenError as error:
        challenge = www_authenticate(error.error, error.description)
        return JsonResponse({"error": error.error}, status=401, headers={"WWW-Authenticate": challenge})
    if request.method != "POST":
        return HttpResponse(status=405)
    message = json.loads(request.body)
    if "id" not in message:
        return HttpResponse(status=202)
    answers = {
        "initialize": {
            "protocolVersion": "2025-11-25", "capabilities": {"tools": {}}, "serverInfo": {"name": "pantry", "version": "1"},
        },
        "tools/list": {"tools": [{"name": "count_jars", "inputSchema": {"type": "object"}}]},
    }
    known = message.get("method") in answers
    part = {"result": answers[message["method"]]} if known else {"error": {"code": -32601, "message": "unknown method"}}
    return JsonResponse({"jsonrpc": "2.0", "id": message["id"], **part})


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--origin", required=True)
    arguments.add_argument("--language", default="de")
    arguments.add_argument("--lifetime", type=int, default=3600, metavar="SECONDS", help="of access tokens")
    arguments.add_argument("--grace", type=int, default=60, metavar="SECONDS", help="of used refresh tokens")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="oauthwatch-django-mcp-oauth-") as directory:
        configure(directory, options.origin, options.language, options.lifetime, options.grace)
        global urlpatterns
        from django.contrib import admin
        from django.contrib.auth.models import User
        from django.core.management import call_command
        from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
        from django.core.wsgi import get_wsgi_application
        from django_mcp_oauth.urls import oauth_urlpatterns, wellknown_urlpatterns

        urlpatterns = wellknown_urlpatterns + oauth_urlpatterns + [path("admin/", admin.site.urls), path("mcp", mcp)]
        call_command("migrate", verbosity=0)
        for name in ("testuser", "testuser2"):
            User.objects.create_superuser(name, f"{name}@example.test", os.environ["TEST_PASSWORD"])
        server = ThreadedWSGIServer(("127.0.0.1", options.port), WSGIRequestHandler)
        server.set_app(get_wsgi_application())
        print("READY", flush=True)
        server.serve_forever()


urlpatterns = []

if __name__ == "__main__":
    sys.exit(main())

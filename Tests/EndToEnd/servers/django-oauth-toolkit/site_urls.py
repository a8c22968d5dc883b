"""The addresses of the site: the toolkit under `/o`, its metadata at the root too, a login page and the MCP endpoint."""

from django.contrib import admin
from django.contrib.auth.views import LoginView
from django.urls import include, path
from oauth2_provider import urls as toolkit

from mcp_endpoint import MCPEndpoint

urlpatterns = [
    path("", include((toolkit.metadata_urlpatterns, "well_known"))),
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    path("accounts/login/", LoginView.as_view(template_name="admin/login.html")),
    path("admin/", admin.site.urls),
    path("mcp", MCPEndpoint.as_view()),
]

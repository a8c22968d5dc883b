"""A small MCP endpoint over Streamable HTTP, JSON answers only, behind the toolkit's own token check."""

import json

from django.http import HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.views.generic import ScopedProtectedResourceMetadataView

VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26")
TOOLS = [{"name": "count_jars", "description": "How many jars stand in the pantry.", "inputSchema": {"type": "object"}}]


@method_decorator(csrf_exempt, name="dispatch")
class MCPEndpoint(ScopedProtectedResourceMetadataView):
    """Answers `initialize`, `tools/list` and `tools/call`; anything without a valid token gets the toolkit's 401."""

    required_scopes = ["read"]

    def get_resource_metadata_url(self, request):
        return request.build_absolute_uri("/.well-known/oauth-protected-resource/mcp")

    def post(self, request):
        try:
            message = json.loads(request.body)
            method, identifier = message["method"], message.get("id")
        except (ValueError, TypeError, KeyError):
            return JsonResponse(error(None, -32700, "not a JSON-RPC message"), status=400)
        if identifier is None:
            return HttpResponse(status=202)
        answers = {"initialize": self.initialize, "tools/list": self.list_tools, "tools/call": self.call_tool}
        if method not in answers:
            return JsonResponse(error(identifier, -32601, f"unknown method {method}"))
        return JsonResponse({"jsonrpc": "2.0", "id": identifier, "result": answers[method](message.get("params") or {})})

    def initialize(self, params):
        asked = params.get("protocolVersion")
        return {
            "protocolVersion": asked if asked in VERSIONS else VERSIONS[0],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "django-pantry", "version": "1"},
        }

    def list_tools(self, params):
        return {"tools": TOOLS}

    def call_tool(self, params):
        return {"content": [{"type": "text", "text": "12"}]}


def error(identifier, code, message):
    return {"jsonrpc": "2.0", "id": identifier, "error": {"code": code, "message": message}}

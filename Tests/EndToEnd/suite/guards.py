"""Deliberate wrong requests to servers that nobody here wrote: what is red there, and nothing else.

Each red below was verified by hand; docs/guards.md says why it is one.
"""

from .checker import trace, workspace
from .login import PACKAGED, each
from .servers import PackagedServer

# Guards that find something above an info, by severity.
EXPECTED = {
    "fastmcp": {"mcp.other-audience": "warning", "register.bad-redirect": "insecure"},
    "django-oauth-toolkit": {
        "authorize.plain-pkce": "insecure", "mcp.query-token": "insecure", "token.password-grant": "warning",
    },
    "oidc-provider-mock": {
        "authorize.no-pkce": "insecure", "authorize.plain-pkce": "insecure", "token.wrong-verifier": "insecure",
        "token.no-verifier": "insecure", "refresh.replay": "insecure", "register.bad-redirect": "insecure",
    },
    "mcp-sdk-2": {"register.bad-redirect": "insecure"},
    "authlib": {"authorize.no-pkce": "insecure", "authorize.plain-pkce": "insecure", "mcp.other-audience": "warning"},
    "canaille": {
        "authorize.no-pkce": "insecure", "authorize.plain-pkce": "insecure", "token.other-client": "insecure",
    },
    "django-allauth": {
        "authorize.plain-pkce": "insecure", "authorize.redirect-prefix": "insecure", "register.bad-redirect": "insecure",
    },
    "django-mcp-oauth": {
        "authorize.no-pkce": "insecure", "authorize.plain-pkce": "insecure", "mcp.other-audience": "warning",
        "refresh.replay": "insecure",
    },
    "nanoidp": {},
}


def real_servers(report):
    """All guards at the servers from PyPI: exactly the known weaknesses are red."""
    for name in EXPECTED:
        each(report, name, lambda: judge(report, name, EXPECTED[name]))
    each(report, "compliant django-oauth-toolkit", lambda: compliant(report))


def compliant(report):
    """With its settings for RFC 9700 on, two of the weaknesses are gone."""
    gone = ("authorize.plain-pkce", "mcp.query-token")
    expected = {guard: severity for guard, severity in EXPECTED["django-oauth-toolkit"].items() if guard not in gone}
    judge(report, "django-oauth-toolkit", expected, "compliant ", options=("--compliant",))


def judge(report, name, expected, manner="", options=()):
    path, flow = PACKAGED[name]
    with PackagedServer(name, options=options) as server, workspace() as folder:
        url = server.origin + path
        result = trace(report.build, url, folder, *flow, "--guards", "all", limit=150)
        found = {f["check"]: f["severity"] for f in result.findings if f["step"] == "guard" and f["severity"] != "info"}
        title = f"{manner}{name}"
        report.equal(f"{title}: exactly the known guards find something", found, expected, result)
        report.check(f"{title}: nothing failed", all(f["severity"] != "failure" for f in result.findings), result)
        insecure = "insecure" in expected.values()
        report.equal(f"{title}: exit code", result.code, 2 if insecure else 0, result)
        safe = trace(report.build, url, folder, *flow, name="safe.json")
        report.check(f"{title}: the harmless guards alone cry no wolf", safe.code == 0, safe)

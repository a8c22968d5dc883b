"""One-shot flows against the lab and against servers that nobody here wrote."""

import subprocess
import sys

from .checker import against_schema, trace, workspace
from .environments import HERE
from .recorder import Recorder
from .report import Skip
from .servers import Lab, PackagedServer, free_port

# Endpoint path and further options of `oauthwatch trace` for each server.
PACKAGED = {
    "fastmcp": ("/mcp", []),
    "django-oauth-toolkit": ("/mcp", []),
    "oidc-provider-mock": ("", ["--api-url", "userinfo"]),
    "mcp-sdk-2": ("/mcp", []),
    "authlib": ("/mcp", []),
    "canaille": ("", ["--api-url", "userinfo"]),
    "django-allauth": ("", ["--api-url", "userinfo"]),
    "django-mcp-oauth": ("/mcp", []),
    "nanoidp": ("", ["--api-url", "userinfo"]),
}
# Those that the hand-made client can log in to.
BY_HAND = ("fastmcp", "django-oauth-toolkit", "oidc-provider-mock")
LAB_VARIETIES = (
    [], ["two-page-login"], ["consent-page"], ["identity-button"], ["auto-approve"], ["sse"], ["no-prm"], ["path-issuer"],
    ["session-required"], ["decoy-forms"], ["gzip", "chunked"],
)


def servers_work(report):
    """The test servers from PyPI let a hand-made client in."""
    for name in BY_HAND:
        each(report, name, lambda: by_hand(report, name))


def by_hand(report, name):
    with PackagedServer(name) as server:
        answer = subprocess.run(
            [sys.executable, f"{HERE}/handmade_client.py", name, server.origin], capture_output=True, text=True, timeout=120
        )
        report.check(f"{name}: the hand-made client gets through", answer.returncode == 0, answer.stderr)


def flows_are_green(report):
    """A correct server is found healthy or degraded, exit 0, and JSON and trace are valid."""
    for faults in LAB_VARIETIES:
        with Lab(report.build, faults=faults) as lab:
            user = "alice" if "identity-button" in faults else "testuser"
            judge(report, f"lab {' '.join(faults)}".strip(), lab.origin, username=user)
    for name, (path, options) in PACKAGED.items():
        each(report, name, lambda: packaged_is_green(report, name, path, options))


def packaged_is_green(report, name, path, options):
    with PackagedServer(name) as server:
        judge(report, name, server.origin + path, *options)
        if path:
            judge(report, f"{name}, as two clients", server.origin + path, *options, "--persona", "inspector", "--persona", "claude")


def judge(report, name, url, *options, username="testuser"):
    with workspace() as folder:
        result = trace(report.build, url, folder, *options, username=username)
        report.equal(f"{name}: exit code", result.code, 0, result)
        report.check(f"{name}: healthy or degraded", result.verdict in ("healthy", "degraded"), result)
        report.equal(f"{name}: no step failed", failed_steps(result), [], result)
        valid(report, name, result, folder)


def failed_steps(result):
    return [step["step"] for step in (result.json or {}).get("steps", []) if step["outcome"] not in ("passed", "skipped")]


def valid(report, name, result, folder):
    """JSON on stdout and the trace file fit their schemas and agree."""
    printed = f"{folder}/stdout.json"
    with open(printed, "w", encoding="utf-8") as file:
        file.write(result.stdout)
    report.equal(f"{name}: the printed result fits its schema", against_schema("result.schema.json", [printed]), "")
    report.equal(f"{name}: the trace fits its schema", against_schema("trace.schema.json", [result.trace_path]), "")
    report.equal(f"{name}: result and trace tell the same verdict", result.trace["verdict"], result.verdict)


def wrong_password(report):
    """A wrong password is `failed` at `authentication`, exit 1, after exactly one submission."""
    with Lab(report.build) as lab:
        rejected(report, "lab", lab.origin)
        report.equal("lab: it saw one password", lab.stats["password_submissions"], 1)
    each(report, "django-oauth-toolkit", lambda: rejected_by_django(report))
    for name in ("mcp-sdk-2", "authlib", "canaille", "django-allauth", "django-mcp-oauth", "nanoidp"):
        each(report, name, lambda: rejected_by(report, name))


def rejected_by(report, name):
    path, options = PACKAGED[name]
    with PackagedServer(name) as server:
        rejected(report, name, server.origin + path, *options)


def rejected_by_django(report):
    with recorded("django-oauth-toolkit") as (server, recorder):
        rejected(report, "django-oauth-toolkit", recorder.origin + "/mcp")
        report.equal("django-oauth-toolkit: it was sent one password", recorder.sent.count(b"password="), 1)


def told_apart(report):
    """What keeps a flow from its end is called by its name: a second factor, a limit, refresh tokens that end unreplaced."""
    each(report, "nanoidp", lambda: nanoidp_tells(report))
    each(report, "django-allauth", lambda: allauth_tells(report))
    each(report, "django-mcp-oauth", lambda: unreplaced(report))


def nanoidp_tells(report):
    path, options = PACKAGED["nanoidp"]
    with PackagedServer("nanoidp", options=["--personas"]) as server:
        judge(report, "nanoidp with a button for each user", server.origin + path, *options, username="Jürgen Müller")
    with PackagedServer("nanoidp", options=["--second-factor"]) as server:
        inconclusive(report, "nanoidp with a second factor", "second factor", server.origin + path, *options)


def allauth_tells(report):
    path, options = PACKAGED["django-allauth"]
    with PackagedServer("django-allauth", options=["--format", "jwt"]) as server:
        judge(report, "django-allauth with signed tokens", server.origin + path, *options)
    with PackagedServer("django-allauth", options=["--limited"]) as server, workspace() as folder:
        for _ in range(3):  # as many clients as it takes within a minute
            trace(report.build, server.origin + path, folder, *options, "--guards", "none")
        inconclusive(report, "django-allauth at its limit", "429", server.origin + path, *options)


def unreplaced(report):
    path, options = PACKAGED["django-mcp-oauth"]
    with PackagedServer("django-mcp-oauth", options=["--grace", "0"]) as server, workspace() as folder:
        result = trace(report.build, server.origin + path, folder, *options)
        report.equal("django-mcp-oauth without grace: exit code", result.code, 1, result)
        report.check("django-mcp-oauth without grace: it says refresh.rotation", "refresh.rotation" in result.checks, result)


def inconclusive(report, name, word, url, *options):
    with workspace() as folder:
        result = trace(report.build, url, folder, *options)
        report.equal(f"{name}: exit code", result.code, 4, result)
        messages = [f["message"] for f in result.findings if f["severity"] == "inconclusive"]
        report.check(f"{name}: it says “{word}”", any(word in message for message in messages), result)


class recorded:
    """A server from PyPI behind a recorder, which is its public origin."""

    def __init__(self, name, **options):
        self.recorder = Recorder(port := free_port())
        self.server = PackagedServer(name, port=port, origin=self.recorder.origin, **options)

    def __enter__(self):
        return self.server, self.recorder

    def __exit__(self, *_):
        self.server.__exit__()
        self.recorder.close()


def rejected(report, name, url, *options):
    with workspace() as folder:
        result = trace(report.build, url, folder, *options, password="not the password")
        report.equal(f"{name}: exit code", result.code, 1, result)
        report.equal(f"{name}: verdict", result.verdict, "failed", result)
        report.equal(f"{name}: authentication failed", result.outcome("authentication"), "failed", result)
        report.check(f"{name}: it says authentication.rejected", "authentication.rejected" in result.checks, result)
        valid(report, name, result, folder)


def each(report, name, part):
    """Runs a part of a part; a server that cannot be had skips only itself."""
    try:
        part()
    except Skip as reason:
        report.skip(f"{name}: {reason}")

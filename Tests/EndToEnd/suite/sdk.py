"""The official MCP Python SDK as the reference client: what it sends and what we send, request by request."""

import json
import re
import subprocess
import urllib.parse

from .checker import clean_environment, password_file, workspace
from .environments import HERE, environment
from .recorder import Recorder
from .report import Skip
from .servers import Lab

TABLE = f"{HERE}/sdk/differences.md"
SDKS = {"1.30.0": "mcp-sdk-1", "2.3.0": "mcp-sdk-2"}
# Varieties of the lab that change what a client sends, and the mode of SDK 2.x; 1.x knows the handshake only. The lab
# approves every login at once, for pages are the browser's. Left out: `endpoint-redirect` and `metadata-to-other-origin`, which
# lead around the recorder.
SCENES = [
    ([], "legacy"), ([], "auto"), (["revision-2025-03-26"], "auto"), (["revision-2025-06-18"], "auto"),
    (["revision-2026-07-28"], "auto"), (["revision-2026-07-28"], "2026-07-28"), (["dual-era"], "auto"), (["dual-era"], "legacy"),
    (["no-prm"], "legacy"), (["no-metadata"], "legacy"), (["prm-odd-url"], "legacy"), (["no-resource-metadata"], "legacy"),
    (["path-issuer"], "legacy"), (["oidc-only"], "legacy"), (["bearer-lowercase"], "legacy"), (["unknown-metadata"], "legacy"),
    (["tools-call-only"], "legacy"), (["tools-call-only-2026-07-28"], "auto"), (["basic-only"], "legacy"), (["post-only"], "legacy"),
    (["secret-with-method-none"], "legacy"), (["registration-200"], "legacy"), (["sse"], "legacy"), (["sse-never-closes"], "legacy"),
    (["session-required"], "legacy"), (["no-session"], "legacy"), (["chunked", "gzip"], "legacy"), (["insufficient-scope"], "legacy"),
    (["challenge-error-uninvited"], "legacy"), (["challenge-without-scope"], "legacy"), (["metadata-redirect"], "legacy"),
    (["registration-managed"], "legacy"), (["registration-cacheable"], "legacy"),
    (["client-documents"], "legacy"), (["loopback-port-refused"], "legacy"), (["303"], "legacy"),
    (["offline-access"], "legacy"), (["http-framework-errors"], "legacy"), (["jwt"], "legacy"), (["scope-array"], "legacy"),
    (["no-rotation"], "legacy"), (["refresh-grace"], "legacy"), (["refresh-ends-older"], "legacy"), (["slow"], "legacy"),
    (["connection-close"], "legacy"),
]
# What differs from run to run stands for itself.
SECRET = {
    "state", "code", "code_challenge", "code_verifier", "client_id", "client_secret", "refresh_token", "token", "mcp-session-id",
}
HOP = {"host", "content-length", "connection"}


def compared_with_the_sdk(report):
    """What the SDK and we send differs only as the table explains."""
    table = Table()
    for version, name in SDKS.items():
        try:
            interpreter = environment(name)
        except Skip as reason:
            report.skip(f"SDK {version}: {reason}")
            continue
        compare(report, version, interpreter, table)
    report.equal("every row of the table is needed", table.unused(), [])


def compare(report, version, interpreter, table):
    scenes = [scene for scene in SCENES if version.startswith("2") or (scene[1] == "legacy")]
    labs = [Lab(report.build, faults=faults + ["auto-approve"]) for faults, _ in scenes]
    theirs, ours = [Recorder(lab.port) for lab in labs], [Recorder(lab.port) for lab in labs]
    try:
        answers = run_sdk(interpreter, [f"{r.origin}/mcp {mode}" for r, (_, mode) in zip(theirs, scenes, strict=True)])
        for (faults, mode), answer, sdk, own in zip(scenes, answers, theirs, ours, strict=True):
            name = f"SDK {version} {mode}, lab {' '.join(faults) or 'plain'}"
            report.check(f"{name}: the SDK gets through, or the table says why not", answer == "ok" or table.explains(f"{version} fails: {answer}"), answer)
            verdict = run_ours(report.build, own.origin, mode, "dual-era" in faults)
            report.check(f"{name}: we get through", verdict in ("healthy", "degraded"), verdict)
            if answer != "ok":
                continue
            found = differences(requests(sdk), requests(own))
            unexplained = [text for text in found if not table.explains(f"{version} {text}")]
            report.equal(f"{name}: every difference is explained", unexplained, [])
    finally:
        for end in theirs + ours:
            end.close()
        for lab in labs:
            lab.__exit__()


def run_sdk(interpreter, lines):
    answer = subprocess.run(
        [interpreter, f"{HERE}/sdk/client.py"], input="\n".join(lines) + "\n", capture_output=True, text=True, timeout=300,
        env=clean_environment(),
    )
    answers = answer.stdout.splitlines()
    if len(answers) != len(lines):
        raise RuntimeError(f"the SDK's client ended early: {answer.stdout}\n{answer.stderr[-2000:]}")
    return answers


def run_ours(build, origin, mode, is_dual):
    """One flow with the tool that the SDK's client calls, too; pinned where the SDK is."""
    pin = "2025-11-25" if is_dual and mode == "legacy" else mode if mode.startswith("20") else None
    with workspace() as folder:
        configuration = f"{folder}/oauthwatch.yaml"
        with open(configuration, "w", encoding="utf-8") as file:
            file.write(
                f"stateDirectory: {folder}/state\ntraces: {{directory: {folder}/traces}}\ntargets:\n"
                f"  - name: lab\n    server: {origin}/mcp\n    username: testuser\n"
                f"    passwordFile: {password_file(folder, 'testpass')}\n"
                "    tool: {name: echo, arguments: {text: jar}}\n" + (f"    revision: {pin}\n" if pin else "")
            )
        answer = subprocess.run(
            [f"{build}/oauthwatch", "trace", "--guards", "none", "--config", configuration, "--format", "json", "--save-trace", f"{folder}/t.json"],
            capture_output=True, text=True, timeout=90, cwd=folder, env=clean_environment(),
        )
        try:
            return json.loads(answer.stdout)["verdict"]
        except ValueError:
            return answer.stdout + answer.stderr


class Request:
    """One request as it went over the wire, with what differs from run to run left out."""

    def __init__(self, method, target, fields, body):
        path, _, query = target.partition("?")
        self.fields = {name: value for name, value in fields.items() if name not in HOP}
        if "authorization" in self.fields:
            self.fields["authorization"] = self.fields["authorization"].split(" ")[0] + " *"
        self.body = self.members(body, fields.get("content-type", ""))
        self.query = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        what = self.body.get("method") or self.body.get("grant_type") or ""
        proof = " with a token" if "authorization" in fields and path in ("/", "/mcp") else ""
        self.kind = f"{method} {path} {what}".strip() + proof

    @staticmethod
    def members(body, kind):
        if kind.startswith("application/x-www-form-urlencoded"):
            return dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
        if kind.startswith("application/json") and body:
            return flat(json.loads(body))
        return {}

    @property
    def facts(self):
        """Everything that is compared, by name."""
        named = {f"field {name}": value for name, value in self.fields.items()}
        named |= {f"query {name}": value for name, value in self.query.items()}
        named |= {f"body {name}": value for name, value in self.body.items()}
        return {
            name: "*" if name.split(" ", 1)[1] in SECRET else re.sub(r"127\.0\.0\.1:\d+", "HOST", str(value))
            for name, value in named.items()
        }


def flat(value, path=""):
    """Every leaf of a JSON value by its path; ids of requests are not compared."""
    if isinstance(value, dict) and value:
        return {k: v for name, part in value.items() for k, v in flat(part, f"{path}.{name}" if path else name).items() if k != "id"}
    return {path: json.dumps(value) if not isinstance(value, str) else value}


def requests(recorder):
    """The requests that came to a recorder, by kind, in the order of their connections; those of the browser without fields."""
    found = {}
    for connection in recorder.connections:
        data = bytes(connection.sent)
        while b"\r\n\r\n" in data:
            head, _, data = data.partition(b"\r\n\r\n")
            lines = head.decode("latin-1").split("\r\n")
            method, target, _ = lines[0].split(" ")
            fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
            length = int(fields.get("content-length", 0))
            body, data = data[:length], data[length:]
            request = Request(method, target, fields, body)
            if request.kind.startswith("GET ") and target.partition("?")[0].endswith("/authorize"):
                request.fields = {}
            found.setdefault(request.kind, []).append(request)
    return found


def differences(theirs, ours):
    """One line for each kind of request that only one side sends, and for each fact in which the others differ."""
    found = [f"only the SDK: {kind}" for kind in theirs if kind not in ours]
    found += [f"only we: {kind}" for kind in ours if kind not in theirs]
    for kind in theirs:
        if kind not in ours:
            continue
        sdk, own = theirs[kind][0].facts, ours[kind][0].facts
        for name in sorted(sdk.keys() | own.keys()):
            if sdk.get(name) != own.get(name):
                found.append(f"{kind}: {name}: SDK {sdk.get(name, 'nothing')}, we {own.get(name, 'nothing')}")
    return found


class Table:
    """The rows of differences.md: a pattern in backquotes, and the explanation beside it."""

    def __init__(self):
        with open(TABLE, encoding="utf-8") as file:
            rows = [re.split(r"(?<!\\)\|", line) for line in file if line.startswith("| `")]
        self.rows = {row[1].strip().strip("`").replace("\\|", "|"): 0 for row in rows if row[2].strip()}

    def explains(self, text):
        hits = [pattern for pattern in self.rows if re.fullmatch(pattern, text)]
        for pattern in hits:
            self.rows[pattern] += 1
        return bool(hits)

    def unused(self):
        return [pattern for pattern, uses in self.rows.items() if not uses]

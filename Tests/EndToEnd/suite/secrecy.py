"""No secret of a flow is to be found anywhere but on the wire and, mode 0600, in the state directory."""

import glob
import os
import subprocess
import sys

from . import canaries
from .checker import Daemon, password_file, trace, workspace
from .environments import ROOT
from .login import each, recorded
from .recorder import Recorder
from .servers import Lab, wait_for

WANTED = {"code", "verifier", "access token", "refresh token", "cookie", "CSRF field"}


def trace_keeps_secrets(report):
    """`trace`: secrets are neither printed nor kept in the trace, and no argv holds the password."""
    each(report, "django-oauth-toolkit", lambda: django_trace(report))
    lab_trace(report)


def django_trace(report):
    password = canaries.password()
    with recorded("django-oauth-toolkit", password=password) as (server, recorder), workspace() as folder:
        result = trace(report.build, recorder.origin + "/mcp", folder, password=password)
        judge(report, "django-oauth-toolkit", result, recorder, password, WANTED | {"registration access token"})


def lab_trace(report):
    """The password is given as an argument here, the worst way."""
    password = canaries.password()
    with Lab(report.build, faults=["registration-managed"]) as lab, workspace() as folder:
        lab.register_user("canary", password)
        seen = []
        recorder = Recorder(lab.port, on_request=lambda number: seen.append(canaries.command_lines()))
        result = trace(
            report.build, recorder.origin, folder, "--password", password, username="canary", password=None)
        judge(report, "lab", result, recorder, password, {"code", "verifier", "access token", "refresh token"})
        argv = {name: text for lines in seen for name, text in lines.items()}
        report.check("lab: processes were looked at in mid-flow", len(seen) > 5)
        report.equal("lab: --password is gone from argv", canaries.leaks({"password": {password}}, argv), [])
        report.equal("lab: the trace is for its owner only", oct(os.stat(result.trace_path).st_mode & 0o777), "0o600")
        reader(report, result.trace_path)
        search_finds(report, recorder, folder, password)
        recorder.close()


def search_finds(report, recorder, folder, password):
    """A search that never finds anything would prove nothing: without redaction it must, except for the password."""
    result = trace(
        report.build, recorder.origin, folder, "--no-redact", username="canary", password=password, name="open.json")
    found = canaries.on_the_wire(recorder.sent, recorder.received)
    with open(result.trace_path, "rb") as file:
        trace_file = {"trace": file.read()}
    kinds = {leak.split(" in ")[0] for leak in canaries.leaks(found, trace_file)}
    report.check("--no-redact: the search finds codes, verifiers and tokens", {"code", "verifier", "access token"} <= kinds, kinds)
    report.equal("--no-redact: but never the password", canaries.leaks({"password": {password}}, trace_file), [])


def judge(report, name, result, recorder, password, wanted):
    report.equal(f"{name}: exit code", result.code, 0, result)
    found = canaries.on_the_wire(recorder.sent, recorder.received)
    report.equal(f"{name}: the recorder saw every kind of secret", wanted - found.keys(), set())
    sent = any(form in recorder.sent for form in canaries.forms(password))
    report.check(f"{name}: the password went over the wire", sent)
    with open(result.trace_path, "rb") as file:
        places = {"stdout": result.stdout.encode(), "stderr": result.stderr.encode(), "trace": file.read()}
    report.equal(f"{name}: no secret in output or trace", canaries.leaks(found | {"password": {password}}, places), [])


def reader(report, path):
    """What only knows the seed's fields can read our trace."""
    script = f"{ROOT}/Tests/Seed/read_trace.py"
    answer = subprocess.run([sys.executable, script, path], capture_output=True, text=True, timeout=60)
    report.equal("a reader of the seed's fields understands the trace", answer.returncode, 0, answer.stdout + answer.stderr)


def daemon_keeps_secrets(report):
    """`run`: secrets are in no trace, log, page or argv; what is in the state directory is for the owner only."""
    password = canaries.password()
    with Lab(report.build, faults=["registration-managed"]) as lab, workspace() as folder:
        lab.register_user("canary", password)
        recorder = Recorder(lab.port)
        target = {
            "name": "canary", "server": recorder.origin, "username": "canary",
            "passwordFile": password_file(folder, password), "interval": "2s", "sessionInterval": "1s", "timeout": "5s",
        }
        with Daemon(report.build, folder, [target]) as daemon:
            wait_for("three logins and a session run", lambda: enough(daemon), 60)
            pages = {path: daemon.get(path)[1].encode() for path in ("/", "/health", "/metrics", "/health?target=canary")}
            argv = canaries.command_lines()
            code = daemon.stop()
            log = daemon.output.encode()
        report.equal("SIGTERM: exit 0", code, 0, log.decode())
        found = canaries.on_the_wire(recorder.sent, recorder.received) | {"password": {password}}
        places = pages | canaries.files(f"{folder}/traces") | {"log": log}
        report.check("there are traces to search", len(places) > 6, places.keys())
        report.equal("no secret in traces, log or pages", canaries.leaks(found, places), [])
        report.equal("no secret in any argv", canaries.leaks(found, argv), [])
        loose = [path for path in glob.glob(f"{folder}/state/**", recursive=True) if os.stat(path).st_mode & 0o077]
        report.equal("the state is for its owner only", loose, [])
        recorder.close()


def enough(daemon):
    return daemon.runs("canary", "login") >= 3 and daemon.runs("canary", "session") >= 1

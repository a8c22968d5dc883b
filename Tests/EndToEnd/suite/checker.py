"""The program under test, run as an operator would run it."""

import glob
import json
import os
import re
import subprocess
import tempfile
import time

from .environments import HERE, ROOT, environment
from .servers import Process, fetch, free_port, wait_for

SCHEMAS = f"{ROOT}/Tests/Schemas"


class Result:
    """What one `oauthwatch trace` did: exit code, output, the parsed JSON and the trace file."""

    def __init__(self, code, stdout, stderr, trace_path):
        self.code, self.stdout, self.stderr, self.trace_path = code, stdout, stderr, trace_path
        try:
            self.json = json.loads(stdout)
        except ValueError:
            self.json = None

    @property
    def verdict(self):
        return self.json and self.json.get("verdict")

    @property
    def findings(self):
        return self.json["findings"] if self.json else []

    @property
    def checks(self):
        """The checks that found something worse than an info."""
        return [finding["check"] for finding in self.findings if finding["severity"] != "info"]

    def outcome(self, step):
        """How a step ended; None when there is no such step."""
        return next((s["outcome"] for s in self.json["steps"] if s["step"] == step), None) if self.json else None

    @property
    def trace(self):
        with open(self.trace_path, encoding="utf-8") as file:
            return json.load(file)

    def __str__(self):
        brief = "\n".join(
            f"{f['severity']} {f['check']} at {f['step']}: {f['message']} | {f['evidence']} | {f['remedy']}" for f in self.findings
        )
        return f"exit {self.code}, verdict {self.verdict}\n{brief or self.stdout[:2000]}\n{self.stderr[-2000:]}"


def clean_environment(**more):
    """An environment without proxies or OAUTH_ variables, in which text is UTF-8."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {"LANG": "C.UTF-8"} | more


def password_file(folder, password):
    """The path of a file with the password alone, readable by us only."""
    path = f"{folder}/password-{time.monotonic_ns()}"
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(password + "\n")
    return path


def trace_command(build, server, folder, *options, username="testuser", password="testpass", name="trace.json"):
    """The command line of a one-shot run with JSON output, and the path of its trace."""
    path = f"{folder}/{name}"
    command = [
        f"{build}/oauthwatch", "trace", "--format", "json", "--server-url", server, "--save-trace", path,
        "--timeout", "10", *options,
    ]
    if username is not None:
        command += ["--username", username]
    if password is not None:
        command += ["--password-file", password_file(folder, password)]
    return command, path


def trace(build, server, folder, *options, limit=60, **names):
    """Runs one flow to its end."""
    command, path = trace_command(build, server, folder, *options, **names)
    return finish(command, path, folder, limit)


def finish(command, path, folder, limit=60):
    """Runs a command line of `trace_command` to its end; one that does not end is killed and has no exit code."""
    try:
        answer = subprocess.run(
            command, capture_output=True, text=True, timeout=limit, cwd=folder, env=clean_environment(),
            stdin=subprocess.DEVNULL,
        )
        return Result(answer.returncode, answer.stdout, answer.stderr, path)
    except subprocess.TimeoutExpired as hung:
        said = [(text or b"").decode("utf-8", "replace") for text in (hung.stdout, hung.stderr)]
        return Result(None, said[0], f"{said[1]}\nkilled: it did not end within {limit} s", path)


def oauthwatch(build, *arguments, cwd=None, stdin=None, limit=60, **environment_variables):
    """Runs any command to its end."""
    return subprocess.run(
        [f"{build}/oauthwatch", *arguments], capture_output=True, text=True, timeout=limit, cwd=cwd,
        env=clean_environment(**environment_variables), input=stdin or "",
    )


def against_schema(schema, paths):
    """Complaints of a real JSON Schema validator about files; empty when all are valid."""
    answer = subprocess.run(
        [environment("tools"), f"{HERE}/tools/validate.py", f"{SCHEMAS}/{schema}", *paths],
        capture_output=True, text=True, timeout=120,
    )
    return "" if answer.returncode == 0 else answer.stdout + answer.stderr


def write_configuration(folder, targets, port=None, traces=None):
    """The path of a configuration of the daemon, with state and traces below `folder`; `traces` limits these."""
    for place in ("state", "traces"):
        os.makedirs(f"{folder}/{place}", mode=0o700, exist_ok=True)
    configuration = {
        "listen": f"127.0.0.1:{port or free_port()}", "stateDirectory": f"{folder}/state",
        "traces": {"directory": f"{folder}/traces", "minFree": "1MiB"} | (traces or {}), "targets": targets,
    }
    path = f"{folder}/oauthwatch.yaml"
    with open(path, "w", encoding="utf-8") as file:
        file.write(yaml(configuration))
    return path


class Daemon(Process):
    """`oauthwatch run` with a configuration made of `targets` (each a dictionary) below `folder`."""

    def __init__(self, build, folder, targets, wait=True, traces=None):
        self.port, self.folder, self.traces = free_port(), folder, f"{folder}/traces"
        path = write_configuration(folder, targets, self.port, traces)
        super().__init__([f"{build}/oauthwatch", "run", "--config", path], env=clean_environment(), cwd=folder)
        if wait:
            wait_for("the daemon is ready", self.is_ready)

    def is_ready(self):
        if self.handle.poll() is not None:
            raise RuntimeError(f"oauthwatch run ended with {self.handle.returncode}:\n{self.output}")
        try:
            return self.get("/-/ready")[0] == 200
        except OSError:
            return False

    def get(self, path):
        """Status and text of one of its pages."""
        return fetch(f"http://127.0.0.1:{self.port}{path}")

    @property
    def health(self):
        """Target -> its line in /health."""
        return {line.split()[0]: line for line in self.get("/health")[1].splitlines() if line.strip()}

    def verdict(self, target):
        """The verdict that /health tells."""
        words = self.health.get(target, "").split()
        return words[1] if len(words) > 1 else None

    def metric(self, name, **labels):
        """The value of one series; None when there is none."""
        for line in self.get("/metrics")[1].splitlines():
            found = re.fullmatch(rf"oauthwatch_{name}(?:{{(.*)}})? (\S+)", line)
            if found and labels.items() <= dict(re.findall(r'(\w+)="([^"]*)"', found.group(1) or "")).items():
                return float(found.group(2))
        return None

    def runs(self, target, kind):
        """How many runs of a kind ended, whatever the verdict."""
        verdicts = ("healthy", "degraded", "inconclusive", "failed", "insecure")
        return sum(self.metric("runs_total", target=target, kind=kind, verdict=verdict) or 0 for verdict in verdicts)

    def trace_files(self, target):
        """Paths of the traces of a target, oldest first."""
        return sorted(glob.glob(f"{self.traces}/{target}/oauth_trace_*.json"))


def yaml(value, depth=0):
    """A small value as YAML: strings quoted as JSON does, which YAML takes, too."""
    indent = "  " * depth
    if isinstance(value, dict):
        return "".join(
            f"{indent}{key}:\n{yaml(item, depth + 1)}" if isinstance(item, (dict, list)) else f"{indent}{key}: {scalar(item)}\n"
            for key, item in value.items()
        )
    return "".join(
        f"{indent}- {yaml(item, depth + 1).lstrip()}" if isinstance(item, dict) else f"{indent}- {scalar(item)}\n"
        for item in value
    )


def scalar(value):
    return json.dumps(value, ensure_ascii=False)


def workspace():
    """A temporary directory for one part."""
    return tempfile.TemporaryDirectory(prefix="oauthwatch-e2e-")

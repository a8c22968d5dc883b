"""The servers that are watched, each a process of its own on loopback."""

import json
import os
import re
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

from .environments import HERE, environment

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def fetch(url, *, method="GET", body=None, headers=None, timeout=15):
    """Status and text of one request, without a proxy; refusals are answers, too."""
    request = urllib.request.Request(url, data=body, method=method, headers=headers or {})
    try:
        with DIRECT.open(request, timeout=timeout) as answer:
            return answer.status, answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode("utf-8", "replace")


def free_port():
    """A port on 127.0.0.1 that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def wait_for(claim, condition, seconds=20, pause=0.05):
    """What `condition` returns as soon as it is true; TimeoutError naming `claim` when that takes too long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := condition():
            return answer
        time.sleep(pause)
    raise TimeoutError(f"not within {seconds} s: {claim}")


class Process:
    """A process with its output in a file; ends with the `with` that it belongs to."""

    def __init__(self, command, *, env=None, cwd=None):
        self.log = tempfile.NamedTemporaryFile(prefix="oauthwatch-e2e-", suffix=".log", delete=False)
        self.command = command
        self.handle = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT, env=env, cwd=cwd
        )
        self.pid = self.handle.pid

    @property
    def output(self):
        """All that it printed so far."""
        with open(self.log.name, "rb") as file:
            return file.read().decode("utf-8", "replace")

    def wait_for_output(self, pattern, seconds=30):
        """The match of `pattern` in the output, once it is there."""

        def look():
            found = re.search(pattern, self.output)
            if not found and self.handle.poll() is not None:
                raise RuntimeError(f"{self.command[0]} ended with {self.handle.returncode}:\n{self.output}")
            return found

        return wait_for(f"{pattern!r} in the output of {self.command[0]}", look, seconds)

    def stop(self, seconds=15):
        """Asks it to end (SIGTERM) and returns its exit code; kills it when it does not."""
        if self.handle.poll() is None:
            self.handle.terminate()
        try:
            return self.handle.wait(seconds)
        except subprocess.TimeoutExpired:
            self.handle.kill()
            self.handle.wait()
            return None

    def kill(self):
        """kill -9."""
        self.handle.kill()
        return self.handle.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop(5)
        self.log.close()
        os.unlink(self.log.name)


class PackagedServer(Process):
    """One of the servers from PyPI; `origin` is what it shall call itself, when a recorder stands before it."""

    def __init__(self, name, *, port=None, origin=None, password="testpass", options=()):
        self.port = port or free_port()
        self.origin = origin or f"http://127.0.0.1:{self.port}"
        command = [environment(name), f"{HERE}/servers/{name}/serve.py", "--port", str(self.port)]
        if name != "oidc-provider-mock":  # that one believes the Host field
            command += ["--origin", self.origin]
        command += options
        super().__init__(command, env=os.environ | {"TEST_PASSWORD": password})
        self.wait_for_output(r"(?m)^READY$", 60)


class Lab(Process):
    """Our own lab; `origins` are what its two shall call themselves, when recorders stand before them."""

    def __init__(self, build, *, faults=(), port=0, origins=()):
        command = [f"{build}/oauthwatch-lab", "lab", "--quiet", "--port", str(port)]
        for option, origin in zip(("--origin", "--other-origin"), origins):
            command += [option, origin]
        for fault in faults:
            command += ["--fault", fault]
        super().__init__(command)
        self.host = "[::1]" if "ipv6" in faults else "127.0.0.1"
        self.port = int(self.wait_for_output(r"The lab listens on http://\S+:(\d+)").group(1))
        self.origin = f"http://{self.host}:{self.port}"
        if len(origins) > 1:
            self.other_port = int(self.wait_for_output(r"Its second origin listens on http://\S+:(\d+)").group(1))

    @property
    def stats(self):
        """What the lab counted since its start."""
        return json.loads(fetch(f"{self.origin}/-/stats")[1])

    def register_user(self, name, password):
        """Makes another user; not by an argument, for those are there for all to read."""
        form = {"username": name, "email": f"{name}@example.test", "password": password, "confirm_password": password}
        status, text = fetch(f"{self.origin}/register_user", method="POST", body=urllib.parse.urlencode(form).encode())
        if status != 201:
            raise RuntimeError(f"the lab did not make the user {name}: {status} {text}")


class SilentServer:
    """Accepts connections and never says a word."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.origin = f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()

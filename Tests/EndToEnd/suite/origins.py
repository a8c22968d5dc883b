"""Metadata, forms and redirects that lead elsewhere: nothing secret goes there."""

import json
import os
import re
import subprocess
import sys
import tempfile

from . import canaries
from .checker import Daemon, password_file, trace, workspace
from .environments import HERE
from .report import Report, Skip
from .servers import Lab, wait_for
from .sniffer import Sniffer, raise_loopback

# Fault of the lab -> what the daemon must call it, and what the finding must offer to paste.
CASES = {
    "metadata-to-other-origin": ({"inconclusive"}, "allowedOrigins"),
    "metadata-to-169.254.169.254": ({"inconclusive"}, "allowNetworks"),
    "metadata-to-private-address": ({"inconclusive"}, "allowNetworks"),
    "form-posts-elsewhere": ({"insecure"}, "allowedOrigins"),
    "button-posts-elsewhere": ({"insecure"}, "allowedOrigins"),
    "base-elsewhere": ({"insecure"}, "allowedOrigins"),
    "token-endpoint-elsewhere": ({"inconclusive"}, "allowedOrigins"),
    "login-redirects-elsewhere": ({"inconclusive"}, "allowedOrigins"),
}


def nothing_leaves(report):
    """Faults that lead elsewhere, in a network namespace without any route: nothing secret leaves, and the finding says what to paste."""
    probe = subprocess.run(["unshare", "-n", "true"], capture_output=True)
    if probe.returncode != 0:
        raise Skip("`unshare -n` needs root; without it nothing proves that no packet left")
    with tempfile.NamedTemporaryFile("r", suffix=".json") as verdicts:
        command = ["unshare", "-n", sys.executable, "-m", "suite.origins", report.build, verdicts.name]
        answer = subprocess.run(command, cwd=HERE, timeout=600)
        counted = json.loads(verdicts.read() or "{}")
    report.passed += counted.get("passed", 0)
    report.failures += counted.get("failures", [])
    report.equal("the part in the namespace ends by itself", answer.returncode, 0)


def inside(build, path):
    """What runs in the namespace."""
    raise_loopback()
    report = Report(build)
    for fault, (verdicts, paste) in CASES.items():
        report.part = fault
        try:
            watched(report, fault, verdicts, paste)
            traced(report, fault)
        except (TimeoutError, RuntimeError, ValueError, OSError) as error:
            report.check(f"{fault}: it runs", False, error)
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"passed": report.passed, "failures": report.failures}, file)


def watched(report, fault, verdicts, paste):
    """The daemon, which believes no metadata."""
    password, sniffer = canaries.password(), Sniffer()
    with Lab(report.build, faults=[fault]) as lab, workspace() as folder:
        lab.register_user("canary", password)
        sniffer.streams.clear()
        target = {
            "name": "canary", "server": lab.origin, "username": "canary",
            "passwordFile": password_file(folder, password), "interval": "1h", "timeout": "3s",
        }
        with Daemon(report.build, folder, [target]) as daemon:
            wait_for("a login run", lambda: daemon.runs("canary", "login") >= 1, 60)
            verdict, line = daemon.verdict("canary"), daemon.health.get("canary")
            newest = daemon.trace_files("canary")[-1]
            ours = daemon.port
            daemon.stop()
        with open(newest, encoding="utf-8") as file:
            findings = json.load(file)["findings"]
        report.check(f"{fault}: run says {' or '.join(sorted(verdicts))}", verdict in verdicts, line)
        text = " ".join(f"{f['message']} {f['remedy']}" for f in findings if f["severity"] != "info")
        report.check(f"{fault}: a finding says what to paste: {paste}", paste in text, text)
        nothing_secret(report, f"{fault}, run", sniffer, lab, password, ours)


def traced(report, fault):
    """The one-shot trace, which trusts the announced authorization server, but no other."""
    password, sniffer = canaries.password(), Sniffer()
    with Lab(report.build, faults=[fault]) as lab, workspace() as folder:
        lab.register_user("canary", password)
        sniffer.streams.clear()
        result = trace(report.build, lab.origin, folder, username="canary", password=password)
        if fault == "metadata-to-other-origin":
            return  # there the announced server is the other one
        report.check(f"{fault}: trace is not content", result.code in (1, 2, 4), result)
        nothing_secret(report, f"{fault}, trace", sniffer, lab, password, None)
        if fault == "form-posts-elsewhere":
            pasted(report, result, sniffer, lab, password)


def pasted(report, result, sniffer, lab, password):
    """The line of the finding does what it says; and the recorder does see a password that leaves."""
    with workspace() as folder:
        told = re.search(r"`(--allow-origin) (\S+)`", " ".join(finding["remedy"] for finding in result.findings))
        trace(report.build, lab.origin, folder, *told.groups(), username="canary", password=password)
        seen = canaries.leaks({"password": {password}}, sniffer.elsewhere(lab.port))
        report.check("with the line that was pasted the password goes there, and is seen", seen)


def nothing_secret(report, name, sniffer, lab, password, ours):
    found = canaries.on_the_wire(sniffer.to(lab.port), sniffer.back_from(lab.port)) | {"password": {password}}
    report.check(f"{name}: requests were recorded", len(sniffer.to(lab.port)) > 100)
    places = {place: data for place, data in sniffer.elsewhere(lab.port).items() if not ours or f":{ours}" not in place}
    report.equal(f"{name}: nothing secret went elsewhere", canaries.leaks(found, places), [])


if __name__ == "__main__":
    inside(sys.argv[1], sys.argv[2])
    os._exit(0)  # the sniffers still listen

"""Surroundings that the monitor did not choose: an account that several targets use, a parent that ignores its children."""

import os
import subprocess
import sys

from .checker import Daemon, Process, clean_environment, password_file, workspace, write_configuration
from .daemon import target
from .servers import Lab, free_port, wait_for


def harms_nobody(report):
    """Targets with one account share what it can bear, and a careless parent does no harm."""
    one_account(report)
    ignored_children(report)


def one_account(report):
    """Three targets with the same user and a password that is wrong."""
    with Lab(report.build) as lab, workspace() as folder:
        wrong = password_file(folder, "not the password")
        targets = [target(name, lab.origin, wrong) for name in ("one", "two", "three")]
        with Daemon(report.build, folder, targets) as daemon:
            wait_for("three logins of each", lambda: all(daemon.runs(t["name"], "login") >= 3 for t in targets), 120)
            told = {name: daemon.verdict(name) for name in ("one", "two", "three")}
            submitted = sum(daemon.metric("password_submissions_total", target=name, result="rejected") or 0 for name in told)
        report.equal("three targets with one account submit a wrong password twice", submitted, 2)
        report.check("and say so", "failed" in told.values() and set(told.values()) <= {"failed", "inconclusive"}, told)


def ignored_children(report):
    """Started by somebody who ignores the end of children, it still knows that an alert's program has ended well."""
    with Lab(report.build) as lab, workspace() as folder:
        configuration = write_configuration(folder, [target("good", lab.origin, password_file(folder, "testpass"))], free_port())
        with open(configuration, "a", encoding="utf-8") as file:
            file.write("alerts:\n  sinks:\n    - name: pager\n      type: command\n      command: [/bin/true]\n")
        careless = "import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"
        command = [sys.executable, "-c", careless, f"{report.build}/oauthwatch", "run", "--config", configuration]
        with Process(command, env=clean_environment(), cwd=folder):
            control = f"{folder}/state/control.sock"
            wait_for("its control socket", lambda: os.path.exists(control))
            told = subprocess.run([f"{report.build}/oauthwatch", "alert-test", "--socket", control], capture_output=True, text=True, timeout=60)
            report.equal("an alert's program ends well, though the end of children was ignored", told.returncode, 0, told.stdout + told.stderr)

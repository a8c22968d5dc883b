"""A machine that is ill, and several targets at one account: the monitor blames nobody, harms nobody and lives."""

import os
import resource
import socket
import time

from .checker import Daemon, password_file, workspace
from .daemon import target
from .servers import Lab, wait_for


def lives_through_it(report):
    """Without a descriptor left the daemon lives, idles and blames nobody; targets with one account share what it can bear."""
    without_descriptors(report)
    one_account(report)


def without_descriptors(report):
    """Its limit is set to what it has open, while clients wait at both its sockets."""
    with Lab(report.build) as lab, workspace() as folder:
        with Daemon(report.build, folder, [target("good", lab.origin, password_file(folder, "testpass"))]) as daemon:
            wait_for("a login", lambda: daemon.runs("good", "login") >= 1, 60)
            process = daemon.handle.pid
            limits = resource.prlimit(process, resource.RLIMIT_NOFILE)
            resource.prlimit(process, resource.RLIMIT_NOFILE, (len(os.listdir(f"/proc/{process}/fd")) - 4, limits[1]))
            before = processor_seconds(process)
            page = socket.create_connection(("127.0.0.1", daemon.port))
            page.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            with socket.socket(socket.AF_UNIX) as control:
                control.connect(f"{folder}/state/control.sock")
                time.sleep(5)
                spent = processor_seconds(process) - before
                report.equal("without a descriptor left it lives", daemon.handle.poll(), None)
                report.check("and takes less than a fifth of a processor", spent < 1, f"{spent:.2f} s in 5 s")
            resource.prlimit(process, resource.RLIMIT_NOFILE, limits)
            page.close()
            ended = daemon.runs("good", "login")
            wait_for("another login", lambda: daemon.runs("good", "login") > ended, 60)
            failed = sum(daemon.metric("runs_total", target="good", kind=kind, verdict="failed") or 0 for kind in ("login", "session"))
            report.equal("the server was not blamed for it", failed, 0, daemon.health)
            wait_for("it is well again", lambda: daemon.verdict("good") in ("healthy", "degraded"), 60)
            report.equal("it works again with descriptors, and ends with 0", daemon.stop(), 0, daemon.output[-2000:])


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


def processor_seconds(process):
    """What a process has used of the processor."""
    with open(f"/proc/{process}/stat", encoding="utf-8", errors="replace") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

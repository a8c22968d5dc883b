"""The configuration changes again and again while flows are in progress."""

import os
import signal

from .checker import Daemon, against_schema, password_file, workspace, write_configuration
from .servers import Lab, SilentServer, wait_for

RELOADS = int(os.environ.get("OAUTHWATCH_RELOADS", "100"))


def under_load(report):
    """100 reloads, good and bad ones, with flows in progress: no lost run, no leaked descriptor, no torn state."""
    with Lab(report.build) as first, Lab(report.build) as second, SilentServer() as silent, workspace() as folder:
        password = password_file(folder, "testpass")
        steady = [target("steady", first.origin, password), target("changing", second.origin, password)]
        # Its flow is in progress at any moment, also when it is removed.
        hanging = target("hanging", silent.origin, password)
        with Daemon(report.build, folder, steady + [hanging]) as daemon:
            wait_for("each target has run", lambda: all(daemon.runs(name, "login") for name in ("steady", "changing", "hanging")))
            pid, descriptors = daemon.handle.pid, highest_descriptors(daemon)
            begun = daemon.runs("steady", "login")
            refused = reloads(daemon, steady, hanging, folder)
            report.equal(f"of {RELOADS} reloads each bad one was refused", refused, len(range(4, RELOADS, 5)))
            after(report, daemon, pid, begun, descriptors)
            clients = first.stats["clients"], second.stats["clients"]
            logins = daemon.runs("steady", "login")
            report.check("each login at the server is a run that is told of", 0 <= first.stats["logins"] - logins <= 1,
                         f"{first.stats} and {logins} runs")
            report.equal("SIGTERM: exit 0", daemon.stop(), 0, daemon.output)
            nothing_lost(report, daemon)
        report.equal("one client was registered at each server in all", clients, (1, 1))
        with Daemon(report.build, folder, steady) as daemon:
            wait_for("both run after a restart", lambda: daemon.verdict("steady") == daemon.verdict("changing") == "healthy" and daemon.runs("changing", "session"))
            report.equal("the restart needs no new client", (first.stats["clients"], second.stats["clients"]), (1, 1))
            report.check("no state was damaged", "set aside" not in daemon.output, daemon.output)


def target(name, url, password):
    return {
        "name": name, "server": url, "username": "testuser", "passwordFile": password, "interval": "1s",
        "sessionInterval": "1s", "timeout": "1s",
    }


def descriptors_open(daemon):
    return len(os.listdir(f"/proc/{daemon.handle.pid}/fd"))


def highest_descriptors(daemon):
    """The most descriptors that are open while all targets run, of some looks."""
    most = 0
    goal = daemon.runs("hanging", "login") + 2
    while daemon.runs("hanging", "login") < goal:
        most = max(most, descriptors_open(daemon))
    return most


def reloads(daemon, steady, hanging, folder):
    """Reloads; returns how many were refused."""
    refused = 0
    for number in range(RELOADS):
        targets = [dict(entry) for entry in steady]
        if number % 2 == 0:
            targets.append(hanging)
        if number % 3 == 0:
            targets[1]["interval"] = f"{1000 + number}ms"
        if number % 5 == 4:
            targets[0]["interwal"] = "1s"
        before = daemon.metric("config_last_reload_success_timestamp_seconds")
        write_configuration(folder, targets, daemon.port)
        daemon.handle.send_signal(signal.SIGHUP)
        if number % 5 == 4:
            wait_for("a bad file is refused", lambda: daemon.metric("config_last_reload_successful") == 0, pause=0.02)
            refused += 1
        else:
            wait_for("a good file is taken", lambda: daemon.metric("config_last_reload_success_timestamp_seconds") > before, pause=0.02)
    write_configuration(folder, steady + [hanging], daemon.port)
    daemon.handle.send_signal(signal.SIGHUP)
    wait_for("the last file is taken", lambda: daemon.metric("config_last_reload_successful") == 1 and daemon.verdict("hanging"))
    return refused


def after(report, daemon, pid, begun, descriptors):
    report.equal("it is the same process", daemon.handle.pid, pid)
    report.equal("it still runs", daemon.handle.poll(), None)
    runs = daemon.runs("steady", "login")
    report.check("the target that stayed was watched all the time", runs > begun, f"{begun} runs before, {runs} after")
    wait_for("further runs", lambda: daemon.runs("steady", "login") > runs and daemon.runs("changing", "login"))
    wrong = sum(daemon.metric("runs_total", target=name, kind="login", verdict=verdict) or 0
                for name in ("steady", "changing") for verdict in ("failed", "insecure", "inconclusive"))
    report.equal("no run of a good target was called bad", wrong, 0, daemon.output[-3000:])
    now = highest_descriptors(daemon)
    report.check(f"no descriptor was leaked: {descriptors} before, {now} after", now <= descriptors + 2, os.popen(f"ls -l /proc/{pid}/fd").read())


def nothing_lost(report, daemon):
    """Every run that the log tells of has a whole trace, and no reload cut one short."""
    for name in ("steady", "changing"):
        ends = [line for line in daemon.output.splitlines() if f" target={name} " in line and " trace=" in line]
        traces = daemon.trace_files(name)
        cut = [path for path in traces if "monitor.stopped" in open(path, encoding="utf-8").read()]
        report.check(f"{name}: as many traces as runs, {len(ends)}", len(traces) == len(ends), f"{len(traces)} traces")
        report.check(f"{name}: the last run alone may be cut short, by the end of the daemon", cut in ([], traces[-1:]), cut)
        report.equal(f"{name}: whole traces", against_schema("trace.schema.json", traces), "")

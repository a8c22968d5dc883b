"""The daemon over many cycles: one good target, one that hangs, one that is stopped."""

import json

from .checker import Daemon, against_schema, password_file, workspace
from .servers import Lab, SilentServer, fetch, free_port, wait_for

CYCLES = 20


def three_targets(report):
    """`run` with a good, a hanging and a stopped target: right verdicts over 20 cycles; a restart keeps client and tokens."""
    with Lab(report.build) as lab, SilentServer() as silent, workspace() as folder:
        targets = [
            target(name, url, password_file(folder, "testpass"))
            for name, url in (
                ("good", lab.origin), ("hanging", silent.origin), ("stopped", f"http://127.0.0.1:{free_port()}"))
        ]
        with Daemon(report.build, folder, targets) as daemon:
            wait_for(f"{CYCLES} cycles", lambda: daemon.runs("good", "login") >= CYCLES, 180, pause=0.5)
            cycles(report, daemon)
            pages(report, daemon)
            before = lab.stats
            report.equal("SIGTERM: exit 0", daemon.stop(), 0, daemon.output)
        whole_traces(report, daemon)
        report.equal("one client was registered in all", before["clients"], 1)
        restart(report, lab, folder, targets, before)


def target(name, url, password):
    return {
        "name": name, "server": url, "username": "testuser", "passwordFile": password, "interval": "1s",
        "sessionInterval": "1s", "timeout": "1s",
    }


def cycles(report, daemon):
    status, text = daemon.get("/health")
    report.equal("/health is 503 while a target is down", status, 503, text)
    report.check("/health: good is good", daemon.verdict("good") in ("healthy", "degraded"), text)
    for name in ("hanging", "stopped"):
        report.equal(f"/health: {name} has failed", daemon.verdict(name), "failed", text)
        report.check(f"/health: {name}'s line names step and check", "step=" in daemon.health[name] and "check=" in daemon.health[name], text)
        report.equal(f"metrics: {name} has failed", daemon.metric("target_verdict", target=name, verdict="failed"), 1)
        report.equal(f"metrics: nobody can log in at {name}", daemon.metric("target_login_success", target=name), 0)
    report.equal("metrics: one can log in at good", daemon.metric("target_login_success", target="good"), 1)
    report.equal("/health?target=good is 200", daemon.get("/health?target=good")[0], 200)
    report.equal("/health?target=hanging is 503", daemon.get("/health?target=hanging")[0], 503)
    report.equal("/-/healthy is 200", daemon.get("/-/healthy")[0], 200)
    wrong = sum(daemon.metric("runs_total", target="good", kind="login", verdict=v) or 0 for v in ("failed", "insecure", "inconclusive"))
    report.equal("good was never called anything else", wrong, 0, text)
    report.check("the hanging target delayed nobody", daemon.runs("good", "login") > daemon.runs("hanging", "login"), text)


def pages(report, daemon):
    """What the pages refuse."""
    address = f"http://127.0.0.1:{daemon.port}"
    for claim, path, options, status in (
        ("HEAD works", "/metrics", {"method": "HEAD"}, 200),
        ("the landing page", "/", {}, 200),
        ("another method is 405", "/health", {"method": "POST", "body": b"x"}, 405),
        ("another path is 404", "/etc/passwd", {}, 404),
        ("an unknown Host is 403", "/health", {"headers": {"Host": "attacker.example"}}, 403),
        ("a foreign Origin is 403", "/health", {"headers": {"Origin": "https://attacker.example"}}, 403),
        ("a cross-site request is 403", "/health", {"headers": {"Sec-Fetch-Site": "cross-site"}}, 403),
    ):
        report.equal(f"pages: {claim}", fetch(address + path, **options)[0], status)


def whole_traces(report, daemon):
    paths = [path for name in ("good", "hanging", "stopped") for path in daemon.trace_files(name)]
    report.check("there is a trace for each run", len(paths) > CYCLES, paths)
    report.equal("every trace fits the schema", against_schema("trace.schema.json", paths), "")


def restart(report, lab, folder, targets, before):
    targets[0] |= {"interval": "1h"}  # so that only the kept session is used
    with Daemon(report.build, folder, targets) as daemon:
        wait_for("a session run after the restart", lambda: daemon.runs("good", "session") >= 1, 60)
        after = lab.stats
        with open(daemon.trace_files("good")[-1], encoding="utf-8") as file:
            newest = json.load(file)
        report.check("good is good after the restart", daemon.verdict("good") in ("healthy", "degraded"), daemon.get("/health")[1])
        report.equal("SIGTERM: exit 0 again", daemon.stop(), 0, daemon.output)
    report.equal("the restart registered no client", after["clients"], before["clients"])
    report.equal("the restart needed no login", after["logins"], before["logins"])
    outcomes = {step["step"]: step["outcome"] for step in newest["steps"]}
    report.equal("the kept session worked after the restart", outcomes.get("session"), "passed", outcomes)

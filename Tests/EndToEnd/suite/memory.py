"""What only time shows: sessions that should still live, the server as it was, and traces that tell the two apart."""

import json
import os
import time

from .checker import Daemon, oauthwatch, password_file, trace, workspace
from .servers import Lab, fetch, wait_for

# Fault of the lab -> what must be blamed, and words of the message. The third lives longer than a restart takes.
LASTING = {
    "refresh-tokens-lost-on-restart": ("session.refresh", "failed", ["is dead; it had lived", "refresh token", "invalid_grant"]),
    "clients-lost-on-restart": ("session.client", "failed", ["does not know the client registered at", "invalid_client"]),
    "refresh-expires-early": ("session.early-death", "failed", ["after it was issued", "promised 1 d"]),
    "old-access-token-comes-back": ("session.old-access-token", "insecure", ["that was refused at", "is accepted again"]),
}
REFRESH_LIFETIME = 20
# Fault of the lab -> what the first five lines of a comparison say about its cause.
CAUSES = {
    "no-www-authenticate": "header.www-authenticate: -Bearer",
    "prm-other-resource": "resource: -SERVER +https://other.lab.invalid",
    "issuer-slash": "issuer: -SERVER +SERVER/",
    "no-s256": 'code_challenge_methods_supported: -["S256"] (gone)',
    "http-endpoints": "authorization_endpoint: -SERVER/authorize +http://oauth.lab.invalid/authorize",
    "password-refused": "POST SERVER/authorize: 401 instead of 302",
    "code-refused": 'POST SERVER/token authorization_code: 400 instead of 200: {"error":"invalid_grant"',
    "expires-in-string": 'expires_in: -3600 +"3600"',
    "no-refresh-token": "refresh_token: -… (gone)",
    "no-tools": "tools.echo: -",
}


def sessions(report):
    """Four faults that only time shows: by two runs of `trace --state-dir` and by the daemon, in the right words."""
    with workspace() as folder:
        labs = {fault: Lab(report.build, faults=[fault]) for fault in LASTING}
        try:
            by_trace(report, folder, labs)
            by_daemon(report, folder, labs)
        finally:
            for lab in labs.values():
                lab.__exit__()


def by_trace(report, folder, labs):
    begun = time.monotonic()
    for fault, lab in labs.items():
        first = trace(report.build, lab.origin, folder, "--state-dir", f"{folder}/{fault}", name=f"{fault}-1.json")
        report.equal(f"trace, {fault}: healthy at first", first.verdict, "healthy", first)
    time.sleep(max(0, begun + REFRESH_LIFETIME + 5 - time.monotonic()))
    for fault, lab in labs.items():
        restart(lab)
        check, verdict, words = LASTING[fault]
        second = trace(report.build, lab.origin, folder, "--state-dir", f"{folder}/{fault}", name=f"{fault}-2.json")
        report.equal(f"trace, {fault}: {verdict}", second.verdict, verdict, second)
        worst = [f for f in second.findings if f["severity"] in ("failure", "insecure")]
        report.equal(f"trace, {fault}: {check} at session is named first", (worst[0]["check"], worst[0]["step"]), (check, "session"), second)
        missing = [word for word in words if word not in worst[0]["message"]]
        report.equal(f"trace, {fault}: says so", missing, [], worst[0]["message"])
        report.equal(f"trace, {fault}: a login replaced it", second.outcome("mcp"), "passed", second)


def by_daemon(report, folder, labs):
    os.makedirs(f"{folder}/daemon", mode=0o700)
    # Between refreshes the third must have the time to die; the others are looked at often.
    targets = [
        {
            "name": fault, "server": lab.origin, "username": "testuser", "passwordFile": password_file(folder, "testpass"),
            "interval": f"{REFRESH_LIFETIME + 5}s" if fault == "refresh-expires-early" else "2s", "sessionInterval": "1s",
        }
        for fault, lab in labs.items()
    ]
    with Daemon(report.build, f"{folder}/daemon", targets) as daemon:
        restarted = [fault for fault in LASTING if "restart" in fault or "back" in fault]
        for fault in restarted:
            wait_for(f"{fault}: logins", lambda name=fault: daemon.runs(name, "login") >= 3, 60, pause=0.3)
            report.check(f"daemon, {fault}: good at first", daemon.verdict(fault) in ("healthy", "degraded"), daemon.health.get(fault))
            restart(labs[fault])
        for fault, (check, verdict, words) in LASTING.items():
            # The login that first meets a lost client says so; the next one tries the session that hung on it.
            signs = [f"check={check}", *words]
            line = wait_for(
                f"{fault}: {check}", lambda: (text := daemon.health.get(fault, "")) and all(sign in text for sign in signs) and text, 60, pause=0.1)
            report.check(f"daemon, {fault}: {verdict} at session", f" {verdict} since" in line and "step=session" in line, line)
            missing = [word for word in words if word not in line]
            report.equal(f"daemon, {fault}: says so", missing, [], line)
        for fault in restarted[:2]:
            alive = lambda: daemon.metric("session_alive", target=fault, canary="ordinary") == 1
            report.check(f"daemon, {fault}: a login replaced the session", wait_for(f"{fault}: a living session", alive, 30), "")
        # A second client is registered where the first was forgotten, and no further one.
        report.equal("daemon: one registration after the clients were lost", labs["clients-lost-on-restart"].stats["clients"], 1)
        report.equal("SIGTERM: exit 0", daemon.stop(), 0, daemon.output)


def restart(lab):
    fetch(f"{lab.origin}/-/restart", method="POST")


def traces(report):
    """`traces diff` has the cause of ten faults in five lines; the pair that shows it survives rotation; list, show, prune."""
    with Lab(report.build) as lab, workspace() as folder:
        trace(report.build, lab.origin, folder, "--state-dir", f"{folder}/state", name="good.json")
        for fault, cause in CAUSES.items():
            fetch(f"{lab.origin}/-/fault/{fault}", method="POST")
            trace(report.build, lab.origin, folder, name="bad.json")
            fetch(f"{lab.origin}/-/fault/{fault}", method="DELETE")
            answer = oauthwatch(report.build, "traces", "diff", "good.json", "bad.json", cwd=folder)
            head = "\n".join(answer.stdout.splitlines()[:5])
            report.check(f"diff, {fault}: the cause is in the first five lines", answer.returncode == 0 and cause in head, head + answer.stderr)
        same = oauthwatch(report.build, "traces", "diff", "good.json", "good.json", cwd=folder)
        report.check("diff: a trace does not differ from itself", "no request or answer differs" in same.stdout, same.stdout)
    rotation(report)


def rotation(report):
    with Lab(report.build) as lab, workspace() as folder:
        target = {
            "name": "lab", "server": lab.origin, "username": "testuser", "passwordFile": password_file(folder, "testpass"),
            "interval": "1s", "sessionInterval": "1h",
        }
        limits = {"maxFiles": 4}
        with Daemon(report.build, folder, [target], traces=limits) as daemon:
            wait_for("good logins", lambda: daemon.runs("lab", "login") >= 3, 60, pause=0.2)
            fetch(f"{lab.origin}/-/fault/code-refused", method="POST")
            failed = lambda: daemon.metric("runs_total", target="lab", kind="login", verdict="failed") or 0
            wait_for("the first failed login", lambda: failed() >= 1, 30)
            pair = verdicts(daemon)
            good = max(name for name, verdict in pair.items() if verdict == "healthy")
            bad = min(name for name, verdict in pair.items() if verdict == "failed")
            wait_for("many failed logins", lambda: failed() >= 12, 90, pause=0.2)
            left = verdicts(daemon)
            report.check("rotation: traces were removed", len(left) <= 5, left)
            report.check("rotation: the last good and the first failing trace are left", {good, bad} <= set(left), (good, bad, left))
            commands(report, f"{folder}/oauthwatch.yaml", good, bad)
            report.equal("SIGTERM: exit 0", daemon.stop(), 0, daemon.output)


def commands(report, configuration, good, bad):
    diff = oauthwatch(report.build, "traces", "diff", "--config", configuration)
    report.check("diff: takes the last good and the first failing one by itself", "400 instead of 200" in diff.stdout, diff.stdout + diff.stderr)
    listed = oauthwatch(report.build, "traces", "list", "--config", configuration, "--format", "json")
    entries = {os.path.basename(entry["file"]): entry for entry in json.loads(listed.stdout)}
    report.check("list: names what failed", entries[bad]["verdict"] == "failed" and entries[bad]["check"] == "token.status", listed.stdout)
    report.equal("list: names what was good", entries[good]["verdict"], "healthy", listed.stdout)
    shown = oauthwatch(report.build, "traces", "show", bad, "--config", configuration)
    report.check("show: a trace to read", "failure: token.status at token" in shown.stdout and "-> 400" in shown.stdout, shown.stdout[:1000] + shown.stderr)
    pruned = oauthwatch(report.build, "traces", "prune", "--dry-run", "--config", configuration)
    report.check("prune --dry-run: says what would go", pruned.returncode == 0 and "to remove" in pruned.stdout, pruned.stdout + pruned.stderr)
    wrong = oauthwatch(report.build, "traces", "list", "--directory", "/nowhere")
    report.check("list: names a directory that is not there", wrong.returncode == 66 and "/nowhere" in wrong.stderr, wrong.stderr)


def verdicts(daemon):
    """Trace file -> verdict; what rotation takes meanwhile is left out."""
    found = {}
    for path in daemon.trace_files("lab"):
        try:
            with open(path, encoding="utf-8") as file:
                found[os.path.basename(path)] = json.load(file)["metadata"]["verdict"]
        except FileNotFoundError:
            pass
    return found


def baseline(report):
    """A changed server is said to have changed, also by the failure that comes with it; `accept` takes it."""
    with Lab(report.build, faults=["metadata-changes-on-restart"]) as lab, workspace() as folder:
        target = {
            "name": "lab", "server": lab.origin, "username": "testuser", "passwordFile": password_file(folder, "testpass"),
            "interval": "1s", "sessionInterval": "1h", "baseline": "warning",
        }
        change = "metadata.scopes_supported: -admin"
        with Daemon(report.build, folder, [target]) as daemon:
            wait_for("a good login", lambda: daemon.verdict("lab") == "healthy", 30)
            restart(lab)
            line = wait_for("the change", lambda: (text := daemon.health.get("lab", "")) and change in text and text, 30)
            report.check("a change is a warning where configured", "degraded since" in line and "check=baseline.changed" in line, line)
            fetch(f"{lab.origin}/-/fault/code-refused", method="POST")
            line = wait_for("the failure", lambda: (text := daemon.health.get("lab", "")) and "check=token.status" in text and text, 30)
            report.check("the failure's message begins with the change", f"check=token.status changed: {change}" in line, line)
            fetch(f"{lab.origin}/-/fault/code-refused", method="DELETE")
            wait_for("the end of the failure", lambda: daemon.verdict("lab") == "degraded", 30)
            accepted = oauthwatch(report.build, "accept", "lab", "--config", f"{folder}/oauthwatch.yaml")
            report.check("accept: says what it takes", accepted.returncode == 0 and change in accepted.stdout, accepted.stdout + accepted.stderr)
            wait_for("health", lambda: daemon.verdict("lab") == "healthy", 30)
            runs = daemon.runs("lab", "login")
            wait_for("another login", lambda: daemon.runs("lab", "login") > runs + 1, 30)
            report.equal("accepted is accepted", daemon.verdict("lab"), "healthy", daemon.health)
            report.equal("SIGTERM: exit 0", daemon.stop(), 0, daemon.output)
        again = oauthwatch(report.build, "accept", "lab", "--config", f"{folder}/oauthwatch.yaml")
        report.check("accept: without a daemon, too", again.returncode == 0 and "nothing has changed" in again.stdout, again.stdout + again.stderr)
        one_shot(report, lab, folder)


def one_shot(report, lab, folder):
    state = ("--state-dir", f"{folder}/one-shot")
    trace(report.build, lab.origin, folder, *state, name="first.json")
    fetch(f"{lab.origin}/-/fault/http-endpoints", method="POST")
    second = trace(report.build, lab.origin, folder, *state, name="second.json")
    first = second.findings[0] if second.findings else {}
    report.check("trace: the change comes first in the JSON of a failure", first.get("check") == "baseline.changed" and second.code == 1, second)
    accepted = oauthwatch(report.build, "accept", lab.origin, *state)
    report.check("accept --state-dir: by the server's URL", accepted.returncode == 0 and "oauth.lab.invalid" in accepted.stdout, accepted.stdout + accepted.stderr)

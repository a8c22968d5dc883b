"""The other commands, and the exit codes of all."""

import os

from .checker import oauthwatch, trace, workspace
from .servers import Lab, free_port

USAGE, CONFIGURATION = 64, 78


def commands(report):
    """`init`, `check-config`, text output and exit codes do what the manual says."""
    with Lab(report.build) as lab, workspace() as folder:
        init_and_check(report, lab, folder)
        text_output(report, lab, folder)
        seed_defaults(report, lab, folder)
    with Lab(report.build, faults=["password-refused"]) as lab, workspace() as folder:
        report.equal("failed: exit 1", trace(report.build, lab.origin, folder).code, 1)
    with Lab(report.build, faults=["form-posts-elsewhere"]) as lab, workspace() as folder:
        report.equal("insecure: exit 2", trace(report.build, lab.origin, folder).code, 2)
    with Lab(report.build, faults=["no-s256", "no-resource-metadata"]) as lab, workspace() as folder:
        report.equal("degraded: exit 0", (result := trace(report.build, lab.origin, folder)).code, 0, result)
        report.equal("degraded with --strict: exit 3", trace(report.build, lab.origin, folder, "--strict").code, 3)
    with Lab(report.build, faults=["captcha"]) as lab, workspace() as folder:
        report.equal("inconclusive: exit 4", trace(report.build, lab.origin, folder).code, 4)
    with workspace() as folder:
        stopped = f"http://127.0.0.1:{free_port()}"
        report.equal("a stopped server has failed: exit 1", (result := trace(report.build, stopped, folder)).code, 1, result)
    usage(report)


def demo(report):
    """`demo` prints one green flow and the address of the health page, and `lab` names its faults."""
    answer = oauthwatch(report.build, "demo", "--once", limit=90)
    said = answer.stdout + answer.stderr
    report.equal("demo --once: exit code", answer.returncode, 0, said)
    report.check("demo: it prints the flow", "STEP 1" in said and "STEP 7" in said, said)
    report.check("demo: it prints the address of the page", "http://127.0.0.1:" in said and "/health" in said, said)
    answer = oauthwatch(report.build, "lab", "--list-faults")
    report.check("lab --list-faults: one a line", answer.returncode == 0 and answer.stdout.count("\n") > 60, answer.stderr)


def init_and_check(report, lab, folder):
    answer = oauthwatch(report.build, "init", lab.origin, cwd=folder)
    report.equal("init: exit code", answer.returncode, 0, answer.stderr)
    report.check("init: it prints a configuration for this server", lab.origin in answer.stdout, answer.stdout)
    path = f"{folder}/broken.yaml"
    with open(path, "w", encoding="utf-8") as file:
        file.write("listen: 127.0.0.1:0\nstateDirectory: state\ntraces:\n  directory: traces\ntargets:\n  - nam: x\n")
    answer = oauthwatch(report.build, "check-config", path, cwd=folder)
    said = answer.stdout + answer.stderr
    report.equal("check-config: an unknown key is an error", answer.returncode, CONFIGURATION, said)
    report.check("check-config: it names file, line and key", f"{path}:6:" in said and "nam" in said, said)


def text_output(report, lab, folder):
    answer = oauthwatch(
        report.build, "trace", "--server-url", lab.origin, "--username", "testuser", "--password", "testpass", cwd=folder
    )
    report.equal("text: exit code", answer.returncode, 0, answer.stdout + answer.stderr)
    for words in ("🚀 Starting OAuth 2.1 PKCE sequence trace...", "=" * 60, "🔍 STEP 1: Discovering OAuth endpoints...", "➡️", "✅"):
        report.check(f"text: it prints {words[:44]}", words in answer.stdout, answer.stdout[:1500])
    report.check("text: no colour where there is no terminal", "\x1b[" not in answer.stdout)
    report.check("text: --password warns", "password" in answer.stderr.lower(), answer.stderr)
    report.equal("text: the trace has the seed's name", sum(n.startswith("oauth_trace_") for n in os.listdir(folder)), 1)


def seed_defaults(report, lab, folder):
    answer = oauthwatch(
        report.build, "trace", "--quiet", "--save-trace", "seed.json", cwd=folder, OAUTH_SERVER_URL=lab.origin,
        OAUTH_TEST_USERNAME="testuser", OAUTH_TEST_PASSWORD="testpass", OAUTH_CLIENT_NAME="Another Name",
    )
    report.equal("the seed's environment variables: exit code", answer.returncode, 0, answer.stdout + answer.stderr)
    with open(f"{folder}/seed.json", encoding="utf-8") as file:
        report.check("OAUTH_CLIENT_NAME is the name of the client", '"Another Name"' in file.read())


def usage(report):
    answer = oauthwatch(report.build, "trace", "--no-such-flag")
    report.equal("an unknown flag: exit 64", answer.returncode, USAGE, answer.stderr)
    answer = oauthwatch(report.build, "trace", "--server-url", "no url")
    report.equal("a server URL that is none: exit 64", answer.returncode, USAGE, answer.stderr)
    answer = oauthwatch(report.build, "run", "--config", "/nowhere/oauthwatch.yaml")
    report.equal("a configuration that is not there: exit 78", answer.returncode, CONFIGURATION, answer.stderr)
    report.check("its path is named", "/nowhere/oauthwatch.yaml" in answer.stderr, answer.stderr)

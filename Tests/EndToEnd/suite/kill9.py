"""kill -9 at every point of a flow."""

import json
import os
import signal
import subprocess
import threading

from .checker import against_schema, clean_environment, trace, trace_command, workspace
from .recorder import Recorder
from .servers import Lab

KILLS = 100


class Killer:
    """Kills a process when a given piece passes the recorder: before the server has it, before the client has the answer, or
    just after that."""

    POINTS = ("before the request arrives", "before the answer arrives", "after the answer arrived")

    def __init__(self, recorder):
        self.recorder, self.point, self.number = recorder, None, 0
        self.pid, self.has_pid = None, threading.Event()
        recorder.on_request = lambda number: self.passes(0, number)
        recorder.on_answer = self.answer

    def arm(self, point, number):
        self.recorder.requests = self.recorder.answers = 0
        self.has_pid.clear()
        self.point, self.number = point, number

    def aim(self, pid):
        self.pid = pid
        self.has_pid.set()

    def answer(self, number):
        self.passes(1, number)
        if self.point == 2 and number == self.number:
            self.point = None
            threading.Timer(0.001 * (number % 4), self.kill).start()

    def passes(self, point, number):
        if self.point == point and number == self.number:
            self.point = None
            self.kill()

    def kill(self):
        self.has_pid.wait(5)
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:  # it had ended already
            pass


def killed_in_mid_flow(report):
    """100 flows die by kill -9 at different points: files stay whole, and no session is lost without a word."""
    with Lab(report.build) as lab, workspace() as folder:
        recorder = Recorder(lab.port)
        killer = Killer(recorder)
        state = f"{folder}/state"
        first = trace(report.build, recorder.origin, folder, "--state-dir", state)
        report.equal("the first flow is green", first.code, 0, first)
        killer.arm(None, 0)
        second = trace(report.build, recorder.origin, folder, "--state-dir", state)
        report.equal("the second flow uses the kept session", second.outcome("session"), "passed", second)
        points = [(point, number) for number in range(1, recorder.answers + 1) for point in range(3)]
        wounded, accused, silent, broken, told = 0, [], [], [], 0
        for turn in range(KILLS):
            point, number = points[turn * 7 % len(points)]
            place = f"kill {turn}, {Killer.POINTS[point]} {number}"
            killer.arm(point, number)
            wounded += kill_one(report, recorder, killer, folder, state, turn)
            killer.arm(None, 0)
            broken += unreadable(folder)
            after = trace(report.build, recorder.origin, folder, "--state-dir", state, name=f"after-{turn}.json")
            said = "session.interrupted" in [finding["check"] for finding in after.findings]
            told += said
            if after.code not in (0, 4):
                accused.append(f"{place}: {after}")
            if after.outcome("session") != "passed" or not said and after.outcome("session") == "skipped":
                silent.append(f"{place}: {after}")
        report.equal(f"{KILLS} flows were killed in mid-flow", wounded, KILLS)
        report.equal("every trace and state file parses", broken, [])
        report.equal("the healthy server is never accused", accused, [], "\n".join(accused))
        report.equal("no session is lost without a word", silent, [], "\n".join(silent))
        report.check("some kills did interrupt a session, and that was said", told > 0)
        report.equal("no code and no refresh token was used twice", lab.stats["replays"], 0)
        report.equal("the client table did not grow", lab.stats["clients"], 1)
        report.equal("every trace fits the schema", against_schema("trace.schema.json", json_files(folder, "after-")), "")
        recorder.close()


def kill_one(report, recorder, killer, folder, state, turn):
    """Starts a flow and lets the killer have it; whether it died of that."""
    command, _ = trace_command(report.build, recorder.origin, folder, "--state-dir", state, name=f"killed-{turn}.json")
    process = subprocess.Popen(
        command, cwd=folder, env=clean_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    killer.aim(process.pid)
    return process.wait(60) == -signal.SIGKILL


def json_files(folder, prefix=""):
    return [
        f"{place}/{name}"
        for place, _, names in os.walk(folder)
        for name in names
        if name.startswith(prefix) and name.endswith(".json")
    ]


def unreadable(folder):
    """Files that claim to be JSON and are not."""
    bad = []
    for path in json_files(folder):
        try:
            with open(path, encoding="utf-8") as file:
                json.load(file)
        except ValueError as error:
            bad.append(f"{path}: {error}")
    return bad

"""kill -9 at every point of a flow."""

import base64
import hashlib
import json
import os
import signal
import subprocess
import threading

from .checker import (
    against_schema, clean_environment, finish, password_file, trace_command, workspace, write_configuration,
)
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
        House(report, lab, recorder, folder).kill_all()
        recorder.close()


class House:
    """A lab behind a recorder, and one state directory that trace and daemon take turns to use."""

    def __init__(self, report, lab, recorder, folder):
        self.report, self.lab, self.recorder, self.folder = report, lab, recorder, folder
        self.killer = Killer(recorder)
        self.configuration = write_configuration(folder, [{
            "name": "watched", "server": recorder.origin, "username": "testuser",
            "passwordFile": password_file(folder, "testpass"), "interval": "1s", "sessionInterval": "1s",
        }])
        self.wounded, self.told = 0, 0
        self.broken, self.accused, self.silent = [], [], []

    def kill_all(self):
        report = self.report
        first = self.trace("first")
        report.equal("the first flow is green", first.code, 0, first)
        self.killer.arm(None, 0)
        second = self.trace("second")
        report.equal("the second flow uses the kept session", second.outcome("session"), "passed", second)
        points = [(point, number) for number in range(1, self.recorder.answers + 1) for point in range(3)]
        turn = 0
        while self.wounded < KILLS and turn < KILLS * 2:  # the last moments of a flow are over before the shot now and then
            self.kill(turn, *points[turn * 7 % len(points)])
            turn += 1
        report.equal(f"{KILLS} flows were killed in mid-flow", self.wounded, KILLS)
        report.equal("every trace and state file parses", self.broken, [])
        report.equal("the healthy server is never accused", self.accused, [])
        report.equal("no session is lost without a word", self.silent, [])
        report.check("some kills did interrupt a session, and that was said", self.told > 0)
        stats = self.lab.stats
        report.equal("no code and no refresh token was used twice", stats["replays"], 0)
        known = 1 + 2 * sum(map(is_first, range(turn)))
        report.check("a client is registered again only where none was known", stats["clients"] <= known, stats)
        traces = json_files(self.folder, "trace-")
        report.equal("every trace fits the schema", against_schema("trace.schema.json", traces), "")

    def kill(self, turn, point, number):
        """One flow dies; the next one, with the same state, tells what became of it."""
        state = f"first-{turn}" if is_first(turn) else "state"
        before = self.lab.stats["tokens_issued"]
        self.killer.arm(point, number)
        if is_daemon(turn):
            command = [f"{self.report.build}/oauthwatch", "run", "--config", self.configuration]
        else:
            command, _ = self.command(f"killed-{turn}", state)
        process = subprocess.Popen(
            command, cwd=self.folder, env=clean_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.killer.aim(process.pid)
        self.wounded += process.wait(60) == -signal.SIGKILL
        self.killer.arm(None, 0)
        self.broken += unreadable(self.folder)
        held = state == "state" or self.lab.stats["tokens_issued"] > before
        self.judge(turn, point, number, self.trace(f"after-{turn}", state), held)

    def judge(self, turn, point, number, after, held):
        """Whether the flow after a kill is fair to the server and open about the session that there was."""
        place = f"kill {turn}, {Killer.POINTS[point]} {number}: {after}"
        said = "session.interrupted" in [finding["check"] for finding in after.findings]
        self.told += said
        if after.code not in (0, 4):
            self.accused.append(place)
        if held and not said and after.outcome("session") != "passed":
            self.silent.append(place)

    def trace(self, name, state="state"):
        return finish(*self.command(name, state), self.folder)

    def command(self, name, state):
        options = ("--config", self.configuration, "--target", "watched", "--state-dir", f"{self.folder}/{state}")
        return trace_command(
            self.report.build, self.recorder.origin, self.folder, *options, password=None, name=f"trace-{name}.json")


def is_first(turn):
    """Every tenth flow is the first ever: with a state directory of its own."""
    return turn % 10 == 9


def is_daemon(turn):
    """Every fourth flow is the daemon's."""
    return turn % 4 == 2 and not is_first(turn)


def json_files(folder, prefix=""):
    return [
        f"{place}/{name}"
        for place, _, names in os.walk(folder)
        for name in names
        if name.startswith(prefix) and name.endswith(".json")
    ]


def whole(path):
    """Whether a state file holds a whole record: a line with the digest of the next one, and that."""
    with open(path, "rb") as file:
        header, _, rest = file.read().partition(b"\n")
    state = rest.partition(b"\n")[0]
    try:
        facts = json.loads(header)
        digest = hashlib.sha256(b"%d\n%b" % (facts["sequence"], state)).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == facts["digest"]
    except (ValueError, KeyError):
        return False


def unreadable(folder):
    """Files that claim to be JSON and are not, and states of which no slot is whole."""
    bad = []
    slots = {}
    for place, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".state"):
                slots.setdefault(f"{place}/{name[:-len('.0.state')]}", []).append(f"{place}/{name}")
    for target, paths in slots.items():
        written = [path for path in paths if os.path.getsize(path)]
        if written and not any(map(whole, written)):
            bad.append(f"{target}: no whole state")
    for path in json_files(folder):
        try:
            with open(path, encoding="utf-8") as file:
                json.load(file)
        except ValueError as error:
            bad.append(f"{path}: {error}")
    return bad

"""The official MCP Python SDK as the reference client: what it sends and what we send, request by request."""

import itertools
import json
import os
import re
import subprocess
import threading
from concurrent.futures import Future, ThreadPoolExecutor

from .checker import clean_environment, password_file, workspace
from .environments import HERE, environment
from .recorder import Recorder
from .report import Skip
from .sdk_scenes import listed, scenes
from .servers import Lab, fetch
from .wire import Comparison, mark_probes, requests

TABLE = f"{HERE}/sdk/differences.md"
SDKS = {"1.30.0": "mcp-sdk-1", "2.3.0": "mcp-sdk-2"}
LIMIT = 20  # seconds for one flow of the SDK: what moves no more waits for ever
AT_ONCE = 12


def compared_with_the_sdk(report):
    """What the SDK and we send differs only as the table explains, in every fault, variety and era of the lab."""
    table, sdks = Table(), {}
    for version, name in SDKS.items():
        try:
            sdks[version] = SDK(environment(name))
        except Skip as reason:
            report.skip(f"SDK {version}: {reason}")
    chosen = os.environ.get("OAUTHWATCH_SDK_SCENES")
    played = [scene for scene in scenes(report.build) if not chosen or re.fullmatch(chosen, scene.name)]
    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            # Those that wait go first, so that the others fill their time.
            order = sorted(played, key=lambda scene: not scene.is_slow)
            futures = {scene.name: start(report.build, scene, sdks, pool) for scene in order}
            for scene in played:
                judge(report, scene, futures[scene.name], table)
    finally:
        for sdk in sdks.values():
            sdk.close()
    if not chosen and len(sdks) == len(SDKS):
        left_out = listed(report.build).keys() - {fault for scene in played for fault in scene.faults}
        report.equal("every fault, variety and era that the lab lists was played", sorted(left_out), [])
        report.equal("every row of the table is needed", table.unused(), [])


def start(build, scene, sdks, pool):
    """Every play of a scene, each with a lab of its own: (version, mode) or our pin -> what will have come of it."""
    plays = {}
    for version, sdk in sdks.items():
        for mode in scene.modes.get(version[0], []):
            plays[version, mode] = pool.submit(play, build, scene, lambda origin, mode=mode, sdk=sdk: sdk.play(scene, origin, mode))
            if pin(scene, mode) not in plays:
                plays[pin(scene, mode)] = pool.submit(play, build, scene, Ours(build, scene, pin(scene, mode)))
    return plays


def pin(scene, mode):
    """The revision that we are told to speak, where the SDK is told one, too."""
    is_dual = any(fault.startswith("dual-era") for fault in scene.faults)
    return "2025-11-25" if is_dual and mode == "legacy" else mode if mode.startswith("20") else None


def play(build, scene, client):
    """Answers and requests of a client before a lab: of the first flow, and of the second where there is one."""
    host = "::1" if "ipv6" in scene.faults else "127.0.0.1"
    recorders = [Recorder(None, host=host), Recorder(None, host=host)]
    with Lab(build, faults=scene.faults, origins=[recorder.origin for recorder in recorders]) as lab:
        recorders[0].upstream, recorders[1].upstream = lab.port, lab.other_port
        try:
            answers, flows, seen = [], [], 0
            for again in (False, True) if scene.between else (False,):
                if again:
                    fetch(lab.origin + scene.between, method="POST")
                answers.append(placeless(client(recorders[0].origin), recorders))
                flow = requests(recorders)[seen:]
                seen += len(flow)
                if isinstance(client, Ours):
                    mark_probes(flow, client.trace)
                flows.append(flow)
        finally:
            if isinstance(client, Ours):
                client.close()
            for recorder in recorders:
                recorder.close()
    return answers, flows


def placeless(answer, recorders):
    for name, recorder in zip(("HOST", "OTHER"), recorders, strict=True):
        answer = answer.replace(recorder.origin.removeprefix("http://"), name)
    return answer


def judge(report, scene, plays, table):
    for key, future in plays.items():
        if not isinstance(key, tuple):
            continue
        version, mode = key
        answers, flows = future.result()
        own_answers, own_flows = plays[pin(scene, mode)].result()
        name = f"SDK {version} {mode}, lab {scene.name}"
        unexplained = []
        for number, (answer, own, sdk, ours) in enumerate(zip(answers, own_answers, flows, own_flows, strict=True)):
            when = " later" if number else ""
            unexplained += unexplained_of(f"{version} ", f"{scene.name}{when}", answer, own, Comparison(sdk, ours), table)
        report.check(f"{name}: every difference is explained", not unexplained, "\n".join(unexplained))


def unexplained_of(version, scene, answer, own, comparison, table):
    """The differences that no row explains."""
    got_through, we_got_through = answer == "ok", own in ("healthy", "degraded")
    left = [text for text in comparison.differences if not table.explains(scene, version + text)]
    theirs, ours = (
        [text for text in tail if not table.explains(scene, version + text)] for tail in (comparison.only_theirs, comparison.only_ours)
    )
    ends = []
    if got_through != we_got_through or (not got_through and ours) or (not we_got_through and theirs):
        ends.append(f"ends: SDK {answer}, we {own}")
    # What one sends alone after the other has stopped is explained by its stopping, which wants an explanation.
    left += theirs if we_got_through else []
    left += ours if got_through else []
    left += [text for text in ends if not table.explains(scene, version + text)]
    if left:
        left += [f"(after that {text})" for text in theirs + ours if text not in left]
    return [f"{scene}: {version}{text}" for text in left]


class SDK:
    """The SDK's process, which plays many scenes at once."""

    def __init__(self, interpreter):
        self.waiting, self.lock, self.numbers = {}, threading.Lock(), itertools.count()
        self.process = subprocess.Popen(
            [interpreter, f"{HERE}/sdk/client.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=clean_environment()
        )
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            answer = json.loads(line)
            with self.lock:
                future = self.waiting.pop(answer["id"])
            future.set_result(answer["answer"])
        with self.lock:
            for future in self.waiting.values():
                future.set_exception(RuntimeError("the SDK's client ended early"))

    def play(self, scene, origin, mode):
        """`ok`, or the SDK's error."""
        future = Future()
        redirect, name, _ = scene.client
        with self.lock:
            number = next(self.numbers)
            self.waiting[number] = future
            line = {
                "id": number, "url": origin + scene.path, "mode": mode, "user": scene.user, "password": scene.password,
                "redirect": redirect, "name": name, "limit": LIMIT, "memory": origin if scene.between else None, "document": scene.document,
            }
            self.process.stdin.write(json.dumps(line) + "\n")
            self.process.stdin.flush()
        return future.result(4 * LIMIT)

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Ours:
    """`oauthwatch trace` with the tool that the SDK's client calls, too; its state stays for a second flow."""

    def __init__(self, build, scene, revision):
        self.build, self.scene, self.revision = build, scene, revision
        self.folder = self.trace = None

    def __call__(self, origin):
        """The verdict, and what it found where that is no good one."""
        if self.folder is None:
            self.folder = workspace()
        folder = self.folder.name
        persona = self.scene.client[2]
        configuration = f"{folder}/oauthwatch.yaml"
        with open(configuration, "w", encoding="utf-8") as file:
            file.write(
                f"stateDirectory: {folder}/state\ntraces: {{directory: {folder}/traces}}\ntargets:\n"
                f"  - name: lab\n    server: '{origin}{self.scene.path}'\n    username: {self.scene.user}\n"
                f"    passwordFile: {password_file(folder, self.scene.password)}\n"
                "    tool: {name: echo, arguments: {text: jar}}\n" + (f"    revision: {self.revision}\n" if self.revision else "")
                + (f"    client: {{metadataDocument: '{self.scene.document}'}}\n" if self.scene.document else "")
            )
        command = [
            f"{self.build}/oauthwatch", "trace", "--guards", "none", "--config", configuration, "--format", "json", "--timeout", "10",
            "--save-trace", f"{folder}/t.json",
        ]
        command += ["--state-dir", f"{folder}/state"] if self.scene.between else []
        command += ["--persona", persona] if persona != "claude-desktop" else []
        answer = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=folder, env=clean_environment())
        if not answer.stdout.startswith("{"):
            raise RuntimeError(f"oauthwatch trace gave no result: {answer.stdout}{answer.stderr}")
        result = json.loads(answer.stdout)
        with open(f"{folder}/t.json", encoding="utf-8") as file:
            self.trace = json.load(file)
        worst = [f["check"] for f in result["findings"] if f["severity"] not in ("info", "warning")]
        return result["verdict"] + (f" ({', '.join(dict.fromkeys(worst))})" if worst else "")

    def close(self):
        if self.folder:
            self.folder.cleanup()


class Table:
    """The rows of differences.md: patterns in backquotes, and the explanation behind them.

    A row of two cells is of every scene; in one of three the first is a pattern of scenes' names, with their era or without.
    """

    def __init__(self):
        with open(TABLE, encoding="utf-8") as file:
            rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in file if line.startswith("| `")]
        self.rows = {tuple(self.pattern(cell) for cell in ([".*"] + row if len(row) == 2 else row)[:2]): 0 for row in rows if row[-1]}

    @staticmethod
    def pattern(cell):
        return re.compile(cell.strip("`").replace("\\|", "|"))

    def explains(self, scene, text):
        names = {scene, re.sub(r" in \d{4}-\d\d-\d\d", "", scene)}
        hits = [row for row in self.rows if any(map(row[0].fullmatch, names)) and row[1].fullmatch(text)]
        for row in hits:
            self.rows[row] += 1
        return bool(hits)

    def unused(self):
        return [f"{scenes.pattern}: {text.pattern}" for (scenes, text), uses in self.rows.items() if not uses]

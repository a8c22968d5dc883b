"""The alert soak: soak.py ALERT-SOAK RECEIVER DIRECTORY RUNS

Simulated runs with random faults go through the real alerts, disk and HTTP; the process is killed with SIGKILL at random
moments, and its receiver fails, hangs and answers late. In the end every incident must have been opened and resolved exactly
once by its keys, in order, and none be left over.
"""

import json
import os
import random
import subprocess
import sys
import time

PROGRAM, RECEIVER, DIRECTORY, RUNS = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
complaints = []
passed = 0


def check(good, text):
    global passed
    if good:
        passed += 1
        print(f"✔ {text}")
    else:
        complaints.append(text)
        print(f"✘ {text}")


def play(url):
    """Starts the process until it has done its runs, killing it again and again; gives the number of kills."""
    dots = f"{DIRECTORY}/dots"
    open(dots, "w", encoding="utf-8").close()
    kills = 0
    while (done := os.path.getsize(dots)) < RUNS:
        with open(dots, "a", encoding="utf-8") as out:
            process = subprocess.Popen([PROGRAM, "run", f"{DIRECTORY}/state", url, str(RUNS - done)], stdout=out)
            try:
                process.wait(random.uniform(0.1, 1.5))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                kills += 1
            if process.returncode not in (0, -9):
                raise SystemExit(f"alert-soak ended with {process.returncode}")
    return kills


def notifications(log):
    """What arrived, a digest taken apart, in order of arrival."""
    with open(log, encoding="utf-8") as file:
        for line in file:
            body = json.loads(line)["body"]
            yield from body["notifications"] if body["event"] == "digest" else [body]


def judge(log):
    arrived, bodies, digests = {}, {}, 0
    total = repeated = changed = 0
    for one in notifications(log):
        total += 1
        keys = arrived.setdefault(one["incident"], [])
        if one["key"] in keys:
            repeated += 1
            changed += bodies[one["key"]] != one
        else:
            keys.append(one["key"])
            bodies[one["key"]] = one
    events = {incident: [bodies[key]["event"] for key in keys] for incident, keys in arrived.items()}
    check(total > RUNS / 20, f"{total} notifications arrived, {repeated} of them again, of {len(events)} incidents")
    check(changed == 0, "what arrives again is the same")
    check(all(e.count("firing") == 1 for e in events.values()), "each incident was opened exactly once")
    check(all(e.count("resolved") == 1 for e in events.values()), "each incident was resolved exactly once")
    check(all(e[0] == "firing" and e[-1] == "resolved" for e in events.values()), "each in order: begin first, end last")
    reminders = sum(e.count("reminder") for e in events.values())
    joins = sum(e.count("joined") for e in events.values())
    check(RUNS < 2000 or (reminders > 0 and joins > 0), f"{reminders} reminders and {joins} joined targets were among them")


def main():
    os.makedirs(f"{DIRECTORY}/state", exist_ok=True)
    port_file, log = f"{DIRECTORY}/port", f"{DIRECTORY}/received"
    receiver = subprocess.Popen([sys.executable, RECEIVER, port_file, log, "0.25"])
    try:
        while not os.path.exists(port_file) or not open(port_file, encoding="utf-8").read().strip():
            time.sleep(0.05)
        url = f"http://127.0.0.1:{open(port_file, encoding='utf-8').read().strip()}/hook"
        kills = play(url)
        print(f"  {RUNS} runs, killed {kills} times")
        subprocess.run([PROGRAM, "settle", f"{DIRECTORY}/state", url], check=True, timeout=600)
        # Requests that hang at the receiver are taken in the end.
        time.sleep(1.5)
    finally:
        receiver.kill()
    judge(log)
    check(kills >= min(10, RUNS // 500), f"it was killed {kills} times")
    state = json.load(open(f"{DIRECTORY}/state/daemon/alerts.json", encoding="utf-8"))
    left = state["machine"]["incidents"] + state["outbox"]["waiting"]
    check(not left, "nothing is left open, nothing waits")
    print(f"{passed} passed, {len(complaints)} failed")
    return 1 if complaints else 0


sys.exit(main())

#!/usr/bin/env python3
"""Takes one flow out of a recording of the lab and writes it for bare_flow.

    requests.py RECORDING OUTPUT

The flows of a recording are told apart by the pauses between them; the one before the last is whole and, the daemon
having its client by then, like all later ones. Prints the number of its requests.
"""
import json
import sys
from datetime import datetime

PAUSE_SECONDS = 0.05
LEFT_TO_CURL = {"host", "content-length", "accept-encoding", "connection"}


def flows(lines):
    """Splits the requests where nothing came for a while."""
    flow, before = [], None
    for line in lines:
        request = json.loads(line)
        now = datetime.fromisoformat(request["at"])
        if before and (now - before).total_seconds() > PAUSE_SECONDS:
            yield flow
            flow = []
        flow.append(request)
        before = now
    yield flow


def written(request):
    """One request in the format of bare_flow."""
    fields = [f"{name}: {value}" for name, value in request["headers"] if name.lower() not in LEFT_TO_CURL]
    body = request["body"].encode()
    head = f"{request['method']} {request['target']}\n{len(fields)} {len(body)}\n"
    return head.encode() + "".join(f"{field}\n" for field in fields).encode() + body + b"\n"


def main():
    recording, output = sys.argv[1:]
    with open(recording, encoding="utf-8") as file:
        whole = list(flows(file))[1:-1]
    if not whole:
        sys.exit("requests.py: no whole flow in the recording")
    with open(output, "wb") as file:
        file.write(b"".join(written(request) for request in whole[-1]))
    print(len(whole[-1]))


main()

#!/usr/bin/env python3
"""Takes one flow out of a recording of the lab and writes it for bare_flow.

    requests.py RECORDING OUTPUT

Values that a server gives out anew in each flow become places to fill in: `{{access.1}}` for the second access token that
the flow was given, `{{access-0}}` for the first one that the flow before was given. The newest of these last ones come
first in the output, for the first flow. Taken is a whole flow of the length that most have. Prints the number of its
requests.
"""
import collections
import json
import re
import sys

LEFT_TO_CURL = {"host", "content-length", "accept-encoding", "connection"}
# As in bare_flow.c: what an answer may bring, and where it stands.
KINDS = {
    "access": r'"access_token":"([^"]*)',
    "refresh": r'"refresh_token":"([^"]*)',
    "code": r"code=([^&\r\n]*)",
    "session": r"\nMcp-Session-Id: ([^\r\n]*)",
    "cookie": r"\nSet-Cookie: ([^;\r\n]*)",
    "forgery": r'name="csrf_token" value="([^"]*)',
}


def flows(lines):
    """Splits the requests where one asks for the challenge: `initialize` without a token."""
    flow = []
    for line in lines:
        request = json.loads(line)
        names = {name.lower() for name, _ in request["headers"]}
        if request["status"] == 401 and "authorization" not in names and '"initialize"' in request["body"]:
            yield flow
            flow = []
        flow.append(request)
    yield flow


def given(flow):
    """What the server gave out in a flow: (kind, number) → value."""
    values = {}
    count = collections.Counter()
    for request in flow:
        answer = request["answer"]
        text = "".join(f"\n{name}: {value}" for name, value in answer["headers"]) + "\n" + answer["body"]
        for kind, pattern in KINDS.items():
            if match := re.search(pattern, text):
                values[kind, count[kind]] = match[1]
                count[kind] += 1
    return values


def chosen(whole):
    """The newest flow of the usual length, with the one before it, which has that length too."""
    usual = collections.Counter(map(len, whole)).most_common(1)[0][0]
    for before, flow in zip(whole[-2::-1], whole[:0:-1]):
        if len(before) == len(flow) == usual:
            return before, flow
    sys.exit("requests.py: no two whole flows of the usual length in the recording")


def written(request, places):
    """One request in the format of bare_flow."""
    def filled(text):
        for value, place in places.items():
            text = text.replace(value, place)
        return text

    kept = [f"{name}: {filled(value)}" for name, value in request["headers"] if name.lower() not in LEFT_TO_CURL]
    body = filled(request["body"]).encode()
    head = f"{request['method']} {filled(request['target'])}\n{len(kept)} {len(body)}\n"
    return head.encode() + "".join(f"{field}\n" for field in kept).encode() + body + b"\n"


def main():
    recording, output = sys.argv[1:]
    with open(recording, encoding="utf-8") as file:
        everything = list(flows(file))[1:]
    before, flow = chosen(everything[:-1])
    places = {value: "{{%s-%d}}" % key for key, value in given(before).items()}
    places |= {value: "{{%s.%d}}" % key for key, value in given(flow).items()}
    newest = {}
    for each in everything:
        newest |= given(each)
    with open(output, "wb") as file:
        file.write(b"%d\n" % len(newest))
        for (kind, number), value in newest.items():
            file.write(f"{kind} {number} {value}\n".encode())
        file.write(b"".join(written(request, places) for request in flow))
    print(len(flow))


main()

#!/usr/bin/env python3
"""Takes one flow out of a recording of the lab and writes it for bare_flow.

    requests.py RECORDING OUTPUT

Values that a server gives out anew in each flow become places to fill in, `{{access.1}}`: the second access token that the
flow was given. The flow before the last is whole and, the daemon having its client and its kept session by then, like all
later ones. Prints the number of its requests.
"""
import json
import re
import sys

LEFT_TO_CURL = {"host", "content-length", "accept-encoding", "connection"}


def flows(lines):
    """Splits the requests where one asks for the challenge: `initialize` without a token."""
    flow = []
    for line in lines:
        request = json.loads(line)
        if request["status"] == 401 and "authorization" not in fields(request) and '"initialize"' in request["body"]:
            yield flow
            flow = []
        flow.append(request)
    yield flow


def fields(request):
    return {name.lower(): value for name, value in request["headers"]}


class Values:
    """What the server gave out, by the place in which it comes back."""

    def __init__(self, flow_before):
        self.names = {}
        self.before = json.dumps(flow_before)
        self.token_answers = self.sessions = 0

    def learn(self, request):
        """Names the values that come back in this request for the first time."""
        sent = fields(request)
        if "authorization" in sent:
            self.name(sent["authorization"].removeprefix("Bearer "), "access", self.token_answers - 1)
        if "mcp-session-id" in sent and self.name(sent["mcp-session-id"], "session", self.sessions):
            self.sessions += 1
        if "cookie" in sent:
            self.name(sent["cookie"], "cookie", 0)
        form = dict(pair.partition("=")[::2] for pair in request["body"].split("&"))
        self.name(form.get("csrf_token"), "forgery", 0)
        self.name(form.get("code"), "code", 0)
        self.name(form.get("refresh_token"), "refresh", self.token_answers - 1)
        if "grant_type" in form and request["status"] == 200:
            self.token_answers += 1

    def learn_revoked(self, requests):
        """A refresh token that only the revocation shows came with the access token that is revoked beside it."""
        tokens = [re.match("token=([^&]*)", request["body"]) for request in requests]
        tokens = [match[1] for match in tokens if match]
        number = next((self.names[token][1] for token in tokens if token in self.names), None)
        for token in tokens:
            if number is not None:
                self.name(token, "refresh", number)

    def name(self, value, kind, number):
        # The kept session's tokens are those of the flow before, and stay as they are.
        if not value or value in self.names or value in self.before:
            return False
        if number < 0:
            sys.exit("requests.py: the flow begins with a token that it was not given")
        self.names[value] = (kind, number)
        return True

    def replaced(self, text):
        for value, (kind, number) in self.names.items():
            text = text.replace(value, "{{%s.%d}}" % (kind, number))
        return text


def written(request, values):
    """One request in the format of bare_flow."""
    kept = [f"{name}: {values.replaced(value)}" for name, value in request["headers"] if name.lower() not in LEFT_TO_CURL]
    body = values.replaced(request["body"]).encode()
    head = f"{request['method']} {values.replaced(request['target'])}\n{len(kept)} {len(body)}\n"
    return head.encode() + "".join(f"{field}\n" for field in kept).encode() + body + b"\n"


def main():
    recording, output = sys.argv[1:]
    with open(recording, encoding="utf-8") as file:
        whole = list(flows(file))[1:-1]
    if len(whole) < 2:
        sys.exit("requests.py: no two whole flows in the recording")
    values = Values(whole[-2])
    for request in whole[-1]:
        values.learn(request)
    values.learn_revoked(whole[-1])
    with open(output, "wb") as file:
        file.write(b"".join(written(request, values) for request in whole[-1]))
    print(len(whole[-1]))


main()

#!/usr/bin/env python3
"""Reads a trace as scripts written for oauth_sequence_tracer.py do, and prints a summary.

It knows only the fields that the seed's manual documents ("Trace File Structure"), so that it tells whether traces of
oauthwatch still serve those scripts. Usage: read_trace.py TRACE.json [...]
"""

import json
import sys
from datetime import datetime


def expect(condition, message):
    if not condition:
        sys.exit(f"not a trace as the seed writes it: {message}")


def fields(where, holder, names):
    for name in names:
        expect(name in holder, f"{where} has no {name}")
    return [holder[name] for name in names]


def read_request(entry):
    method, url, headers, params, data, body = fields(
        "request", entry, ["method", "url", "headers", "params", "data", "json"]
    )
    expect(isinstance(headers, dict), "headers of a request are no object")
    expect(params is None or isinstance(params, dict), "params are neither null nor an object")
    expect(data is None or isinstance(data, dict), "data are neither null nor an object")
    sent = "form" if data is not None else "JSON" if body is not None else "nothing"
    return f"{method} {url} ({sent})"


def read_response(entry):
    status, headers, body, text = fields("response", entry, ["status_code", "headers", "json", "text"])
    if status is None:
        return "no answer"
    expect(isinstance(status, int), "status_code is no number")
    expect(isinstance(headers, dict), "headers of a response are no object")
    expect(isinstance(text, str), "text of a response is no string")
    expect(all(name == name.lower() for name in headers), "a response's header name has capitals")
    kind = headers.get("content-type", "no content type")
    return f"{status} {kind} ({'JSON' if body is not None else f'{len(text)} characters'})"


def read(path):
    with open(path, encoding="utf-8") as file:
        trace = json.load(file)
    metadata, summary, log = fields("trace", trace, ["metadata", "sequence_summary", "trace_log"])
    server, user, began, count = fields("metadata", metadata, ["server_url", "username", "timestamp", "total_requests"])
    print(f"{server} as {user}, {datetime.fromisoformat(began):%Y-%m-%d %H:%M:%S}")
    requests = 0
    for entry in log:
        stamp, kind = fields("entry", entry, ["timestamp", "type"])
        expect(kind in ("request", "response"), f"an entry is of type {kind}")
        requests += kind == "request"
        line = read_request(entry) if kind == "request" else read_response(entry)
        print(f"  {datetime.fromisoformat(stamp):%H:%M:%S} {'->' if kind == 'request' else '<-'} {line}")
    expect(requests == count, f"total_requests is {count}, but there are {requests}")
    names = ["client_id", "auth_code_received", "access_token_received", "refresh_token_received"]
    for name, value in zip(names, fields("sequence_summary", summary, names)):
        expect(name == "client_id" or isinstance(value, bool), f"{name} is not true or false")
        print(f"  {name}: {value}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: read_trace.py TRACE.json [...]")
    for name in sys.argv[1:]:
        read(name)

"""Requests as they went over the wire, and in what two clients' differ."""

import difflib
import json
import re
import urllib.parse

# What differs from run to run stands for itself.
SECRET = {
    "state", "code", "code_challenge", "code_verifier", "client_id", "client_secret", "refresh_token", "token", "mcp-session-id",
    "csrf_token",
}
HOP = {"host", "content-length", "connection"}


class Request:
    """One request, with what differs from run to run left out."""

    def __init__(self, method, target, fields, body, origins):
        path, _, query = target.partition("?")
        self.at, self.origins, self.place = 0, origins, (method, path)
        self.fields = {name: value for name, value in fields.items() if name not in HOP}
        if "authorization" in self.fields:
            self.fields["authorization"] = self.fields["authorization"].split(" ")[0] + " *"
        if "cookie" in self.fields:
            self.fields["cookie"] = re.sub(r"=[^;]*", "=*", self.fields["cookie"])
        if "?" in self.fields.get("referer", ""):
            # The page is the request before, whose parameters are compared by name.
            page, _, its = self.fields["referer"].partition("?")
            self.fields["referer"] = f"{page}?{'&'.join(sorted(its.split('&')))}"
        self.body = self.members(body, fields.get("content-type", ""), method == "POST" and path.endswith("/authorize"))
        self.query = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        what = self.body.get("method") or self.body.get("grant_type") or ""
        proof = " with a token" if "authorization" in fields and path in ("/", "/mcp", "/mcp/") else ""
        era = " without handshake" if what.startswith("tools/") and "mcp-method" in fields else ""
        self.kind = f"{method} {re.sub('/register/.+', '/register/*', path)} {what}".strip() + era + proof

    @staticmethod
    def members(body, kind, is_page):
        if kind.startswith("application/x-www-form-urlencoded"):
            pairs = urllib.parse.parse_qsl(body.decode(), keep_blank_values=True)
            if not is_page:
                return dict(pairs)
            # Of a page all counts: which entries, how often, in which order.
            return {"entries": "&".join(f"{name}={'*' if name in SECRET else value}" for name, value in pairs)}
        if kind.startswith("application/json") and body:
            return flat(json.loads(body))
        return {}

    @property
    def facts(self):
        """Everything that is compared, by name."""
        named = {f"field {name}": value for name, value in self.fields.items()}
        named |= {f"query {name}": value for name, value in self.query.items()}
        named |= {f"body {name}": value for name, value in self.body.items()}
        return {name: "*" if name.split(" ", 1)[1] in SECRET else self.placeless(str(value)) for name, value in named.items()}

    def placeless(self, value):
        for name, origin in zip(("HOST", "OTHER"), self.origins, strict=True):
            for written in (origin.removeprefix("http://"), urllib.parse.quote(origin.removeprefix("http://"), safe="")):
                value = value.replace(written, name)
        # What is in a URL differs from run to run as it does elsewhere.
        return re.sub(r"\b(state|code|code_challenge|client_id|lab_[a-z]+|csrf_token)=[^&\s;]+", r"\1=*", value)


def flat(value, path=""):
    """Every leaf of a JSON value by its path; ids of requests are not compared."""
    if isinstance(value, dict) and value:
        return {k: v for name, part in value.items() for k, v in flat(part, f"{path}.{name}" if path else name).items() if k != "id"}
    return {path: json.dumps(value) if not isinstance(value, str) else value}


def requests(recorders):
    """The requests that came to the recorders of the lab's two origins, in order; those of the second are marked."""
    origins = [recorder.origin for recorder in recorders]
    found = []
    for place, recorder in zip(("", "OTHER"), recorders, strict=True):
        with recorder.lock:
            connections = [(bytes(c.sent), list(c.arrivals)) for c in recorder.connections]
        for sent, arrivals in connections:
            for request in parsed(sent, arrivals, origins):
                if place:
                    request.kind = request.kind.replace(" ", f" {place}", 1)
                found.append(request)
    return sorted(found, key=lambda request: request.at)


def parsed(data, arrivals, origins):
    begin = 0
    while (end := data.find(b"\r\n\r\n", begin)) >= 0:
        lines = data[begin:end].decode("latin-1").split("\r\n")
        method, target, _ = lines[0].split(" ")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        body_end = end + 4 + int(fields.get("content-length", 0))
        request = Request(method, target, fields, data[end + 4 : body_end], origins)
        request.at = max((moment for offset, moment in arrivals if offset <= begin), default=0)
        yield request
        begin = body_end


def mark_probes(found, trace):
    """Marks what our trace says that no client would send: the step `guard`."""
    said = [(e["method"], urllib.parse.urlsplit(e["url"]).path or "/", e["step"]) for e in trace["trace_log"] if e["type"] == "request"]
    step = None
    for request in found:
        # What is not in the trace is a request that libcurl repeated on a new connection.
        place = next((i for i, (method, path, _) in enumerate(said) if (method, path) == request.place), None)
        if place is not None:
            step = said[place][2]
            del said[: place + 1]
        if step == "guard":
            request.kind += " as a probe"


def by_kind(found):
    kinds = {}
    for request in found:
        kinds.setdefault(request.kind, []).append(request)
    return kinds


class Comparison:
    """Two clients before the same server: their differences, a line each.

    `differences` are those of requests that both sent, and those that one alone sent before the last that both sent.
    `only_theirs` and `only_ours` are the kinds that one alone sent after that: where the other has stopped, that is why.
    """

    def __init__(self, theirs, ours):
        sdk, own = by_kind(theirs), by_kind(ours)
        common = [kind for kind in sdk if kind in own]
        self.differences = [text for kind in common for text in self.facts(kind, sdk[kind], own[kind])]
        self.differences += self.order(common, [kind for kind in own if kind in sdk])
        self.only_theirs, self.only_ours = [], []
        for side, mine, other, tail in (("the SDK", sdk, own, self.only_theirs), ("we", own, sdk, self.only_ours)):
            last = max((i for i, kind in enumerate(mine) if kind in other), default=-1)
            for i, kind in enumerate(mine):
                if kind not in other:
                    (tail if i > last else self.differences).append(f"only {side}: {kind}")
        for kind in common:
            if len(sdk[kind]) != len(own[kind]):
                tail = self.only_theirs if len(sdk[kind]) > len(own[kind]) else self.only_ours
                tail.append(f"times: {kind}: SDK {len(sdk[kind])}, we {len(own[kind])}")

    @staticmethod
    def facts(kind, sdk, own):
        found = []
        for one, other in zip(sdk, own, strict=False):
            theirs, ours = one.facts, other.facts
            for name in sorted(theirs.keys() | ours.keys()):
                if theirs.get(name) != ours.get(name):
                    found.append(f"{kind}: {name}: SDK {theirs.get(name, 'nothing')}, we {ours.get(name, 'nothing')}")
        return list(dict.fromkeys(found))

    @staticmethod
    def order(theirs, ours):
        """The kinds that one side sent for the first time earlier than the other did, seen from those that keep their order."""
        blocks = difflib.SequenceMatcher(None, theirs, ours, autojunk=False).get_matching_blocks()
        kept = {kind for block in blocks for kind in theirs[block.a : block.a + block.size]}
        return [
            f"order: {kind}: SDK after {before(kind, theirs)}, we after {before(kind, ours)}" for kind in theirs if kind not in kept
        ]


def before(kind, kinds):
    return kinds[kinds.index(kind) - 1] if kinds.index(kind) else "nothing"

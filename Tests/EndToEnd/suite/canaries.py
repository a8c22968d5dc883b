"""The secrets of a flow, as they went over the wire, and the search for them elsewhere."""

import base64
import glob
import gzip
import html
import json
import os
import re
import secrets
import urllib.parse

# What the client sends, and what it is given.
SENT = {
    "verifier": rb"code_verifier=([^&\s]+)",
    "code": rb"[?&\n]code=([^&\s]+)",
    "CSRF field": rb"csrf[a-z_]*=([^&\s]+)",
}
RECEIVED = {
    "code": rb"(?i)\nlocation:[^\r\n]*[?&]code=([^&\s]+)",
    "access token": rb'"access_token"\s*:\s*"([^"]+)"',
    "refresh token": rb'"refresh_token"\s*:\s*"([^"]+)"',
    "id token": rb'"id_token"\s*:\s*"([^"]+)"',
    "client secret": rb'"client_secret"\s*:\s*"([^"]+)"',
    "registration access token": rb'"registration_access_token"\s*:\s*"([^"]+)"',
    "cookie": rb"(?i)\nset-cookie:\s*[^=;\s]+=([^;\r\n]+)",
}


def password():
    """A password like no other, with characters that look different in each encoding."""
    return f'c4nary+{secrets.token_urlsafe(9)}/&"<é'


def on_the_wire(sent, received):
    """Kind of secret -> the values seen in the recorded bytes."""
    found = {}
    for patterns, stream in ((SENT, sent), (RECEIVED, received)):
        for kind, pattern in patterns.items():
            for value in re.findall(pattern, stream):
                text = urllib.parse.unquote_plus(value.decode("utf-8", "replace")).strip('"')
                if len(text) >= 8:
                    found.setdefault(kind, set()).add(text)
    return found


def forms(value):
    """The ways in which a value may be written down."""
    raw = value.encode()
    return {
        raw,
        urllib.parse.quote(value, safe="").encode(),
        urllib.parse.quote_plus(value).encode(),
        html.escape(value).encode(),
        json.dumps(value)[1:-1].encode(),
        json.dumps(value, ensure_ascii=False)[1:-1].encode(),
        base64.b64encode(raw).rstrip(b"="),
        base64.urlsafe_b64encode(raw).rstrip(b"="),
        raw.hex().encode(),
    }


def leaks(found, places):
    """Which secrets of `found` (kind -> values) stand in `places` (name -> bytes); one line each, without the secret."""
    return [
        f"{kind} in {place}"
        for kind, values in found.items()
        for value in values
        for place, content in places.items()
        if any(form in content for form in forms(value))
    ]


def files(folder):
    """Name -> content of each file below `folder`, unpacked where it is compressed."""
    contents = {}
    for path in glob.glob(f"{folder}/**", recursive=True, include_hidden=True):
        if os.path.isfile(path):
            with open(path, "rb") as file:
                content = file.read()
            contents[path] = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
    return contents


def command_lines():
    """`pid name` -> argv of every process on this machine."""
    lines = {}
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                lines[path] = file.read()
        except OSError:  # it has ended meanwhile
            pass
    return lines

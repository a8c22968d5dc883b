"""Types lines into a real zsh on a terminal, presses Tab, and reads what it makes of them.

    zsh_completion.py DIRECTORY      the directory with the completion
"""
import os
import pty
import re
import select
import sys
import time

LINES = [("oauthwatch check-c", "check-config"), ("oauthwatch trace --password-f", "--password-file"),
         ("oauthwatch run --log-format js", "json"), ("oauthwatch lab --list-f", "--list-faults")]


def read_until(terminal: int, pattern: bytes, seconds: float) -> bytes:
    """What the shell shows, up to a pattern or the end of the time."""
    seen, end = b"", time.monotonic() + seconds
    while not re.search(pattern, seen) and time.monotonic() < end:
        if select.select([terminal], [], [], 0.2)[0]:
            seen += os.read(terminal, 65536)
    return seen


def main(directory: str) -> int:
    process, terminal = pty.fork()
    if process == 0:
        os.execvpe("zsh", ["zsh", "-f", "-i"], {"PATH": os.environ["PATH"], "TERM": "dumb", "HOME": "/nonexistent"})
    os.write(terminal, f"PS1='ready> '; fpath=({directory} $fpath); autoload -Uz compinit; compinit -u -D; unsetopt zle_bracketed_paste; echo go''ing\n".encode())
    read_until(terminal, rb"\ngoing", 30)
    for typed, expected in LINES:
        os.write(terminal, typed.encode() + b"\t")
        shown = read_until(terminal, re.escape(expected.encode()) + rb"\s", 20)
        os.write(terminal, b"\x15")
        if expected.encode() not in shown:
            print(f"{typed!r}: {expected!r} is not in {shown!r}")
            return 1
        print(expected)
    os.write(terminal, b"exit\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

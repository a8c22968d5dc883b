"""What is played before the SDK and us: every fault, variety and era that the lab has, as the lab itself lists them."""

import re
import subprocess
from dataclasses import dataclass, field

from .environments import ROOT

NEWEST = "revision-2026-07-28"
# Varieties that are an era of their own, and the modes in which SDK 2.x meets them; it meets the others with a handshake.
ERAS = {
    "revision-2025-03-26": ["auto", "legacy"], "revision-2025-06-18": ["auto", "legacy"],
    NEWEST: ["auto", "2026-07-28", "legacy"], "dual-era": ["auto", "legacy"], "dual-era-open": ["auto", "legacy"],
    "tools-call-only-2026-07-28": ["auto"], "open-door-2026-07-28": ["auto"],
}
# Not comparable in 2026-07-28, because they are what they are in an older era only.
HANDSHAKE_ONLY = {
    "session-required": "there are no sessions in 2026-07-28", "no-session": "there are no sessions in 2026-07-28",
    "no-prm": "resource metadata are a must since 2025-06-18", "no-metadata": "default endpoints ended with 2025-03-26",
    "tools-call-only": "its other era is `tools-call-only-2026-07-28`",
}
CLAUDE = ("https://claude.ai/api/mcp/auth_callback", "Claude", "claude")
DESKTOP = ("http://localhost:3000/callback", "Claude Desktop", "claude-desktop")


@dataclass(frozen=True)
class Scene:
    """One lab, and how it is played."""

    name: str
    faults: tuple
    modes: dict = field(default_factory=lambda: {"1": ["legacy"], "2": ["legacy"]}, hash=False)
    path: str = "/mcp"
    user: str = "testuser"
    password: str = "testpass"
    client: tuple = DESKTOP
    # What happens before the second flow of the same client: a path of the lab's controls.
    between: str | None = None
    is_slow: bool = False


def listed(build):
    """Id -> `fault` or `variety`, as the lab says."""
    answer = subprocess.run([f"{build}/oauthwatch-lab", "lab", "--list-faults"], capture_output=True, text=True, timeout=30, check=True)
    return {line.split()[0]: line.split()[1].rstrip(":") for line in answer.stdout.splitlines()}


def rehearsals():
    """Id -> how the lab's own table says that it is played."""
    with open(f"{ROOT}/docs/faults.md", encoding="utf-8") as file:
        rows = [line.split("|") for line in file if re.match(r"\| `[^`]+` \| (fault|variety) \|", line)]
    played = {}
    for row in rows:
        found = re.search(r"Played: (.*?)\.(?: *<br>| *$)", row[3].strip())
        played[row[1].strip(" `")] = found.group(1) if found else ""
    return played


def scenes(build):
    """Every scene; ValueError for a way of playing, or an id, that is known on one side only."""
    kinds, played = listed(build), rehearsals()
    if kinds.keys() != played.keys():
        raise ValueError(f"docs/faults.md and the lab disagree: {sorted(kinds.keys() ^ played.keys())}")
    if unknown := (ERAS.keys() | HANDSHAKE_ONLY.keys()) - kinds.keys():
        raise ValueError(f"the lab does not know {sorted(unknown)}")
    found = plain()
    for name, kind in kinds.items():
        found += rehearsed(name, played[name])
        if kind == "variety" and name not in ERAS and name not in HANDSHAKE_ONLY:
            found.append(newest(rehearsed(name, played[name])[0]))
    return found


def plain():
    """The lab without faults, and what no fault of its says."""
    return [
        Scene("plain", (), {"1": ["legacy"], "2": ["legacy", "auto"]}), Scene("plain at the root", (), path=""),
        Scene("no-prm at the root", ("no-prm",), path=""), Scene("path-issuer at the root", ("path-issuer",), path=""),
        Scene("chunked gzip", ("chunked", "gzip")),
        Scene("plain with a wrong password", (), password="not the password"),
        Scene("rejection-200 with a wrong password", ("rejection-200",), password="not the password"),
    ]


def newest(scene):
    """The same in 2026-07-28, which SDK 1.x does not know."""
    return Scene(
        f"{scene.name} in 2026-07-28", (*scene.faults, NEWEST), {"2": ["auto"]}, scene.path, scene.user, scene.password,
        scene.client, scene.between, scene.is_slow)


def rehearsed(name, how):
    """The scenes of one fault or variety."""
    modes = {"1": ["legacy"], "2": ERAS.get(name, ["legacy"])}
    options = {"modes": modes, "is_slow": name.split(".")[-1] in ("hang", "drip") or name.startswith("mcp.") or "slow" in name}
    if how in ("", "with `--guards all`", "with 15 s for each request", "with the endpoint `/mcp`"):
        return [Scene(name, (name,), **options)]
    if found := re.fullmatch(r"as `(\w+)`", how):
        return [Scene(name, (name,), user=found.group(1), **options)]
    if how == "two flows, the server restarted between them":
        return [Scene(name, (name,), between="/-/restart", **options)]
    if found := re.fullmatch(r"two flows, (\d+) s between them", how):
        return [Scene(name, (name,), between=f"/-/skip/{found.group(1)}", **options)]
    if how == "by `claude-desktop` and `claude`":
        return [Scene(name, (name,), **options), Scene(f"{name} for claude", (name,), client=CLAUDE, **options)]
    raise ValueError(f"{name}: the suite does not know how to play “{how}”")

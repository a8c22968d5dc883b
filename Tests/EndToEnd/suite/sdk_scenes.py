"""What is played before the SDK and us: every fault, variety and era that the lab has, as the lab itself lists them."""

import re
import subprocess
from dataclasses import dataclass, field, replace

from .environments import ROOT

NEWEST = "revision-2026-07-28"
# Varieties that are an era of their own, and the modes in which SDK 2.x meets them; it meets the others with a handshake.
ERAS = {
    "revision-2025-03-26": ["auto", "legacy"], "revision-2025-06-18": ["auto", "legacy"],
    NEWEST: ["auto", "2026-07-28", "legacy"], "dual-era": ["auto", "legacy"], "dual-era-open": ["auto", "legacy"],
    "tools-call-only-2026-07-28": ["auto"], "open-door-2026-07-28": ["auto"],
}
# The eras in which every variety is played, and in the newest every fault, besides the lab's own, 2025-11-25; SDK 1.x does
# not know the newest.
PLAYED_IN = {
    "revision-2025-03-26": {"1": ["legacy"], "2": ["auto"]}, "revision-2025-06-18": {"1": ["legacy"], "2": ["auto"]},
    NEWEST: {"2": ["auto"]},
}
# Not comparable in an era, because it does not have what they vary.
NOT_COMPARABLE = {
    "revision-2025-03-26": {
        "no-prm": "there are no resource metadata", "prm-odd-url": "there are no resource metadata",
        "metadata-to-other-origin": "resource metadata lead there",
    },
    "revision-2025-06-18": {},
    NEWEST: {
        "session-required": "there are no sessions", "no-session": "there are no sessions",
        "no-prm": "resource metadata are a must", "no-metadata": "there are no default endpoints",
        "tools-call-only": "it is `tools-call-only-2026-07-28`",
    },
}
DOCUMENT = "https://client.example/oauthwatch.json"
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
    # URL of the client's metadata document, which neither fetches.
    document: str | None = None
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
    if unknown := (ERAS.keys() | NOT_COMPARABLE.keys() | {name for left in NOT_COMPARABLE.values() for name in left}) - kinds.keys():
        raise ValueError(f"the lab does not know {sorted(unknown)}")
    found = plain()
    for name, kind in kinds.items():
        found += (own := rehearsed(name, played[name]))
        eras = [] if name in ERAS else PLAYED_IN if kind == "variety" else [NEWEST]
        found += [in_era(scene, era) for era in eras if name not in NOT_COMPARABLE[era] for scene in own]
    return found


def plain():
    """The lab without faults, and what no fault of its says."""
    return [
        Scene("plain", (), {"1": ["legacy"], "2": ["legacy", "auto"]}), Scene("plain at the root", (), path=""),
        Scene("no-prm at the root", ("no-prm",), path=""), Scene("path-issuer at the root", ("path-issuer",), path=""),
        Scene("chunked gzip", ("chunked", "gzip")),
        Scene("plain with a document", (), document=DOCUMENT),
        Scene("client-documents with a document", ("client-documents",), document=DOCUMENT),
        in_era(Scene("client-documents with a document", ("client-documents",), document=DOCUMENT), NEWEST),
        Scene("plain with a wrong password", (), password="not the password"),
        Scene("rejection-200 with a wrong password", ("rejection-200",), password="not the password"),
    ]


def in_era(scene, era):
    """The same in an era that is not the lab's own."""
    name = f"{scene.name} in {era.removeprefix('revision-')}"
    return replace(scene, name=name, faults=(*scene.faults, era), modes=PLAYED_IN[era])


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

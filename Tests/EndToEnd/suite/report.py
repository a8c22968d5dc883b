"""What was checked and how it went."""

import sys
import traceback


class Skip(Exception):
    """A part cannot run here; the text says why."""


class Report:
    """Counts and prints what was checked; `build` is where the programs are."""

    def __init__(self, build):
        self.build = build
        self.passed, self.failures, self.skips = 0, [], []
        self.part = ""

    def check(self, claim, holds, seen=""):
        """Notes whether `claim` holds; `seen` is shown when it does not."""
        if holds:
            self.passed += 1
            print(f"  ok    {claim}", flush=True)
        else:
            self.failures.append(f"{self.part}: {claim}")
            print(f"  FAIL  {claim}", flush=True)
            for line in str(seen).strip().splitlines()[:40]:
                print(f"        {line}", flush=True)
        return holds

    def equal(self, claim, actual, expected, seen=""):
        """Notes whether `actual` is `expected`."""
        return self.check(claim, actual == expected, f"expected {expected!r}, was {actual!r}\n{seen}")

    def skip(self, reason):
        """Notes loudly that something could not be checked here."""
        self.skips.append(f"{self.part}: {reason}")
        print(f"  SKIPPED  {reason}", flush=True)

    def run(self, name, part):
        """Runs one part; what it throws is a failure, what it skips is noted loudly."""
        self.part = name
        print(f"\n== {name}: {(part.__doc__ or '').strip().splitlines()[0]}", flush=True)
        try:
            part(self)
        except Skip as reason:
            self.skip(reason)
        except Exception:  # a broken part must not hide the others
            self.check("the part ends without an error", False, traceback.format_exc())

    def close(self):
        """Prints the closing line; the exit code."""
        print()
        for failure in self.failures:
            print(f"FAILED   {failure}")
        for skip in self.skips:
            print(f"SKIPPED  {skip}")
        print(f"{self.passed} passed, {len(self.failures)} failed, {len(self.skips)} skipped", flush=True)
        sys.stdout.flush()
        return 1 if self.failures or not self.passed else 0

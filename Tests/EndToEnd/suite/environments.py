"""Python interpreters and the virtual environments of the servers."""

import functools
import glob
import hashlib
import os
import shutil
import subprocess
import sys

from .report import Skip

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(os.path.dirname(HERE))
OLDEST = (3, 12)


@functools.cache
def python():
    """An interpreter that is new enough for the servers, with venv; raises Skip when there is none."""
    names = [shutil.which(name) for name in ("python3.13", "python3.12", "python3")]
    pyenv = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    names += sorted(glob.glob(f"{pyenv}/versions/*/bin/python3"), reverse=True)
    probe = "import sys, venv, ensurepip; print(*sys.version_info[:2])"
    for name in filter(None, names):
        answer = subprocess.run([name, "-c", probe], capture_output=True, text=True, timeout=60)
        if answer.returncode == 0 and tuple(map(int, answer.stdout.split())) >= OLDEST:
            return name
    raise Skip(f"no Python {'.'.join(map(str, OLDEST))} or newer with venv on PATH or among pyenv's versions")


@functools.cache
def environment(name):
    """The interpreter of the virtual environment for `servers/NAME` or, for `tools`, of the suite itself."""
    folder = f"{HERE}/{name}" if name == "tools" else f"{HERE}/servers/{name}"
    requirements = f"{folder}/requirements.txt"
    with open(requirements, "rb") as file:
        wanted = hashlib.sha256(file.read()).hexdigest()
    place = f"{os.environ.get('OAUTHWATCH_VENVS') or ROOT + '/.build'}/venv-{name}"
    interpreter, stamp = f"{place}/bin/python", f"{place}/requirements.sha256"
    if os.path.exists(stamp) and open(stamp).read() == wanted and runs(interpreter):
        return interpreter
    maker = sys.executable if name == "tools" else python()
    shutil.rmtree(place, ignore_errors=True)
    print(f"  making {place}", flush=True)
    for command in (
        [maker, "-m", "venv", place],
        [interpreter, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r", requirements],
    ):
        answer = subprocess.run(command, capture_output=True, text=True, timeout=600)
        if answer.returncode != 0:
            shutil.rmtree(place, ignore_errors=True)
            raise Skip(f"{name}: {' '.join(command[1:4])} failed: {answer.stderr.strip()[-400:]}")
    with open(stamp, "w") as file:
        file.write(wanted)
    return interpreter


def runs(interpreter):
    return os.path.exists(interpreter) and subprocess.run([interpreter, "-c", ""], timeout=60).returncode == 0

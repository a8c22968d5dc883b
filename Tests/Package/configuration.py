"""The schema for editors against the program: what the program takes, the schema takes; plain mistakes neither takes.

    configuration.py PROGRAM
"""
import copy
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import jsonschema
import yaml

CONFIG = Path(__file__).resolve().parents[2] / "config"


class Loader(yaml.SafeLoader):
    """YAML 1.2's truth values, as the program reads them: `on` and `off` are text."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))


def mistakes(example: dict):
    """Configurations with one plain mistake each, and what it is."""
    def broken(what, change):
        wrong = copy.deepcopy(example)
        change(wrong)
        return what, wrong

    yield broken("an unknown key", lambda c: c.update(intervall="5s"))
    yield broken("an unknown key of a target", lambda c: c["targets"][0].update(passwortFile="x"))
    yield broken("a duration without unit", lambda c: c["targets"][0].update(interval=30))
    yield broken("a size of another unit", lambda c: c["traces"].update(maxSize="3MB"))
    yield broken("a required key missing", lambda c: c["targets"][0].pop("server"))
    yield broken("a word that is none", lambda c: c["targets"][0].update(ipVersion="5"))
    yield broken("a number out of range", lambda c: c["targets"][0].update(budgets={"registrationsPerDay": 99}))
    yield broken("a list that is none", lambda c: c.update(targets={}))
    yield broken("no address", lambda c: c.update(listen="here"))
    yield broken("a flag that is none", lambda c: c.update(reloadEndpoint="perhaps"))


def main(program: str) -> int:
    validator = jsonschema.Draft7Validator(json.loads((CONFIG / "oauthwatch.schema.json").read_text()))
    jsonschema.Draft7Validator.check_schema(validator.schema)

    def taken(configuration: dict) -> bool:
        with tempfile.TemporaryDirectory() as folder:
            for name in ("mcp.bobjansen.net", "accounts", "accounts-client"):
                secret = Path(folder) / "credentials" / name
                secret.parent.mkdir(exist_ok=True)
                secret.write_text("secret\n")
                secret.chmod(0o600)
            file = Path(folder) / "oauthwatch.yaml"
            file.write_text(yaml.safe_dump(configuration, sort_keys=False))
            return subprocess.run([program, "check-config", str(file)], capture_output=True).returncode == 0

    faults, examples = [], sorted(CONFIG.glob("*.yaml"))
    for path in examples:
        example = yaml.load(path.read_text(), Loader)
        faults += [f"{path.name}: the schema: {error.message}" for error in validator.iter_errors(example)]
        faults += [] if taken(example) else [f"{path.name}: the program does not take it"]
    tried = list(mistakes(yaml.load((CONFIG / "oauthwatch.minimal.yaml").read_text(), Loader)))
    for what, wrong in tried:
        faults += [f"{what}: the schema takes it"] if validator.is_valid(wrong) else []
        faults += [f"{what}: the program takes it"] if taken(wrong) else []
    print("\n".join(faults) or f"schema and program agree on {len(examples)} examples and {len(tried)} mistakes")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

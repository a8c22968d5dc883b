"""Validates JSON files against a schema: validate.py SCHEMA FILE... Exit 1 and a line for each complaint."""

import json
import sys

import jsonschema


def main() -> int:
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    complaints = 0
    for path in sys.argv[2:]:
        with open(path, encoding="utf-8") as file:
            for error in validator.iter_errors(json.load(file)):
                complaints += 1
                print(f"{path}: {error.json_path}: {error.message[:200]}")
    return 1 if complaints or len(sys.argv) < 3 else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/python3
"""Validates the sample reports against the published schema.

validate.py SCHEMA WRITE_SAMPLES [WORD]: runs WRITE_SAMPLES, with WORD in front
of the directory, and checks each JSON file that it writes. The schema lets later versions add members; here every member
has to be documented, so each object of the schema is closed first. Ends with
77 (skipped) where Debian's python3-jsonschema is missing.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(77)


def closed(schema):
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and "type" in schema:
        result.setdefault("additionalProperties", False)
    return result


def main():
    schema = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(closed(schema))
    failures = 0
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run([*sys.argv[2:], directory], check=True)
        reports = sorted(pathlib.Path(directory).glob("*.json"))
        for path in reports:
            document = json.loads(path.read_text(encoding="ascii"))
            for error in validator.iter_errors(document):
                failures += 1
                print(f"{path.name}: {error.json_path}: {error.message[:300]}")
            if "checklist" not in document:
                continue
            broken = dict(document, checklist=document["checklist"][:12])
            if validator.is_valid(broken):
                failures += 1
                print(f"{path.name}: a report with twelve rows is not refused")
    print(f"{len(reports)} reports, {failures} failures")
    return 1 if failures or not reports else 0


sys.exit(main())

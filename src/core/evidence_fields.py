#!/usr/bin/env python3
"""Lists the fields of every Evidence struct, read from the public headers.

usage: evidence_fields.py OUTPUT HEADER...

The headers are the one home of the facts; this writes a visitor per struct so
that evidence_json.cpp can neither forget a field nor invent one. The headers
keep to one member a line (or several of one type), which is all that is read.
"""
import re
import sys

STRUCT = re.compile(r"^struct (\w+) \{[^\n]*\n(.*?)^\};", re.S | re.M)
MEMBER = re.compile(r"^  ([\w:<>, \*]+?)\s(\w+(?:,\s*\w+)*)(\s*=\s*[^;]*|\{[^;]*\})?;$")
NOT_A_TYPE = ("return", "auto", "static", "using", "[[", "for", "if")


def fields_of(body):
    depth, names = 0, []
    for raw in body.split("\n"):
        line = re.sub(r"//.*", "", raw).rstrip()
        member = MEMBER.match(line) if depth == 0 else None
        if member and "(" not in line.split("=")[0] and not line.strip().startswith(NOT_A_TYPE):
            names += [name.strip() for name in member.group(2).split(",")]
        depth += line.count("{") - line.count("}")
    return names


def main(output, headers):
    structs = []
    for header in headers:
        with open(header, encoding="utf-8") as file:
            structs += [(name, fields_of(body)) for name, body in STRUCT.findall(file.read())]
    lines = ["// Generated from the public headers by evidence_fields.py.\n"]
    for name, fields in structs:
        if not fields:
            sys.exit(f"{name}: no fields found")
        visits = "".join(f'    visit("{field}", object.{field});\n' for field in fields)
        lines.append(
            f"template <>\nstruct Fields<{name}> {{\n"
            f"  template <class Object, class Visit>\n"
            f"  static void each(Object& object, Visit&& visit) {{\n{visits}  }}\n}};\n")
    with open(output, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

#!/usr/bin/env python3
"""Makes the three files of a new check and its line in list.cmake.

usage: checks/new_check.py FAMILY NAME CODE "What must hold" [--needs port,tls_survey]
                           [--severity high] [--core 1,5] [--supports 7]
                           [--control hipaa.312.e.1]...

Example: checks/new_check.py ciphers no_null_suite RTA-CIP-008 "No NULL suite is offered"
                           --needs tls_survey --supports 2 --control nist.SC-13
"""
import argparse
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent

CODE = '''#include <redis_tls_audit/check.h>

namespace rta::checks {{
namespace {{

constexpr std::array kControls{{{controls}}};

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {{
  for (const Endpoint& endpoint : evidence.endpoints) {{
    const Subject subject = Subject::endpoint(endpoint.key);
    // Judge what was observed here; a Gap becomes findings.unknown(subject, *gap).
    findings.unknown(subject, "this check does not judge yet", GapReason::internal_error);
  }}
  if (findings.empty())
    findings.unknown(Subject::deployment(), "no endpoint is known", GapReason::not_requested);
}}

}}  // namespace

extern const Check {symbol};
constexpr Check {symbol}{{
    .info = {{.code = "{code}",
             .title = "{title}",
             .core = {{{core}}},
             .supports = {{{supports}}},
             .severity = Severity::{severity},
             .statuses = {{Status::unknown}},
             .needs = {{{needs}}},
             .controls = kControls,
             .remediation = ""}},
    .evaluate = evaluate,
}};

}}  // namespace rta::checks
'''

PAGE = '''# {title}

## What

## Why

## Evidence

## Remediation

## Limits

## References
'''

TEST = '''#include <doctest/doctest.h>

#include "tests/support/check_story.h"

namespace rta::checks {{
extern const Check {symbol};
}}

using namespace rta;
using rta::testing::Verdicts;
using rta::testing::verdicts;

TEST_CASE("{title}: nothing seen is unknown") {{
  CHECK(verdicts(checks::{symbol}, rta::testing::story()) ==
        Verdicts{{{{"deployment", Status::unknown}}}});
}}
'''


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("family")
    parser.add_argument("name")
    parser.add_argument("code")
    parser.add_argument("title")
    parser.add_argument("--needs", default="port")
    parser.add_argument("--severity", default="medium", choices=["info", "low", "medium", "high", "critical"])
    parser.add_argument("--core", default="")
    parser.add_argument("--supports", default="")
    parser.add_argument("--control", action="append", default=[])
    given = parser.parse_args()
    if not re.fullmatch(r"[a-z][a-z0-9_]*", given.family) or not re.fullmatch(r"[a-z][a-z0-9_]*", given.name):
        parser.error("family and name are lower case with underscores")
    if not re.fullmatch(r"RTA-[A-Z]+-\d{3}", given.code):
        parser.error("a code looks like RTA-CIP-008")
    if not given.core and not given.supports:
        parser.error("say which items of the checklist it decides (--core) or informs (--supports)")
    return given


def main():
    given = arguments()
    folder = HERE / given.family
    if (folder / f"{given.name}.cpp").exists():
        sys.exit(f"checks/{given.family}/{given.name}.cpp exists already")
    items = lambda text: ", ".join("kItemS" if item == "S" else item for item in text.split(",") if item)
    values = {
        "symbol": f"{given.family}_{given.name}", "code": given.code, "title": given.title,
        "severity": given.severity, "core": items(given.core), "supports": items(given.supports),
        "needs": ", ".join(f"Need::{need}" for need in given.needs.split(",")),
        "controls": ", ".join(f'"{control}"sv' for control in given.control or ["add a control"]),
    }
    folder.mkdir(exist_ok=True)
    for suffix, template in ((".cpp", CODE), (".md", PAGE), ("_test.cpp", TEST)):
        (folder / f"{given.name}{suffix}").write_text(template.format(**values), encoding="utf-8")
    listing = HERE / "list.cmake"
    lines = listing.read_text(encoding="utf-8").splitlines()
    checks = sorted({line for line in lines if line.startswith("rta_check(")} | {f"rta_check({given.family} {given.name})"})
    listing.write_text("\n".join([line for line in lines if line.startswith("#")] + checks) + "\n", encoding="utf-8")
    print(f"made checks/{given.family}/{given.name}.cpp, .md and _test.cpp; now write the judgement, its stories and the page")


if __name__ == "__main__":
    main()

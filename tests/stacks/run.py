#!/usr/bin/env python3
"""Compares the survey with what real TLS servers really offer.

    run.py [--home DIRECTORY] [--program PATH] [--default] [--everything] [PART-OF-A-NAME...]

Each server of catalogue.py is started on loopback. What it offers is found in
two other ways: each code point alone (truth.py), and the server's own list
where it has one. Printed are the version-suite pairs that the survey missed,
those that it invented, and where the two other ways differ. The exit code is 1
when something was missed, invented, left open or not started. The gate is asked
twice and compared with the same truth (gate.py).
"""

import argparse
import csv
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import finished
import gate
import truth
from catalogue import STACKS, Tools
from server import HERE, Keys, Unavailable


def registry(name):
    with open(HERE.parent.parent / f"src/tls/registry/{name}.csv", encoding="utf-8") as table:
        return {int(row["code"], 16): row for row in csv.DictReader(table)}


def real_groups(endpoint, real):
    """{version: groups}; TLS 1.2 only where a suite lets a curve stand alone: with an ECDSA
    certificate the certificate's own curve has to be offered as well."""
    names = registry("suites")
    curves = [suite for suite in real["TLS 1.2"] if names.get(suite, {"name": ""})["name"].startswith("TLS_ECDHE_RSA_WITH")]
    found = {}
    if real["TLS 1.3"]:
        found["TLS 1.3"] = endpoint.groups_alone(0x0304, list(real["TLS 1.3"]), registry("groups"))
    if curves:
        elliptic = [code for code, row in registry("groups").items() if code < 0x1F]
        found["TLS 1.2"] = endpoint.groups_alone(0x0303, curves, elliptic)
    return found


def compare_groups(real, survey, result):
    seen = {one["version"]: one for one in survey["groups"]}
    for version, groups in real.items():
        if not groups:
            continue
        found = {int(group["code"], 16) for group in seen[version]["accepted"]} if version in seen else set()
        result.bad("groups missed", {(version, group) for group in groups - found})
        result.bad("groups false", {(version, group) for group in found - groups})
        if version in seen and not seen[version]["complete"]:
            result.problems.append(f"open: groups of {version}: {seen[version]['incomplete_reason']}")


def survey(program, port, flags):
    """What the product writes of one endpoint."""
    command = [program, "probe", f"127.0.0.1:{port}", "-o", "json", "--timeout", "240", *flags]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        raise RuntimeError(f"exit {done.returncode}: {done.stderr}")
    endpoint = json.loads(done.stdout)["endpoints"][0]
    if "gap" in endpoint["tls"]:
        raise RuntimeError(f"no survey: {endpoint['tls']}")
    return endpoint


def pairs_of_survey(endpoint):
    """({(version, suite, kind)}, what stayed open)."""
    found, still_open = set(), []
    tls = endpoint["tls"]
    for offer in tls["versions"]:
        if offer["answer"] not in ("supported", "not_supported"):
            still_open.append(f"{offer['version']}: {offer['answer']}: {offer['reason']}")
    for inventory in tls["suites"]:
        for kind in ("accepted", "broken_off"):
            for suite in inventory[kind]:
                found.add((inventory["version"], int(suite["code"], 16), kind))
        if not inventory["complete"]:
            still_open.append(f"{inventory['version']}: {inventory['incomplete_reason']}")
    return found, still_open


def text_of(pairs):
    by_version = {}
    for version, suite, *kind in sorted(pairs):
        by_version.setdefault(version, []).append(f"{suite:04x}" + ("!" if kind == ["broken_off"] else ""))
    return "; ".join(f"{version}: {' '.join(suites)}" for version, suites in by_version.items())


class Comparison:
    def __init__(self, name):
        self.name, self.problems = name, []

    def bad(self, what, pairs):
        if pairs:
            self.problems.append(f"{len(pairs)} {what}: {text_of(pairs)}")


def gates(stack, arguments, port):
    """{how it was asked: what the gate says}: as it is, and all at one time, as far as the server can."""
    hows = (("gate", ()), ("gate at once", ("--aggressive",)))
    found = {}
    for how, flags in hows:
        found[how] = survey(arguments.program, port, ["--gate", *flags])
    return found


def compare(stack, tools, arguments, registered):
    result = Comparison(stack.name)
    with stack.start(tools) as server:
        port = server.port
        endpoint = truth.Endpoint("127.0.0.1", port, at_once=stack.at_once)
        started = time.monotonic()
        real = truth.offers(endpoint, registered, arguments.everything)
        took = time.monotonic() - started
        groups = real_groups(endpoint, real)
        kinds = truth.ssl2_kinds("127.0.0.1", port)
        evidence = survey(arguments.program, port, [*stack.probe_flags, *(["--sweep"] if arguments.everything else [])])
        asked = gates(stack, arguments, port)
        told = stack.declared(tools, server) if stack.declared else None
        again = finished.with_client_certificate(tools, port, real) if stack.completes else None
    actual = {(version, suite, kind) for version, suites in real.items() for suite, kind in suites.items()}
    seen, still_open = pairs_of_survey(evidence)
    result.problems += [f"open: {text}" for text in still_open]
    result.bad("missed", actual - seen)
    result.bad("false", seen - actual)
    compare_groups(groups, evidence["tls"], result)
    seen_kinds = {int(kind["code"], 16) for kind in evidence["tls"]["ssl2_kinds"]}
    if seen_kinds != (kinds or set()):
        result.problems.append(f"SSL 2.0 kinds differ: {sorted(seen_kinds)} for {sorted(kinds or set())}")
    for how, one in asked.items():
        gate.compare(one, real, groups, kinds, result, how)
        if one["footprint"]["connections"] > stack.most_gate_connections:
            result.problems.append(f"{how}: {one['footprint']['connections']} connections, "
                                   f"at most {stack.most_gate_connections} were meant")
    if told is not None:
        listed = {(version, suite) for version, suites in told.items() for suite in suites}
        chosen = {(version, suite) for version, suite, _ in actual}
        result.bad("in its own list, but never chosen", listed - chosen)
        result.bad("chosen, but not in its own list", chosen - listed)
    if again is not None:
        result.problems += again
    footprint = evidence["footprint"]
    if stack.most_connections and not arguments.everything and footprint["connections"] > stack.most_connections:
        result.problems.append(f"{footprint['connections']} connections, at most {stack.most_connections} were meant")
    counts = ", ".join(f"{version} {len(suites)}" for version, suites in real.items() if suites)
    counts += "".join(f", {len(some)} groups of {version}" for version, some in groups.items())
    print(f"{'ok  ' if not result.problems else 'BAD '} {stack.name}: {counts or 'nothing'}"
          f"{', SSL 2.0 ' + str(len(kinds)) if kinds else ''}; {len(actual - seen)} missed, {len(seen - actual)} false; "
          f"gate {' and '.join(str(one['footprint']['connections']) for one in asked.values())} connections, "
          f"survey {footprint['connections']} connections in {footprint['milliseconds']} ms, "
          f"each alone {endpoint.connections} in {took:.1f} s", flush=True)
    for text in result.problems:
        print(f"       {text}")
    return len(actual), len(actual - seen), len(seen - actual), not result.problems


def main():
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--home", default=HERE.parent.parent / "build/stacks", help="where install.sh put its servers")
    reader.add_argument("--program", default=HERE.parent.parent / "build/redis-tls-audit")
    reader.add_argument("--default", action="store_true", help="only the servers of the default test run")
    reader.add_argument("--everything", action="store_true", help="all 65,536 code points")
    reader.add_argument("names", nargs="*")
    arguments = reader.parse_args()
    registered = list(registry("suites"))
    total = [0, 0, 0]
    bad, skipped = [], []
    with tempfile.TemporaryDirectory(prefix="rta-stacks-") as folder:
        tools = Tools(Keys(folder), pathlib.Path(arguments.home).resolve())
        for stack in STACKS:
            if arguments.default and not stack.default:
                continue
            if arguments.names and not any(name in stack.name for name in arguments.names):
                continue
            try:
                *counts, good = compare(stack, tools, arguments, registered)
                total = [sum(pair) for pair in zip(total, counts)]
                if not good:
                    bad.append(stack.name)
            except Unavailable as missing:
                print(f"skip {stack.name}: {missing} is not installed")
                skipped.append(stack.name)
            except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
                print(f"BAD  {stack.name}: {error} {getattr(error, 'stderr', '') or ''}")
                bad.append(stack.name)
    print(f"{total[0]} version-suite pairs, {total[1]} missed, {total[2]} false; "
          f"{len(bad)} servers differ, {len(skipped)} not installed")
    if skipped and not arguments.default:
        return 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

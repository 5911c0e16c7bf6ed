#!/usr/bin/env python3
"""How long a client of an RSA-4096 Redis waits for its PING while it is surveyed.

    bench/politeness.py [--program PATH] [--runs N] [--key RSA-4096]

The client has its own connection and process. The scanner goes through a proxy
that tells when a handshake was completed, so that the waits are sorted: nobody
scans, hellos only, a handshake is being completed. Scanners beside ours run
with --peers.
"""

import argparse
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests/stacks"))

from catalogue import GUIDE, Tools, redis  # noqa: E402
from peers import load, table  # noqa: E402
from proxy import Proxy  # noqa: E402
from scanners import Nmap, Ours, Sslscan, Testssl  # noqa: E402
from server import Keys  # noqa: E402


def overlaps(spans, begun, ended):
    return any(start <= ended and begun <= stop for start, stop in spans)


def quantiles(waits):
    waits = sorted(waits)
    if not waits:
        return ["-"] * 4
    at = lambda share: f"{1000 * waits[min(len(waits) - 1, int(share * len(waits)))]:.1f}"  # noqa: E731
    return [len(waits), at(0.5), at(0.99), f"{1000 * waits[-1]:.1f}"]


def watch(scanner, server, runs):
    """{label: waits in seconds}"""
    with Proxy(server.port) as proxy:
        neighbour = subprocess.Popen([sys.executable, HERE / "neighbour.py", str(server.port)], stdout=subprocess.PIPE,
                                     text=True)
        neighbour.stdout.readline()
        time.sleep(1)
        scans = []
        for _ in range(runs):
            begun = time.monotonic()
            scanner.run(proxy.port)
            scans.append([begun, time.monotonic()])
            time.sleep(0.3)
        neighbour.send_signal(signal.SIGINT)
        samples = [tuple(map(float, line.split())) for line in neighbour.communicate()[0].splitlines() if line]
        waits = {"nobody scans": [], "hellos only": [], "completing": []}
        for begun, ended in samples:
            label = "nobody scans"
            if overlaps(scans, begun, ended):
                label = "completing" if overlaps(proxy.completing, begun, ended) else "hellos only"
            waits[label].append(ended - begun)
        return waits


def main():
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--program", default=HERE.parent / "build/redis-tls-audit")
    reader.add_argument("--runs", type=int, default=5)
    reader.add_argument("--key", default="RSA-4096")
    reader.add_argument("--peers", action="store_true")
    arguments = reader.parse_args()
    scanners = [Ours(arguments.program), Ours(arguments.program, "--aggressive")]
    if arguments.peers:
        scanners += [one for one in (Sslscan(), Nmap(), Testssl("-p", "-E")) if one.available()]
    with tempfile.TemporaryDirectory(prefix="rta-bench-") as folder:
        tools = Tools(Keys(folder), HERE.parent / "build/stacks")
        rows = [("scanner", "while", "PINGs", "p50 ms", "p99 ms", "max ms")]
        with redis(arguments.key, GUIDE)(tools) as server:
            print(f"guide's Redis, {arguments.key}, {os.cpu_count()} cores; load average {load()}")
            for scanner in scanners:
                runs = 1 if isinstance(scanner, Testssl) else arguments.runs
                rows += [(scanner.name, label, *quantiles(waits)) for label, waits in watch(scanner, server, runs).items()]
        table(rows)


if __name__ == "__main__":
    main()

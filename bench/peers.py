"""Prints, for each endpoint and scanner: seconds, connections, the server's CPU
time, and which version-suite pairs were found, missed or made up."""

import argparse
import os
import pathlib
import statistics
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests/stacks"))

import truth  # noqa: E402
from catalogue import GUIDE, Tools, free_port, redis  # noqa: E402
from proxy import Proxy  # noqa: E402
from run import registry  # noqa: E402
from scanners import Nmap, Ours, Sslscan, Testssl  # noqa: E402
from server import Keys, Server, redis_server, run  # noqa: E402


def plaintext_redis(tools):
    port = free_port()
    executable, name = redis_server()
    return Server([name, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", tools.keys.folder],
                  executable=executable, port=port, ready="Ready to accept connections")


CASES = [
    ("guide's Redis", "RSA-4096", redis("RSA-4096", GUIDE), 0.0),
    ("default Redis", "RSA-2048", redis("RSA-2048"), 0.0),
    ("default Redis", "P-256", redis("P-256"), 0.0),
    ("TLS 1.3 only", "RSA-4096", redis("RSA-4096", ('tls-protocols "TLSv1.3"',)), 0.0),
    ("plaintext Redis", "no key", plaintext_redis, 0.0),
    ("guide's Redis 40 ms away", "RSA-4096", redis("RSA-4096", GUIDE), 0.040),
    ("default Redis 50 ms away", "RSA-2048", redis("RSA-2048"), 0.050),
]


def signature_ms(key):
    """Processor time of one signature with such a key, here and now."""
    name = {"P-256": "ecdsap256"}.get(key, key.lower().replace("-", ""))
    text = run("openssl", "speed", "-seconds", "1", "-mr", name)
    fields = [line.split(":") for line in text.splitlines() if line.startswith(("+F2", "+F4"))][0]
    return 1000 / float(fields[3])  # signatures a second


def load():
    return " ".join(f"{value:.1f}" for value in os.getloadavg())


def measure(scanner, server, round_trip, runs):
    """Direct runs tell time and CPU; one through a proxy counts. Far away, all go through the proxy."""
    times, cpu = [], []
    with Proxy(server.port, round_trip) as proxy:
        for _ in range(runs):
            before = server.cpu_seconds()
            seconds, found = scanner.run(proxy.port if round_trip else server.port)
            times.append(seconds)
            cpu.append(server.cpu_seconds() - before)
        if not round_trip or runs > 1:
            proxy.reset()
            scanner.run(proxy.port)
        return statistics.median(times), proxy.connections, proxy.signed, statistics.median(cpu), found


def table(rows):
    widths = [max(len(str(row[i])) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  " + "  ".join(str(cell).ljust(width) if i == 0 else str(cell).rjust(width)
                               for i, (cell, width) in enumerate(zip(row, widths))))


def main():
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--program", default=HERE.parent / "build/redis-tls-audit")
    reader.add_argument("--full", action="store_true", help="testssl.sh's full run too (a minute and more each)")
    reader.add_argument("--runs", type=int, default=3, help="runs of each scanner but testssl.sh; the median counts")
    reader.add_argument("--ours", action="store_true", help="without the other scanners")
    reader.add_argument("cases", nargs="*")
    arguments = reader.parse_args()
    part = "--only=versions,suites"  # what the others list as well
    ours = [Ours(arguments.program, "--aggressive", part), Ours(arguments.program, part),
            Ours(arguments.program, "--aggressive"), Ours(arguments.program)]
    gate = Ours(arguments.program, "--gate", "--aggressive")
    ours += [gate] if gate.available() else []
    others = [] if arguments.ours else [Sslscan(), Nmap(), Testssl("-p", "-E")] + ([Testssl()] if arguments.full else [])
    for scanner in [one for one in others if not one.available()]:
        print(f"{scanner.name} is not installed: apt-get install testssl.sh sslscan nmap")
        others.remove(scanner)
    with tempfile.TemporaryDirectory(prefix="rta-bench-") as folder:
        tools = Tools(Keys(folder), HERE.parent / "build/stacks")
        for name, key, start, round_trip in CASES:
            name = f"{name}, {key}"
            if arguments.cases and not any(part in name for part in arguments.cases):
                continue
            with start(tools) as server:
                speaks_tls = key != "no key"  # without it, each question would wait for an answer
                real = truth.offers(truth.Endpoint("127.0.0.1", server.port), list(registry("suites"))) if speaks_tls else {}
                pairs = {(version, suite) for version, suites in real.items() for suite in suites}
                sign = signature_ms(key) if pairs else 0
                print(f"\n{name}: {len(pairs)} version-suite pairs; a signature takes {sign:.2f} ms; load average {load()}")
                rows = [("scanner", "seconds", "ratio", "connections", "signed", "server CPU ms", "above signatures", "found", "missed", "false", "says")]
                first = None
                for scanner in ours + others:
                    runs = 1 if isinstance(scanner, Testssl) or round_trip else arguments.runs
                    seconds, connections, signed, cpu, found = measure(scanner, server, round_trip, runs)
                    first = first or seconds
                    gate = "--gate" in scanner.name  # asks only what the profile forbids
                    rows.append((scanner.name, f"{seconds:.3f}", f"{seconds / first:.1f}", connections, signed,
                                 f"{1000 * cpu:.0f}", f"{1000 * cpu - signed * sign:.0f}", len(found & pairs), "-" if gate else len(pairs - found),
                                 len(found - pairs), scanner.says))
                table(rows)
                sys.stdout.flush()


if __name__ == "__main__":
    main()

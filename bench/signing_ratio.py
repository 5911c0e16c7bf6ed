#!/usr/bin/env python3
"""The time of a project audit against the signing time of its server.

    bench/signing_ratio.py PROGRAM PROJECT [RUNS]

Starts PROJECT's redis.conf (a kept demonstration) and scans project and server
in the polite mode. Signing is nearly all that the server's processor does, so
its time from the kernel's accounting stands for it. Prints medians: seconds of
the scan, of the server's processor, and (scan - 0.1 s) / server.
"""
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile


def server_program():
    return shutil.which("redis-server") or "/usr/bin/redis-check-rdb"


def processor_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_for(port):
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except ConnectionRefusedError:
            pass


def main():
    program, project = sys.argv[1], pathlib.Path(sys.argv[2])
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    configuration = (project / "redis.conf").read_text()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as changed:
        changed.write(re.sub(r"(?m)^tls-port .*$", f"tls-port {port}", configuration))
        changed.flush()
        server = subprocess.Popen(["redis-server", changed.name, "--save", "", "--bind", "127.0.0.1"],
                                  executable=server_program(), cwd=project, stdout=subprocess.DEVNULL)
        try:
            wait_for(port)
            scans, servers = [], []
            for _ in range(runs):
                before, start = processor_seconds(server.pid), os.times().elapsed
                subprocess.run([program, "scan", project, "-t", f"rediss://127.0.0.1:{port}", "-o", "json"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
                scans.append(os.times().elapsed - start)
                servers.append(processor_seconds(server.pid) - before)
        finally:
            server.terminate()
            server.wait()
    scan, signing = statistics.median(scans), statistics.median(servers)
    ratio = (scan - 0.1) / signing if signing else float("nan")
    print(f"guide's project with its server, median of {runs}: scan {scan:.2f} s, "
          f"server's processor {signing:.2f} s, (scan - 0.1 s) / server {ratio:.1f}")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Scans every hostile tree with the real program and looks at what it did.

run.py PROGRAM [NAME...]. For each tree: an exit status of 1 or 3 (never 0, no
signal), no control character and no workflow command in the output, reports
that are well-formed, no secret in them, nothing outside the tree opened, and
less than 256 MiB of memory (RTA_HOSTILE_MEMORY=off where a sanitizer is built in).
"""
import ctypes
import json
import os
import re
import resource
import select
import shutil
import subprocess
import sys
import tempfile

from inputs import Fifo, Hard, Link, Sparse, trees

LIMIT_MIB = 256
HANG_SECONDS = 60
CANARY = "CANARY-secret"
OUTSIDE = {
    "canary.env": "REDIS_PASSWORD=%s\nREDIS_TLS_ENABLED=true\n" % CANARY,
    "canary.key": "-----BEGIN PRIVATE KEY-----\n%s\n" % CANARY,
    "redis.conf": "requirepass %s\n" % CANARY,
    "users.acl": "user default on >%s\n" % CANARY,
    "compose.yml": "services: {x: {image: %s}}\n" % CANARY,
    "gitconfig": "[user]\n name = %s\n" % CANARY,
}
# A link's own target may be looked at as a name, never opened.
IN_ACCESS, IN_OPEN, IN_CREATE = 0x1, 0x20, 0x100

libc = ctypes.CDLL(None, use_errno=True)


class Watch:
    """Tells whether a file of a folder was opened or made."""

    def __init__(self, folder):
        self.fd = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        libc.inotify_add_watch(self.fd, os.fsencode(folder), IN_ACCESS | IN_OPEN | IN_CREATE)

    def events(self):
        found = b""
        while select.select([self.fd], [], [], 0)[0]:
            found += os.read(self.fd, 65536)
        os.close(self.fd)
        return found


def write_tree(root, outside, tree):
    for path, content in tree.items():
        whole = os.path.join(os.fsencode(root), os.fsencode(path))
        make_folders(os.path.dirname(whole))
        if isinstance(content, Link):
            os.symlink(content.target.replace("OUTSIDE", outside), whole)
        elif isinstance(content, Hard):
            os.link(os.path.join(os.fsencode(root), os.fsencode(content.of)), whole)
        elif isinstance(content, Fifo):
            os.mkfifo(whole)
        elif isinstance(content, Sparse):
            with open(whole, "wb") as file:
                file.truncate(content.size)
        else:
            write_file(whole, content)


def make_folders(folder):
    """os.makedirs for paths longer than the system takes at once."""
    if len(folder) < 3000:
        os.makedirs(folder, exist_ok=True)


def write_file(path, content):
    with open(path, "wb") as file:
        file.write(content)


def judge(status, usage, output, report, opened):
    complaints = []
    if status not in (1, 3):
        complaints.append("ended with %d" % status)
    if usage.ru_maxrss > LIMIT_MIB * 1024 and os.environ.get("RTA_HOSTILE_MEMORY") != "off":
        complaints.append("took %d MiB" % (usage.ru_maxrss // 1024))
    text = output.decode("utf-8", "replace")
    if re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text):
        complaints.append("a control character in the output")
    if re.search(r"^\s*(::|##\[)", text, re.M):
        complaints.append("a workflow command in the output")
    for name, body in (("output", text), ("report", report)):
        if CANARY in body:
            complaints.append("a secret in the " + name)
    try:
        json.loads(report)
    except ValueError as error:
        complaints.append("the report is no JSON: %s" % error)
    if opened:
        complaints.append("opened something outside the tree")
    return complaints


def scan(program, name, tree, base):
    root, outside = os.path.join(base, "tree"), os.path.join(base, "outside")
    os.mkdir(root)
    os.mkdir(outside)
    for file, content in OUTSIDE.items():
        write_file(os.path.join(outside, file), content.encode())
    builder = os.fork()  # or this program's memory would count as the scan's
    if builder == 0:
        write_tree(root, outside, tree())
        os._exit(0)
    if os.waitpid(builder, 0)[1]:
        raise RuntimeError("the tree could not be written")
    watch = Watch(outside)
    report_path = os.path.join(base, "report.json")
    with open(os.path.join(base, "output"), "w+b") as output:
        child = subprocess.Popen([program, "scan", root, "--offline", "-o", "text", "-o", "json=" + report_path],
                                 stdin=subprocess.DEVNULL, stdout=output, stderr=output, env={"PATH": "/usr/bin:/bin"},
                                 preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (HANG_SECONDS, HANG_SECONDS)))
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = 0  # it is reaped
        output.seek(0)
        printed = output.read()
    report = ""
    if os.path.exists(report_path):
        with open(report_path, encoding="utf-8", errors="replace") as file:
            report = file.read()
    complaints = judge(os.waitstatus_to_exitcode(status), usage, printed, report, watch.events())
    return complaints, printed, usage


def main():
    program, wanted = os.path.abspath(sys.argv[1]), sys.argv[2:]
    failed = 0
    all = trees()
    chosen = {name: tree for name, tree in all.items() if not wanted or name in wanted}
    for name, tree in chosen.items():
        base = tempfile.mkdtemp(prefix="rta-hostile-")
        try:
            complaints, printed, usage = scan(program, name, tree, base)
        finally:
            shutil.rmtree(base, ignore_errors=True)
        if wanted or os.environ.get("RTA_HOSTILE_FIGURES"):
            print("%-32s %7.2f s %5d MiB" % (name, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024))
        if complaints:
            failed += 1
            print("%s: %s" % (name, "; ".join(complaints)))
            print("    " + printed.decode("utf-8", "backslashreplace")[-600:].encode("ascii", "backslashreplace")
                  .decode().replace("\n", "\n    "))
    print("%d passed, %d failed" % (len(chosen) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

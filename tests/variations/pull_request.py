#!/usr/bin/env python3
"""What a pull request's gate must hold in the places where such gates run.

    pull_request.py PROGRAM

Nothing that the project names is dialled (a listener counts), a checkout may be
without history, shallow, read-only, of another user or without redis-server,
and nothing stays behind however the program ends.
"""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from run import QUIET_GIT, Project, statuses


class Canary:
    """A listener on loopback that counts who connects."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.count = 0
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                self.socket.accept()[0].close()
                self.count += 1


class Gate:
    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        (folder / "made").mkdir()
        self.project = Project(program, folder / "made")
        self.failed = False

    def check(self, holds, words):
        if not holds:
            self.failed = True
        print(f"{'holds' if holds else 'DOES NOT HOLD'}: {words}", flush=True)

    def scan(self, root, *flags, env=None, **how):
        ran = subprocess.run([self.program, "scan", str(root), *flags, "-o", "json"],
                             capture_output=True, text=True, timeout=120,
                             env=os.environ | (env or {}), **how)
        return ran, json.loads(ran.stdout) if ran.returncode in (0, 1, 3) else None

    def clone(self, name, *flags):
        to = self.folder / name
        subprocess.run(["git", "-c", "safe.directory=*", "clone", "-q", *flags,
                        f"file://{self.project.pristine}", str(to)], check=True,
                       capture_output=True, env=os.environ | QUIET_GIT)
        return to

    # --- One claim each.

    def dials_nothing(self):
        canary = Canary()
        root = self.clone("canary")
        for env in (root / "backend/.env", root / "worker/.env"):
            env.write_text(env.read_text() + f"REDIS_HOST=127.0.0.1\nREDIS_PORT={canary.port}\n"
                           f"REDIS_URL=rediss://127.0.0.1:{canary.port}/0\n")
        (root / "sentinel.conf").write_text(
            f"port 26379\nsentinel monitor mymaster 127.0.0.1 {canary.port} 1\n")
        (root / "replica").mkdir()
        (root / "replica/redis.conf").write_text(
            f"port 6380\nreplicaof 127.0.0.1 {canary.port}\n")
        (root / ".redis-tls-audit.toml").write_text(
            f'anchors = ["public"]\n[[target]]\nurl = "rediss://127.0.0.1:{canary.port}"\n')
        config = str(root / ".redis-tls-audit.toml")
        for flags in (["--ci"], ["--offline"], ["--ci", "--config", config]):
            ran, report = self.scan(root, *flags)
            self.check(report is not None and canary.count == 0,
                       f"{' '.join(flags[:2])} dials nothing that the project names "
                       f"({canary.count} connections)")
        notes = [note["detail"] for note in report["scope"]["notes"]]
        for place in (": anchors", ": target"):
            self.check(any(place in note and "is not obeyed" in note for note in notes),
                       f"the configuration in the tree is told and not obeyed: {place}")
        _, report = self.scan(root, "--ci")
        self.check(any("found in the project and is not obeyed" in note["detail"]
                       for note in report["scope"]["notes"]),
                   "a configuration in the tree that nobody named is told")
        self.scan(root)
        self.check(canary.count > 0, "without --ci the listener is reached: it can count")

    def works_without_history(self):
        root = self.clone("bare")
        shutil.rmtree(root / ".git")
        ran, report = self.scan(root, "--ci")
        seen = statuses(report)
        self.check(ran.returncode == 1 and seen["VCS-001"] == seen["VCS-002"] == "unknown",
                   "a checkout without .git is judged, and what needs git is unknown")

    def works_in_a_shallow_clone(self):
        root = self.project.root
        subprocess.run(["git", "commit", "-q", "--allow-empty", "-m", "more"], cwd=root, check=True,
                       env=os.environ | QUIET_GIT)
        shallow = self.folder / "shallow"
        subprocess.run(["git", "-c", "safe.directory=*", "clone", "-q", "--depth", "1",
                        f"file://{root}", str(shallow)], check=True, capture_output=True,
                       env=os.environ | QUIET_GIT)
        _, report = self.scan(shallow, "--ci")
        self.check(statuses(report)["VCS-002"] == "unknown",
                   "in a shallow clone the history is unknown")
        _, report = self.scan(self.clone("whole"), "--ci")
        self.check(statuses(report)["VCS-002"] == "pass", "in a whole clone it is judged")

    def works_for_anybody(self):
        root = self.clone("readonly")
        _, mine = self.scan(root, "--ci")
        for path in [root, *root.rglob("*")]:
            path.chmod(path.stat().st_mode & ~0o222)
        how = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}
        ran, theirs = self.scan(root, "--ci", env={"TMPDIR": "/tmp", "HOME": "/nonexistent"}, **how)
        if theirs is None:
            self.check(False, f"a read-only tree, as another user: {ran.stderr}")
            return
        differing = [code for code, status in statuses(mine).items()
                     if statuses(theirs)[code] != status]
        # Another owner's repository is not trusted (git's safe.directory).
        self.check(all(code.startswith("VCS-") for code in differing),
                   f"a read-only tree, as another user: the same verdicts {differing}")
        for path in [root, *root.rglob("*")]:
            path.chmod(path.stat().st_mode | 0o700)

    def says_what_to_install(self):
        ran, report = self.scan(self.project.root, "--ci", env={"PATH": "/nonexistent"})
        notes = [f"{note['detail']}; {note['remedy']}" for note in report["scope"]["notes"]]
        self.check(any("redis-server is not installed" in note and "apt-get install" in note
                       for note in notes), "without redis-server it says what to install")
        self.check(statuses(report)["TLS-001"] == "unknown", "and does not guess what it would show")

    def is_quiet_and_truthful(self):
        ran = subprocess.run([self.program, "scan", str(self.project.root), "--ci"],
                             capture_output=True, text=True)
        last = ran.stdout.rstrip("\n").split("\n")[-1]
        self.check(ran.stderr == "" and "\x1b" not in ran.stdout, "no terminal, no noise")
        self.check(last.startswith("RESULT ") and last.endswith(f" exit={ran.returncode}"),
                   "the last line tells the exit code")
        graded = [line for line in ran.stdout.split("\n") if "pass" in line and "(rehearsed)" in line]
        self.check(bool(graded), "a pass on rehearsed evidence is shown as such")

    def leaves_nothing_behind(self):
        # A directory of its own: other tests rehearse at the same time.
        with tempfile.TemporaryDirectory() as home:
            self.leaves_nothing_in(pathlib.Path(home))

    def leaves_nothing_in(self, home):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            scan = subprocess.Popen([self.program, "scan", str(self.project.root), "--ci", "--full"],
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                    env={**os.environ, "TMPDIR": str(home)})
            servers = wait_for(lambda: children_of(scan.pid))
            scan.send_signal(number)
            scan.wait(timeout=60)
            gone = wait_for(lambda: all(not pathlib.Path(f"/proc/{pid}").exists() or is_zombie(pid)
                                        for pid in servers))
            self.check(bool(servers) and bool(gone),
                       f"after {number.name} no rehearsed server runs on")
        left = set(home.glob("rta-rehearsal-*"))
        secrets = [file for path in left for file in path.rglob("*")
                   if file.is_file() and b"PRIVATE KEY" in file.read_bytes()]
        self.check(len(left) <= 2 and not secrets,
                   "only SIGKILL leaves directories, and they hold no key")


def children_of(pid):
    path = pathlib.Path(f"/proc/{pid}/task/{pid}/children")
    with contextlib.suppress(OSError):
        return [int(child) for child in path.read_text().split()]
    return []


def is_zombie(pid):
    with contextlib.suppress(OSError):
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    return True


def wait_for(answer, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := answer():
            return found
        time.sleep(0.01)
    return None


def main():
    if not shutil.which("redis-server") and not shutil.which("redis-check-rdb"):
        print("skipped: redis-server is not installed")
        return 0
    with tempfile.TemporaryDirectory(prefix="rta-pull-request.") as folder:
        path = pathlib.Path(folder)
        path.chmod(0o755)
        gate = Gate(str(pathlib.Path(sys.argv[1]).resolve()), path)
        for claim in (gate.dials_nothing, gate.works_without_history, gate.works_in_a_shallow_clone,
                      gate.works_for_anybody, gate.says_what_to_install, gate.is_quiet_and_truthful,
                      gate.leaves_nothing_behind):
            claim()
    return 1 if gate.failed else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Pull requests of many small projects: frameworks, images, platforms.

    small_projects.py PROGRAM [NAME...]

Each project of small_projects/*.toml is committed to a repository of its own and
judged with --ci. The checks that are told there must have the status that is
told; what else a small project lacks is not looked at.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import tomllib

from run import QUIET_GIT, explain, statuses

HERE = pathlib.Path(__file__).resolve().parent
IGNORE = "\n".join((".env", ".env.*", "!.env.example", "*.pem", "*.key", "*.crt", "*.p12", "*.pfx",
                    "*.jks", "certs/", "users.acl", "dump.rdb", "*.csr", "*.cer", "*.der", "*.p7b",
                    "id_rsa", "*.pem~", "*.pem.bak", ""))
CONF = """\
bind * -::*
port 0
tls-port 6379
tls-cert-file /certs/redis.crt
tls-key-file /certs/redis.key
tls-ca-cert-file /certs/ca.crt
tls-auth-clients no
tls-protocols "TLSv1.2 TLSv1.3"
tls-ciphers ECDHE+AESGCM:ECDHE+CHACHA20
user default off resetpass resetkeys resetchannels -@all
user backend on #56caec034335d71d238e88c7735786a4d8b7164a123ec000e3817567705d4d20 resetchannels ~app:* -@all +@read +@write +@connection -@dangerous
user worker on #0d75293276748834cf0d1d4b8735ec59ebc23e51b94f78af62d4c36a21cfe7a6 resetchannels ~app:* -@all +@read +@write +@connection -@dangerous
"""


def projects():
    found = {}
    for path in sorted((HERE / "small_projects").glob("*.toml")):
        with open(path, "rb") as file:
            for project in tomllib.load(file)["project"]:
                assert project["name"] not in found, project["name"]
                found[project["name"]] = project
    return found


def write(root, project):
    for name, text in {".gitignore": IGNORE, **project["files"]}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("{conf}", CONF))
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "a project"]):
        subprocess.run(["git", *words], cwd=root, check=True, capture_output=True,
                       env={"PATH": "/usr/bin:/bin", **QUIET_GIT})


def judge(program, project):
    with tempfile.TemporaryDirectory(prefix="rta-small.") as folder:
        root = pathlib.Path(folder)
        write(root, project)
        ran = subprocess.run([program, "scan", str(root), "--ci", "-o", "json"],
                             capture_output=True, text=True, timeout=120)
    if ran.returncode not in (0, 1, 3):
        raise ValueError(f"{project['name']}: exit {ran.returncode}: {ran.stderr}")
    return json.loads(ran.stdout)


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    if not shutil.which("redis-server") and not shutil.which("redis-check-rdb"):
        print("skipped: redis-server is not installed")
        return 0
    known = projects()
    failures = 0
    for name in sys.argv[2:] or known:
        report = judge(program, known[name])
        seen = statuses(report)
        problems = [f"    {code} is {seen.get(code)}, expected {wanted}{explain(report, code)}"
                    for code, wanted in known[name]["expect"].items() if seen.get(code) != wanted]
        if problems:
            print(f"not as told: {name}", *problems, sep="\n", flush=True)
        failures += bool(problems)
    print(f"{len(sys.argv[2:] or known) - failures} of {len(sys.argv[2:] or known)} projects as told")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Pull requests against a project that is as it ought to be.

    faultless.py PROGRAM [NAME...]

The project in faultless/ is committed to a repository and cloned, so that, as in
every checkout, certificates, keys and env files are not there. Unchanged, it is
let through with exit code 0. Each request of requests.toml is committed on top
and judged in a clone of its own: its exit code, and the checks that change their
status by it, and no other, are as told there.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import tomllib

from run import Project, QUIET_GIT, compare, statuses

HERE = pathlib.Path(__file__).resolve().parent


class Faultless(Project):
    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        self.root = folder / "project"

    def git(self, *words):
        subprocess.run(["git", *words], cwd=self.root, check=True, capture_output=True,
                       env={"PATH": "/usr/bin:/bin", **QUIET_GIT})

    def reset(self):
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(HERE / "faultless", self.root)
        (self.root / "gitignore").rename(self.root / ".gitignore")
        self.git("init", "-q", "-b", "main")
        self.commit("a project")

    def commit(self, words):
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", words)

    def judge(self, story):
        self.reset()
        self.apply(story)
        if "key" in story:
            path = self.root / story["key"]
            path.parent.mkdir(parents=True)
            subprocess.run(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt",
                            "ec_paramgen_curve:P-256", "-out", str(path)], check=True,
                           capture_output=True)
            self.git("add", "-f", story["key"])
        self.commit(story.get("title", "nothing"))
        clone = self.folder / "clone"
        shutil.rmtree(clone, ignore_errors=True)
        subprocess.run(["git", "clone", "-q", f"file://{self.root}", str(clone)], check=True,
                       capture_output=True, env={"PATH": "/usr/bin:/bin", **QUIET_GIT})
        if story.get("git_lost"):
            shutil.rmtree(clone / ".git")
        ran = subprocess.run([self.program, "scan", str(clone), "--ci", "-o", "json"],
                             capture_output=True, text=True, timeout=120)
        if ran.returncode not in (0, 1, 3):
            raise ValueError(f"exit {ran.returncode}: {ran.stderr}")
        return json.loads(ran.stdout)


def told(report):
    return "\n".join(f"    item {row['item']} {row['verdict']} ({row['grade']}): {row['sentence']}"
                     for row in report["checklist"] if row["required"])


def verdict_of_base(report):
    """Let through, and every pass earned and graded in words."""
    problems = []
    if report["gate"]["exit_code"] != 0:
        problems.append("    the faultless project is not let through\n" + told(report))
    rows = {row["item"]: row for row in report["checklist"]}
    for item in ("1", "2", "5", "6", "7", "8", "9", "S"):
        row = rows[item]
        if row["verdict"] != "pass" or row["grade"] is None:
            problems.append(f"    item {item} is {row['verdict']} ({row['grade']}): "
                            f"{row['sentence']}")
    for item in ("3", "5", "6", "7", "8"):
        if "kept out of the checkout" not in rows[item]["sentence"]:
            problems.append(f"    item {item} does not say what is kept out of the checkout: "
                            f"{rows[item]['sentence']}")
    for item in ("3", "4", "10", "11", "12"):
        if rows[item]["required"] or rows[item]["verdict"] == "pass":
            problems.append(f"    item {item} cannot be decided by a pull request")
    return problems


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    if not shutil.which("redis-server") and not shutil.which("redis-check-rdb"):
        print("skipped: redis-server is not installed")
        return 0
    with open(HERE / "requests.toml", "rb") as file:
        requests = {story["name"]: story for story in tomllib.load(file)["request"]}
    failures = 0
    with tempfile.TemporaryDirectory(prefix="rta-faultless.") as folder:
        project = Faultless(program, pathlib.Path(folder))
        report = project.judge({})
        before = statuses(report)
        problems = verdict_of_base(report)
        print("\n".join(["not as told: the faultless project", *problems]) if problems
              else "as told: the faultless project is let through", flush=True)
        failures += bool(problems)
        for name in sys.argv[2:] or requests:
            story = requests[name]
            report = project.judge(story)
            wanted = {"expect": {"ci": story.get("changes", {})}}
            problems = compare(wanted, "ci", before, statuses(report), report)
            if report["gate"]["exit_code"] != story["exit"]:
                problems.append(f"    exit {report['gate']['exit_code']}, expected "
                                f"{story['exit']}\n" + told(report))
            print(("not as told: " if problems else "as told: ") + f"{name}: {story['title']}")
            print("\n".join(problems) + "\n" if problems else "", end="", flush=True)
            failures += bool(problems)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

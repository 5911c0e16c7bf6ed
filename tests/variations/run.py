#!/usr/bin/env python3
"""Audits variations of the guide's own project, each with one defect or one mend.

    run.py PROGRAM [STORY...]

A story is a folder below stories/ with a story.toml. It says what is changed in
the project, and which checks change their status by that, under --ci and under
--offline. Every check whose status differs from that of the unchanged project
must be in the list, with its status, and no other: an alarm too many is as
wrong as one too few.

    title = "The plaintext port is open beside the TLS port"
    [[replace]]                 # text of a file; `from` must be there
    file = "redis.conf"
    from = "port 0\\n"
    to = "port 6380\\n"
    [[write]]                   # file, text, and mode ("0644")
    [[mode]]                    # file, mode
    [[remove]]                  # file
    [[git]]                     # arguments of git, in the order of the list
    run = ["add", "-f", "certs/redis/ca-cert.pem"]
    [expect.both]               # or expect.ci and expect.offline
    CONF-001 = "fail"

Steps are taken in this order: replace, write, mode, remove, git. `from_story`
takes another story's steps first and compares with that story's result.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
MODES = {"ci": ["--ci"], "offline": ["--offline"]}
QUIET_GIT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.invalid",
    "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.invalid",
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
}


class Project:
    """The guide's project at one path, which absolute paths in it name."""

    def __init__(self, program, folder):
        self.program = program
        self.pristine = folder / "pristine"
        made = subprocess.run(
            [program, "demo", "--keep", "--aggressive", "-o", f"json={folder}/demo.json"],
            env={**os.environ, "TMPDIR": str(folder)}, capture_output=True, text=True)
        found = [path for path in folder.iterdir() if path.is_dir()]
        if len(found) != 1:
            sys.exit(f"the guide's project could not be made: {made.stderr}")
        self.root = found[0]
        self.root.chmod(0o755)
        shutil.copytree(self.root, self.pristine, symlinks=True)

    def reset(self):
        shutil.rmtree(self.root)
        shutil.copytree(self.pristine, self.root, symlinks=True)

    def templated(self, text):
        return text.replace("{root}", str(self.root))

    def apply(self, story):
        for step in story.get("replace", []):
            path = self.root / step["file"]
            text = path.read_text()
            if step["from"] not in text:
                raise ValueError(f"{step['file']} does not contain {step['from']!r}")
            path.write_text(text.replace(step["from"], self.templated(step["to"])))
        for step in story.get("write", []):
            path = self.root / step["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.templated(step["text"]))
            path.chmod(int(step.get("mode", "0644"), 8))
        for step in story.get("mode", []):
            (self.root / step["file"]).chmod(int(step["mode"], 8))
        for step in story.get("remove", []):
            path = self.root / step["file"]
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        for step in story.get("git", []):
            subprocess.run(["git", *step["run"]], cwd=self.root, check=True, capture_output=True,
                           env={**os.environ, **QUIET_GIT})

    def audit(self, flags):
        ran = subprocess.run([self.program, "scan", str(self.root), *flags, "-o", "json"],
                             capture_output=True, text=True, timeout=120)
        if ran.returncode not in (0, 1, 3):
            raise ValueError(f"exit {ran.returncode}: {ran.stderr}")
        report = json.loads(ran.stdout)
        if report["gate"]["exit_code"] != ran.returncode:
            raise ValueError("the report and the exit code disagree")
        return report

    def audit_story(self, steps, flags):
        self.reset()
        for story in steps:
            self.apply(story)
        return self.audit(flags)


def statuses(report):
    return {check["code"].removeprefix("RTA-"): check["status"] for check in report["checks"]}


def load(name):
    with open(HERE / "stories" / name / "story.toml", "rb") as file:
        return tomllib.load(file)


def steps_of(story):
    below = story.get("from_story")
    return (steps_of(load(below)) if below else []) + [story]


def expected(story, mode):
    expect = story.get("expect", {})
    return {**expect.get("both", {}), **expect.get(mode, {})}


def explain(report, code):
    return "".join(
        f"\n        {finding['status']} {finding['subject']['key']}: {finding['message']}"
        for finding in report["findings"] if finding["code"] == "RTA-" + code)


def compare(story, mode, before, after, report):
    wanted = expected(story, mode)
    changed = {code: after.get(code) for code in sorted(before.keys() | after.keys())
               if before.get(code) != after.get(code)}
    problems = []
    for code in sorted(wanted.keys() | changed.keys()):
        if wanted.get(code) == changed.get(code):
            continue
        problems.append(f"    {code} is {after.get(code)}, was {before.get(code)}, expected "
                        f"{wanted.get(code, 'no change')}{explain(report, code)}")
    return problems


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    names = sys.argv[2:] or sorted(path.name for path in (HERE / "stories").iterdir())
    if not shutil.which("redis-server") and not shutil.which("redis-check-rdb"):
        print("skipped: redis-server is not installed")
        return 0
    failures = 0
    with tempfile.TemporaryDirectory(prefix="rta-variations.") as folder:
        project = Project(program, pathlib.Path(folder))
        known = {}

        def base(steps, mode):
            key = (mode, *(step["title"] for step in steps[:-1]))
            if key not in known:
                known[key] = statuses(project.audit_story(steps[:-1], MODES[mode]))
            return known[key]

        for name in names:
            story = load(name)
            steps = steps_of(story)
            problems = []
            for mode, flags in MODES.items():
                before = base(steps, mode)
                report = project.audit_story(steps, flags)
                found = compare(story, mode, before, statuses(report), report)
                problems += [f"  --{mode}:"] + found if found else []
            print(("not as told: " if problems else "as told: ") + f"{name}: {story['title']}")
            print("\n".join(problems) + "\n" if problems else "", end="", flush=True)
            failures += bool(problems)
    print(f"{len(names) - failures} of {len(names)} variations as told")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env bash
# How long the search of a whole git history takes, as a ratio to the time in
# which `git log -p` prints it: CPU seconds (user and system) and wall seconds.
#
#   bench/git_history.sh [PATH-TO-redis-tls-audit] [COMMITS] [RUNS] [DIRECTORY]
#
# The repository is made once in DIRECTORY and used again when it is there. It
# prints ratios and judges nothing: machines differ.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
program=${1:-$here/build/redis-tls-audit}
commits=${2:-20000}
runs=${3:-3}
directory=${4:-}
if [ -z "$directory" ]; then
  directory=$(mktemp -d)
  trap 'rm -rf "$directory"' EXIT
fi
repository=$directory/history-$commits

# A project of a few hundred source files in folders; every commit edits two or
# three of them as people do. One fast-import stream, then packed as git packs.
make_repository() {
  git init -q -b main "$1"
  python3 - "$commits" <<'PY' | git -C "$1" fast-import --quiet
import random
import sys

commits = int(sys.argv[1])
dice = random.Random(20)
words = [f"{a}{b}" for a in ("get", "put", "open", "read", "send", "load", "find", "make")
         for b in ("_user", "_order", "_cache", "_queue", "_token", "_page", "_lock", "_item")]
out = sys.stdout.buffer


def line():
    name, other, n = dice.choice(words), dice.choice(words), dice.randrange(100000)
    return f"    {name} = self.{other}({n}, timeout={n % 97})  # {dice.choice(words)}\n"


files = {}
for i in range(400):
    path = f"src/{'abcdefghij'[i % 10]}/{'klmnop'[i % 6]}/{dice.choice(words)}_{i}.py"
    files[path] = [line() for _ in range(dice.randrange(40, 300))]


def data(text):
    raw = text.encode()
    out.write(b"data %d\n%s\n" % (len(raw), raw))


names = sorted(files)
for n in range(commits):
    out.write(b"commit refs/heads/main\ncommitter A <a@example.org> %d +0000\n" % (1600000000 + n * 60))
    data(f"Change {dice.choice(words)} for the {n}th time\n\n{line()}")
    for path in names if n == 0 else dice.sample(names, dice.randrange(2, 4)):
        text = files[path]
        for _ in range(dice.randrange(1, 6)):
            at = dice.randrange(len(text))
            if dice.random() < 0.3:
                text.insert(at, line())
            else:
                text[at] = line()
        out.write(f"M 100644 inline {path}\n".encode())
        data("".join(text))
out.write(b"done\n")
PY
  git -C "$1" reset -q --hard
  git -C "$1" gc -q
}
[ -d "$repository" ] || make_repository "$repository"

# "CPU WALL" of one run.
measure() {
  python3 - "$@" <<'PY'
import os
import resource
import subprocess
import sys
import time

start = time.monotonic()
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
wall = time.monotonic() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{used.ru_utime + used.ru_stime:.2f} {wall:.2f} {used.ru_maxrss // 1024}")
PY
}
best() { for _ in $(seq "$runs"); do measure "$@"; done | sort -n | head -n 1; }

cd "$repository"
echo "repository: $(git rev-list --count --all) commits, $(git count-objects -v | awk '/in-pack/ {print $2}') objects, $(du -sm .git | cut -f1) MiB"
read -r git_cpu git_wall _ <<< "$(best git log -p --all)"
read -r our_cpu our_wall our_memory <<< "$(best "$program" scan . --offline -o json="$directory/report.json")"
echo "git log -p: $git_cpu s CPU, $git_wall s wall; redis-tls-audit scan --offline: $our_cpu s CPU, $our_wall s wall, $our_memory MiB"
awk -v a="$our_cpu" -v b="$git_cpu" -v c="$our_wall" -v d="$git_wall" \
  'BEGIN {printf "ratio to git log -p: %.2f CPU, %.2f wall (1 is as fast)\n", a / b, c / d}'

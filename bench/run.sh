#!/usr/bin/env bash
# Figures of the demonstration: whole-run time, connections, bytes and memory,
# and the time of a project audit as a ratio to the server's own signing time.
#
#   bench/run.sh [PATH-TO-redis-tls-audit] [RUNS]
#
# It prints ratios and judges nothing: machines differ.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
program=${1:-$here/build/redis-tls-audit}
runs=${2:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Median of the numbers on standard input.
median() { sort -n | awk '{a[NR]=$1} END {print a[int((NR + 1) / 2)]}'; }

# seconds COMMAND... : wall seconds of one run.
seconds() {
  local start end
  start=$(date +%s.%N)
  "$@" > /dev/null 2>&1 || true
  end=$(date +%s.%N)
  awk -v a="$start" -v b="$end" 'BEGIN {printf "%.4f\n", b - a}'
}

echo "start-up (checks list), median of $runs: $(for _ in $(seq "$runs"); do seconds "$program" checks list; done | median) s"

for kind in guide hardened; do
  flags=()
  [ "$kind" = hardened ] && flags=(--hardened)
  "$program" demo "${flags[@]}" -o json="$work/$kind.json" > /dev/null 2>&1 || true
  python3 - "$work/$kind.json" "$kind" <<'PY'
import json
import sys

footprint = json.load(open(sys.argv[1]))["run"]["footprint"]
print(f"{sys.argv[2]}: " + ", ".join(f"{key} {value}" for key, value in sorted(footprint.items())))
PY
done

# The guide's project as a pull request: from its files alone, and with its own
# configurations rehearsed. Start-up is the time of --version.
echo "start-up (--version), median of $runs: $(for _ in $(seq "$runs"); do seconds "$program" --version; done | median) s"
TMPDIR=$work "$program" demo --keep --aggressive -o json="$work/kept.json" > /dev/null 2>&1 || true
project=$(find "$work" -mindepth 1 -maxdepth 1 -type d | head -n 1)
for flag in --offline --ci; do
  echo "pull request ($flag), median of $runs: $(for _ in $(seq "$runs"); do seconds "$program" scan "$project" "$flag" -o json; done | median) s"
done

python3 "$here/bench/signing_ratio.py" "$program" "$project" "$runs"

# Signatures per second with this key type.
sign() { openssl speed -seconds 1 "$1" 2> /dev/null | awk -v name="$2" '$0 ~ name {print $(NF - 1)}' | tail -n 1; }
echo "signatures per second here: RSA-4096 $(sign rsa4096 '^rsa 4096'), P-256 $(sign ecdsap256 'nistp256')"
# The largest process of the run, from the kernel: the audit, not the server.
python3 - "$program" "$work" <<'PY'
import resource
import subprocess
import sys

subprocess.run([sys.argv[1], "demo", "--hardened", "-o", f"json={sys.argv[2]}/memory.json"],
               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
print(f"peak memory of the hardened demonstration: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss} KiB")
PY

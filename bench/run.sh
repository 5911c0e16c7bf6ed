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

sign() { openssl speed -seconds 1 "$1" 2> /dev/null | awk -v name="$2" '$0 ~ name {gsub("s", "", $0); for (i = 1; i <= NF; i++) if ($i ~ /^0\.[0-9]+$/) {print $i; exit}}'; }
echo "one RSA-4096 signature here: $(sign rsa4096 '^rsa 4096') s; one P-256 signature: $(sign ecdsap256 'nistp256') s"
if command -v /usr/bin/time > /dev/null; then
  /usr/bin/time -f "peak memory of the hardened demonstration: %M KiB, %e s in all" "$program" demo --hardened -o json=/dev/null 2>&1 > /dev/null | tail -n 1 || true
fi

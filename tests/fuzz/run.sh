#!/usr/bin/env bash
# Runs the libFuzzer targets one after another, each from a copy of its corpus.
#
#   run.sh BUILD_DIRECTORY [TARGET...]     RUNS=1000000 by default
#
# One line a target; logs, new inputs and what was found lie in
# BUILD_DIRECTORY/fuzz-runs/TARGET. Exits 1 when something was found.
set -euo pipefail
build=$(cd "${1:?usage: run.sh BUILD_DIRECTORY [TARGET...]}" && pwd)
shift
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export UBSAN_OPTIONS=print_stacktrace=1
# Where a block was allocated is kept in two frames: a fifth of the time else.
export ASAN_OPTIONS=malloc_context_size=2
targets=("$@")
if [ $# -eq 0 ]; then
  mapfile -t targets < <(cd "$here/corpus" && printf '%s\n' *)
fi
status=0
for target in "${targets[@]}"; do
  home="$build/fuzz-runs/$target"
  rm -rf "$home"
  mkdir -p "$home/corpus" "$home/found"
  cp -r "$here/corpus/$target/." "$home/corpus"
  # No certificate is committed: real ones are made here.
  if [ "$target" = certificate ]; then
    for key in rsa:2048 ec; do
      openssl req -x509 -newkey "$key" -pkeyopt "$([ $key = ec ] && echo ec_paramgen_curve:P-256 || echo rsa_keygen_bits:2048)" \
        -noenc -keyout /dev/null -outform DER -out "$home/corpus/$key" -days 90 -subj /CN=redis.corp.test \
        -addext subjectAltName=DNS:redis.corp.test,DNS:*.corp.test,IP:127.0.0.1,IP:::1 2> /dev/null
    done
  fi
  longest=4096
  [ "$target" = tls_survey ] && longest=1024
  verdict=clean
  "$build/tests/fuzz/${target}_fuzz" "$home/corpus" -runs="${RUNS:-1000000}" -max_len=$longest \
    -timeout=25 -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$home/found/" \
    > "$home/log" 2>&1 || { verdict="FOUND, see $home/log"; status=1; }
  printf '%-24s %9s runs %7s a second  %s\n' "$target" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$home/log")" \
    "$(sed -n 's/^stat::average_exec_per_sec: *//p' "$home/log")" "$verdict"
done
exit $status

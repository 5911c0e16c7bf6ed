#!/usr/bin/env bash
# What the rooms may not do, checked on the text: checks and writers touch no
# file, socket, clock, environment or process; Asio stays in src/net; secrets
# are exposed in few places; nothing ill-typed is cast outside bytes.h.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2
failures=0

# complain RULE PATTERN PATH... : every match is a violation.
complain() {
  local rule=$1 pattern=$2
  shift 2
  local hits
  hits=$(grep -rnE --include='*.cpp' --include='*.h' "$pattern" "$@" | grep -v '_test\.cpp:' | grep -vE '^[^:]+:[0-9]+:\s*//')
  [ -z "$hits" ] && return
  echo "$rule"
  printf '%s\n' "$hits" | sed 's/^/  /'
  failures=$((failures + 1))
}

world='\b(fopen|ifstream|ofstream|open\(|socket\(|connect\(|getenv|system_clock|steady_clock|std::time\(|fork\(|exec[vl]|std::thread|jthread|std::filesystem)'
complain 'checks and writers are pure: no files, sockets, clocks, environment or processes' "$world" checks reports
complain 'checks and writers see no room that does I/O' '#include "(net|collect|cli|demo|rehearse)/' checks reports src/files src/tls src/x509
for room in checks reports src/*/; do
  [ "$room" = src/net/ ] || complain 'Asio stays inside src/net' '#include <asio' "$room"
done
complain 'bytes are seen as text only through bytes.h' 'reinterpret_cast' src/files src/core src/cli checks reports
complain 'std::regex runs away on hostile input' 'std::regex' src checks reports
complain 'no system(), no popen(): nothing goes through a shell' '\b(std::system|popen)\(' src checks reports

# Secret::expose() is for the one call that needs the value.
exposing=$(grep -rlE --include='*.cpp' --include='*.h' '\.expose\(\)' src reports checks | grep -v '_test\.cpp$' | sort)
for file in $exposing; do
  case $file in
    src/redis/command.cpp | src/files/redis_conf/redis_conf_start.cpp | src/demo/* | src/collect/configuration_files.cpp | \
      src/rehearse/sandbox.cpp | \
      src/x509/issue.h) ;;
    *) echo "Secret::expose() in $file: is it the one call that needs the value?"; failures=$((failures + 1)) ;;
  esac
done

if [ "$failures" -gt 0 ]; then echo "$failures rules broken"; exit 1; fi
echo "all rules hold"

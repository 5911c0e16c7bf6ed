#!/usr/bin/env bash
# What ./audit and ./test share: install Debian packages that are missing, then
# configure and build into build/.
#
#   setup.sh build    the program
#   setup.sh test     the program, the tests, and what the tests compare with
#
# Nothing happens, within a second, when everything is there and nothing has
# changed.
set -euo pipefail
goal=${1:?usage: setup.sh build|test}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build="$here/build"

# redis-tools holds the server's binary without installing a daemon.
build_packages=(g++ cmake ninja-build pkg-config python3 libssl-dev libhiredis-dev libasio-dev
  libfmt-dev nlohmann-json3-dev libcli11-dev libyaml-cpp-dev libtomlplusplus-dev libgit2-dev zlib1g-dev
  libctemplate-dev redis-tools)
test_packages=(doctest-dev git openssl python3-jsonschema python3-dotenv python3-redis python3-kombu
  python3-celery gnutls-bin chromium nodejs npm poppler-utils golang-go
  golang-github-joho-godotenv-dev golang-github-mattn-go-shellwords-dev golang-gopkg-yaml.v3-dev
  golang-github-moby-patternmatcher-dev docker-compose)

missing_packages() {
  local package
  for package in "$@"; do
    # Node.js that came another way will do.
    case $package in
      nodejs) command -v node > /dev/null && continue ;;
      npm) command -v npm > /dev/null && continue ;;
    esac
    dpkg-query -W -f='${db:Status-Status}' "$package" 2> /dev/null | grep -qx installed || echo "$package"
  done
}

install_packages() {
  local list missing
  list=$(missing_packages "$@")
  [ -n "$list" ] || return 0
  mapfile -t missing <<< "$list"
  echo "Installing from Debian: ${missing[*]}" >&2
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo > /dev/null || {
      echo "These packages are missing, and neither root nor sudo is at hand. Run as root:" >&2
      echo "  apt-get install --no-install-recommends ${missing[*]}" >&2
      exit 2
    }
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
}

# The test packages with their versions in npm: real readers and clients to
# compare with. They live in build/npm and nowhere else.
install_npm() {
  [ -f "$here/tests/package.json" ] || return 0
  local home="$build/npm"
  cmp -s "$here/tests/package.json" "$home/.complete" && return 0
  echo "Installing test packages from npm into build/npm" >&2
  mkdir -p "$home"
  rm -f "$home/.complete"
  cp "$here/tests/package.json" "$home/package.json"
  if (cd "$home" && npm install --ignore-scripts --no-audit --no-fund --silent); then
    cp "$here/tests/package.json" "$home/.complete"
  else
    echo "npm could not install them: tests that need them will say that they are skipped" >&2
  fi
}

tests=OFF
packages=("${build_packages[@]}")
if [ "$goal" = test ]; then
  tests=ON
  packages+=("${test_packages[@]}")
fi
install_packages "${packages[@]}"

mkdir -p "$build"
if ! grep -qs "^RTA_TESTS:BOOL=$tests$" "$build/CMakeCache.txt" || [ ! -f "$build/build.ninja" ]; then
  # A tree that was built with tests keeps them: nothing is built twice.
  if [ "$tests" = ON ] || ! grep -qs '^RTA_TESTS:BOOL=ON$' "$build/CMakeCache.txt" || [ ! -f "$build/build.ninja" ]; then
    cmake -S "$here" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DRTA_TESTS="$tests" > "$build/configure.log" 2>&1 ||
      { cat "$build/configure.log" >&2; exit 2; }
  fi
fi
target=all
[ "$goal" = build ] && target=redis-tls-audit
[ -x "$build/redis-tls-audit" ] || echo "Building: the first time takes some minutes" >&2
if [ -t 2 ]; then ninja -C "$build" "$target" >&2
else ninja -C "$build" "$target" > "$build/build.log" 2>&1 || { tail -n 60 "$build/build.log" >&2; exit 2; }
fi
[ "$goal" = test ] && install_npm
exit 0

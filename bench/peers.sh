#!/usr/bin/env bash
# This program beside testssl.sh, sslscan and nmap on the same endpoints.
#
#   bench/peers.sh [--program PATH] [--full] [--runs N] [PART-OF-A-CASE...]
#
# The other scanners are Debian's: apt-get install testssl.sh sslscan nmap.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
exec python3 -B "$here/peers.py" "$@"

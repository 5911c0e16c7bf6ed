#!/usr/bin/env bash
# Brings all servers of the catalogue, starts each, and compares the survey with
# what it really offers. Arguments go to run.py: --everything, parts of names.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home="$here/../../build/stacks"
"$here/install.sh" "$home"
exec python3 -B "$here/run.py" --home "$home" "$@"

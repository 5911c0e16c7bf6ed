#!/bin/sh
# run.sh WRITE_SAMPLES BUILD_DIRECTORY: opens the sample pages in headless
# Chromium, see pages.mjs. The two npm packages go into the build directory.
# Ends with 77 (skipped) where chromium, node or the packages are missing.
set -u
here=$(cd "$(dirname "$0")" && pwd)
samples=$1
build=$2
chromium=$(command -v chromium || command -v chromium-browser) || { echo "skipped: chromium is not installed"; exit 77; }
command -v node >/dev/null || { echo "skipped: node is not installed"; exit 77; }
tools=$build/html-tools
mkdir -p "$tools"
cp "$here/pages.mjs" "$here/package.json" "$tools/"
if [ ! -d "$tools/node_modules/axe-core" ] || [ ! -d "$tools/node_modules/playwright-core" ]; then
  command -v npm >/dev/null || { echo "skipped: npm is not installed"; exit 77; }
  (cd "$tools" && npm install --no-audit --no-fund --no-progress --silent) || { echo "skipped: npm could not install axe-core and playwright-core"; exit 77; }
fi
pages=$(mktemp -d) || exit 1
trap 'rm -rf "$pages"' EXIT
"$samples" "$pages" || exit 1
cd "$tools" && node pages.mjs "$chromium" "$pages"

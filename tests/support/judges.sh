#!/bin/sh
# Outside judges of the public pages, of the versions in tests/judges/package-lock.json: the Nu HTML checker and Lighthouse.
set -eu
cd "$(dirname "$0")/../judges"
[ -e node_modules/.installed ] && [ node_modules/.installed -nt package-lock.json ] && exit 0
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
touch node_modules/.installed

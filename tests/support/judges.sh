#!/bin/sh
# Outside judges of the public pages, of the versions in tests/judges/package-lock.json: the Nu HTML checker and Lighthouse.
set -eu
cd "$(dirname "$0")/../judges"
[ -e node_modules/.installed ] && [ node_modules/.installed -nt package-lock.json ] && exit 0
# Not "npm ci": it asks for optional peers that "npm install" itself leaves out of the lock file.
npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
touch node_modules/.installed

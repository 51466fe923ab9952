#!/bin/sh
# Usage: tools/browser.sh
# A browser for the tests of the pages: where none is found and we may (as root, where apt-get is), Chromium is
# installed from the system's packages. Elsewhere those tests say what to do and are skipped; under CI they fail.
set -eu
if [ -n "${CHROMIUM:-}" ]; then exit 0; fi
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium from the system's packages ..."
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; } ||
        echo "Chromium could not be installed."
fi

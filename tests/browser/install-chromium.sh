#!/bin/sh
# Put Chromium where the browser tests find it: installed on Debian as root, else named.
for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then
        exit 0
    fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium for the browser tests ..." >&2
    export DEBIAN_FRONTEND=noninteractive
    if apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; then
        exit 0
    fi
fi
echo "Chromium is missing: the browser tests are skipped. Install the package chromium" \
    "(or set CHROMIUM to a browser's path) to run them." >&2
[ "${CI:-}" != true ]

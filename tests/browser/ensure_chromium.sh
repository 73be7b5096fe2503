#!/usr/bin/env bash
# Browser tests run on Debian's Chromium: find it, install it, or say loudly that they cannot run.
set -eu
for browser in "${CHROMIUM:-/usr/bin/chromium}" chromium chromium-browser google-chrome; do
  command -v "$browser" >/dev/null 2>&1 && exit 0
done
echo "→ Chromium is missing, installing it …"
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo -n"
if command -v apt-get >/dev/null 2>&1 && $as_root apt-get update -qq && $as_root apt-get install -y -qq chromium; then
  exit 0
fi >/dev/null 2>&1
cat >&2 <<'TEXT'
################################################################################
#  The browser tests need Chromium, and it could not be installed here.        #
#  Get it with:   sudo apt-get install chromium                                #
#  or name yours: CHROMIUM=/path/to/chromium make test                         #
################################################################################
TEXT
[ -z "${CI:-}" ] || exit 1

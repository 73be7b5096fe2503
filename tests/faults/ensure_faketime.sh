#!/usr/bin/env bash
# One test steps the clock of the whole server by libfaketime: in CI it is installed where it can be, elsewhere the test says what is missing.
set -eu
[ -n "${CI:-}" ] || exit 0
compgen -G "/usr/lib/*/faketime/libfaketimeMT.so.1" >/dev/null && exit 0
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo -n"
command -v apt-get >/dev/null 2>&1 || exit 0
{ $as_root apt-get update -qq && $as_root apt-get install -y -qq libfaketime; } >/dev/null 2>&1 || echo "→ libfaketime could not be installed: one test of the server's clock is left out"

#!/usr/bin/env bash
# Looks for the browser of the browser tests; as root on Debian it installs it.
set -euo pipefail

say() { printf 'luisterlijn: %s\n' "$*" >&2; }

[ ! -x /usr/bin/chromium ] || exit 0
system=$(. /etc/os-release 2>/dev/null && printf '%s' "$ID") || system=
if [ "$system" = debian ] && [ "$(id -u)" = 0 ]; then
  say "installing Chromium for the browser tests"
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install \
    chromium fonts-noto-core >/dev/null && exit 0
fi
say "NO CHROMIUM at /usr/bin/chromium: every test in a browser will be SKIPPED."
say "Install it (Debian): sudo apt-get install chromium fonts-noto-core"

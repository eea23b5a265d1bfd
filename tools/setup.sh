#!/usr/bin/env bash
# Makes .venv with the locked packages and luisterlijn itself. Does nothing when all is as locked.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'luisterlijn: %s\n' "$*" >&2; }

stop() {
  say "$*"
  exit 1
}

is_root_on_debian() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# Settings that would send packages elsewhere than .venv, or bend what is locked.
unset PIP_USER PIP_TARGET PIP_PREFIX PIP_ROOT PIP_CONSTRAINT PIP_REQUIREMENT PIP_EDITABLE \
  PIP_NO_DEPS PIP_REQUIRE_HASHES PIP_DRY_RUN PIP_PYTHON PYTHONHOME
export PIP_DISABLE_PIP_VERSION_CHECK=1
# Nothing is written outside the checkout: neither do the caches.
export PIP_NO_CACHE_DIR=1 UV_CACHE_DIR="$PWD/.venv/.cache/uv" UV_PYTHON_DOWNLOADS=never
# uv does not read pip's settings: an own index or certificate serves both.
[ -z "${PIP_INDEX_URL:-}" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}"
[ -z "${PIP_EXTRA_INDEX_URL:-}" ] || export UV_INDEX="${UV_INDEX:-$PIP_EXTRA_INDEX_URL}"
[ -z "${PIP_CERT:-}" ] || export SSL_CERT_FILE="${SSL_CERT_FILE:-$PIP_CERT}"

python=
for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
  if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$name
    break
  fi
done
[ -n "$python" ] || stop "Python 3.11 or newer is needed (Debian: apt-get install python3)."

# The folder counts: the programs in a .venv know where it stands.
stamp=.venv/.installed
wanted=$({ "$python" --version; pwd; cat requirements.lock pyproject.toml; } | cksum)
if [ -x .venv/bin/luisterlijn ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] &&
  .venv/bin/python -c '' 2>/dev/null; then
  exit 0
fi

if ! "$python" -c 'import ensurepip' 2>/dev/null; then
  version=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
  is_root_on_debian || stop "a part of Python is missing. Install it: sudo apt-get install $version"
  say "installing $version"
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "$version" >/dev/null
fi

if ! .venv/bin/python -m pip --version >/dev/null 2>&1 ||
  ! grep -qsF "$PWD/.venv" .venv/bin/activate; then
  say "making .venv with $("$python" --version)"
  rm -rf .venv
  "$python" -m venv .venv
fi
rm -f "$stamp"

say "installing the locked packages (about 20 s, once)"
with_uv() {
  .venv/bin/python -m pip install -q "$(grep '^uv==' requirements.lock)" &&
    .venv/bin/uv pip install -q --python .venv/bin/python -r requirements.lock &&
    .venv/bin/uv pip install -q --python .venv/bin/python --no-deps --no-build-isolation -e .
}
with_pip() {
  say "uv could not do it: once more with pip (about a minute)"
  .venv/bin/python -m pip install -q -r requirements.lock &&
    .venv/bin/python -m pip install -q --no-deps --no-build-isolation -e .
}
with_uv || with_pip || stop "the packages could not be installed; is there a network?"
rm -rf .venv/.cache/uv
printf '%s' "$wanted" >"$stamp"

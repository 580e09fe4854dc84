#!/usr/bin/env bash
# Build, check, try and sign one release; a person runs this on the oldest supported system.
#   installer/release.sh REPO KEYS ROOT_JSON [MAX_GLIBC]
set -eu
cd "$(dirname "$0")/.."
repo=$1 keys=$2 root=$3 max_glibc=${4:-2.28}
python=.venv/bin/python

.ci/setup test .venv
[ -z "$(git status --porcelain)" ] || { echo "There are changes that nobody committed." >&2; exit 1; }
.ci/check .venv
"$python" installer/check_wheels.py
rm -rf dist
"$python" installer/build.py --root "$root" --max-glibc "$max_glibc"
BUNDLE_DIR=dist "$python" -m pytest tests/e2e -q -m bundle
"$python" installer/release_repo.py add dist/teleterm-*.tar.xz --repo "$repo" --keys "$keys"
"$python" installer/release_repo.py check-expiry --repo "$repo" --keys "$keys"
(cd dist && sha256sum teleterm-*)

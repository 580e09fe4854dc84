#!/usr/bin/env bash
# Build, check, try and sign one release; a person runs this.
#   installer/release.sh REPO KEYS ROOT_JSON [OLD_ROOT]
# OLD_ROOT is a system made by `installer/old_system.sh OLD_ROOT` (this runs as root then): the build is made in it.
# Without it the build is made right here, which only the oldest supported system may do.
set -eu
repo=$(realpath "$1") keys=$(realpath "$2") root=$(realpath "$3") old=${4:+$(realpath "$4")}
cd "$(dirname "$0")/.."
python=.venv/bin/python

.ci/setup test .venv
[ -z "$(git status --porcelain)" ] || { echo "There are changes that nobody committed." >&2; exit 1; }
.ci/check .venv
"$python" installer/check_wheels.py
rm -rf dist
if [ -n "$old" ]; then
  installer/old_system.sh "$old" build --root "$root"
  made=dist/old same=(--deselect tests/e2e/test_bundle.py::test_a_second_build_elsewhere_is_the_same) # its libraries are not ours
else
  "$python" installer/build.py --root "$root" --max-glibc "$("$python" installer/promised.py glibc)"
  made=dist same=()
fi
BUNDLE_DIR=$made "$python" -m pytest tests/e2e -q -n 2 -m bundle "${same[@]}"
"$python" installer/release_repo.py add "$made"/teleterm-*.tar.xz --repo "$repo" --keys "$keys"
"$python" installer/release_repo.py check-expiry --repo "$repo" --keys "$keys"
(cd "$made" && sha256sum teleterm-*)

"""The first run on file systems that refuse it: mounted for the test, not made up."""

import sys
from pathlib import Path

import pytest

from tests.support.mounts import run_on

REPOSITORY = Path(__file__).parents[2]
INSTALL = """
import sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from teleterm.main.install import firstrun
from teleterm.model.errors import TeletermError
from tests.support.small_tree import packed, payload
archive = packed("1.0.0", program=bytes(int(sys.argv[3])))
try:
    place = firstrun.choose(Path(sys.argv[1]) / "data", payload("1.0.0", archive))
except TeletermError as error:
    print(error.message, error.hint)
else:
    print("installed", place)
versions = Path(sys.argv[1]) / "data" / "versions"
print("left:", [path.name for path in versions.iterdir()] if versions.exists() else [])
"""
CASES = {
    "as it should be": ("size=64m", 1000, "installed"),
    "noexec": ("size=64m,noexec", 1000, "programs may not run from there. Set TELETERM_HOME"),
    "too small": ("size=10m", 1000, "MB are free, 20 MB are needed. Free some space"),
    "full on the way": ("size=30m", 40_000_000, "the disk is full. Free some space"),
    "read-only": ("size=64m,ro", 1000, "Read-only file system. Set TELETERM_HOME"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_each_kind_of_place_is_used_or_named(name: str, tmp_path: Path) -> None:
    options, size, words = CASES[name]
    script: list[str | Path] = [sys.executable, "-c", INSTALL, tmp_path, REPOSITORY, str(size)]
    done = run_on(tmp_path, options, script)
    assert (done.returncode, done.stderr) == (0, "")
    said, left = done.stdout.strip().splitlines()
    assert words in said
    assert left == ("left: ['1.0.0']" if words == "installed" else "left: []")

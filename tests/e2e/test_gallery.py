"""Every state of the window reads as it was recorded, has names, and a way for the Tab key.

After a wanted change: `xvfb-run -a -s '-screen 0 1280x800x24' python -m tests.gallery text
tests/recorded/gallery`, and look at what it changed.
"""

import difflib
import subprocess
import sys
from pathlib import Path

import pytest

from tests.gallery.states import STATES
from tests.support.display import display

REPOSITORY = Path(__file__).parents[2]
RECORDED = REPOSITORY / "tests" / "recorded" / "gallery"
LIMIT_S = 300
pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(LIMIT_S + 20)]


def test_every_state_reads_as_recorded_and_is_named_and_reached_by_tab(tmp_path: Path) -> None:
    """One test, since all states come out of one process."""
    with display("1280x800"):
        done = subprocess.run(
            [sys.executable, "-m", "tests.gallery", "text", str(tmp_path)],
            capture_output=True,
            text=True,
            cwd=REPOSITORY,
            timeout=LIMIT_S,
        )
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
    changes = [
        line
        for name in STATES
        for line in difflib.unified_diff(
            (RECORDED / f"{name}.txt").read_text().splitlines(),
            (tmp_path / f"{name}.txt").read_text().splitlines(),
            f"recorded/{name}.txt",
            f"made/{name}.txt",
            lineterm="",
        )
    ]
    assert not changes, "\n".join(changes)


def test_nothing_is_recorded_that_is_no_state() -> None:
    assert {path.stem for path in RECORDED.glob("*.txt")} == set(STATES)

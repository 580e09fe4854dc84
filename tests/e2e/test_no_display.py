"""A display that can't be opened: one sentence, no traces, no second try."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.person import REPOSITORY

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def test_says_so_and_leaves(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    done = subprocess.run(
        [sys.executable, "-m", "teleterm"],
        cwd=REPOSITORY,
        env=os.environ | {"DISPLAY": ":9999", "TELETERM_HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "the window can't be shown" in done.stderr
    assert "Traceback" not in done.stderr

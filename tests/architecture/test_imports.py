"""The import contracts hold, and they would break if somebody broke them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

PLANTS = {
    "ui/app.py": "import teleterm.client",
    "terminal/engine.py": "import teleterm.model",
    "demo/__init__.py": "import teleterm.client",
    "main/__init__.py": "import tkinter",
    "wire/__init__.py": "import socket",
    "model/uri.py": "import teleterm.bridge",
}
"""One forbidden import for each contract, each appended to a copy of the tree."""


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter in `folder`."""
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [program, "--config", "setup.cfg", "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=100,
    )


@pytest.mark.slow
def test_contracts_hold() -> None:
    done = lint(REPOSITORY)
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("place", PLANTS)
def test_a_planted_import_is_found(place: str, tmp_path: Path) -> None:
    shutil.copy(REPOSITORY / "setup.cfg", tmp_path)
    ignore = shutil.ignore_patterns("__pycache__", "protogen")
    shutil.copytree(REPOSITORY / "teleterm", tmp_path / "teleterm", ignore=ignore)
    (tmp_path / "teleterm" / "protogen").mkdir()
    (tmp_path / "teleterm" / "protogen" / "__init__.py").touch()
    victim = tmp_path / "teleterm" / place
    victim.write_text(victim.read_text() + f"\n{PLANTS[place]}\n")
    done = lint(tmp_path)
    assert done.returncode != 0
    assert "BROKEN" in done.stdout

"""The packed tree: both programs start without any Python of the system, and a window opens."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.person import REPOSITORY, LogReader, run

pytestmark = [pytest.mark.bundle, pytest.mark.slow, pytest.mark.timeout(600)]

LARGEST_MB = 110


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree, built once."""
    out = tmp_path_factory.mktemp("bundle")
    script = REPOSITORY / "installer" / "build.py"
    subprocess.run([sys.executable, script, "--out", out], check=True, timeout=580)
    return out / "teleterm"


def clean_environment(home: Path) -> dict[str, str]:
    """An environment that knows nothing of this checkout."""
    keep = ("DISPLAY", "XAUTHORITY", "HOME", "LANG")
    kept = {name: os.environ[name] for name in keep if name in os.environ}
    return kept | {"PATH": "/usr/bin:/bin", "TELETERM_HOME": str(home), "UI_TRACE": "1"}


@pytest.fixture
def window(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The packed window, running; gives its state folder."""
    home = tmp_path_factory.mktemp("h")
    home.chmod(0o700)
    process = subprocess.Popen([tree / "teleterm"], env=clean_environment(home), cwd="/")
    try:
        LogReader(home / "state" / "logs" / "main.log").wait_for("ui: window ready")
        yield home
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_tsh_says_its_version_from_anywhere(tree: Path, tmp_path: Path) -> None:
    link = tmp_path / "tsh"
    link.symlink_to(tree / "tsh")
    printed = run(str(link), "version", "--format", "json")
    assert {"version", "gitref", "runtime"} <= set(json.loads(printed))


def test_self_test_passes(tree: Path) -> None:
    assert "Tcl/Tk 8.6" in run(str(tree / "teleterm"), "--self-test")


def test_a_window_opens_and_is_sealed(window: Path) -> None:
    log = LogReader(window / "state" / "logs" / "main.log")
    assert "'audit': 'on'" in log.read()
    log.wait_for("ui: dialog shown dlg_links")
    picture = window / "picture.png"
    run("import", "-window", "root", str(picture))
    assert int(run("identify", "-format", "%k", str(picture))) > 50, "the picture is blank"


def test_the_packed_daemon_serves(window: Path) -> None:
    LogReader(window / "state" / "logs" / "tshd.log").wait_for("serving on")


def test_the_manifest_lists_every_file(tree: Path) -> None:
    listed = set(json.loads((tree / "manifest.json").read_text())["files"])
    found = {
        path.relative_to(tree).as_posix()
        for path in tree.rglob("*")
        if path.is_file() and not path.is_symlink()
    }
    assert found - {"manifest.json"} == listed


def test_size_and_contents_stay_within_bounds(tree: Path) -> None:
    size_mb = sum(p.stat().st_size for p in tree.rglob("*") if p.is_file()) / 1e6
    assert size_mb < LARGEST_MB
    names = {path.name.split(".")[0] for path in (tree / "lib").iterdir()}
    assert not names & {"numpy", "PIL", "mypy", "pytest", "hypothesis"}

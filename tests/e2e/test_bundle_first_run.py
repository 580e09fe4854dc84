"""The single file where it can't be installed: each failure is one sentence, and a dialog."""

import contextlib
import os
import select
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer import footer
from tests.support.bundle import Bundle, bundle, clean_environment  # noqa: F401 - a fixture
from tests.support.mounts import run_on

pytestmark = [pytest.mark.bundle, pytest.mark.slow, pytest.mark.timeout(600)]
SAYS = 'for last; do :; done; printf %s "$last" > {}\n'
ANSWER_S = 30.0


class Desktop:
    """A desktop whose only program shows dialogs: it tells us what it would show."""

    def __init__(self, folder: Path) -> None:
        self._said = folder / "said"
        os.mkfifo(self._said)
        self._reader = os.open(self._said, os.O_RDWR | os.O_NONBLOCK)
        self.programs = folder / "programs"
        self.programs.mkdir()
        (self.programs / "zenity").write_text("#!/bin/sh\n" + SAYS.format(self._said))
        (self.programs / "zenity").chmod(0o755)

    def dialog(self) -> str:
        """What the dialog says, once it is up."""
        assert select.select([self._reader], [], [], ANSWER_S)[0], "no dialog was shown"
        return os.read(self._reader, 65536).decode().removeprefix("--text=")

    def close(self) -> None:
        """Close it."""
        os.close(self._reader)


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    """One."""
    with contextlib.closing(Desktop(tmp_path)) as made:
        yield made


def environment(home: Path, desktop: Desktop) -> dict[str, str]:
    """That of somebody who clicked on the file."""
    return clean_environment(home, PATH=f"{desktop.programs}:/usr/bin:/bin")


def is_told(done: "subprocess.CompletedProcess[str]", desktop: Desktop, words: str) -> bool:
    """Whether the sentence stands on standard error and in the dialog, and nothing else does."""
    assert done.returncode == 3, done.stderr
    assert done.stdout == ""
    said = desktop.dialog()
    assert done.stderr == f"teleterm: {said}\n"
    return words in said


MOUNTED = {
    "noexec": ("size=300m,noexec", "programs may not run from there. Set TELETERM_HOME"),
    "small": ("size=40m", "MB are needed. Free some space, or set TELETERM_HOME"),
    "read-only": ("size=300m,ro", "Read-only file system. Set TELETERM_HOME"),
}


@pytest.mark.parametrize("kind", MOUNTED)
def test_a_folder_that_can_not_hold_it(
    kind: str,
    bundle: Bundle,  # noqa: F811 - the fixture
    desktop: Desktop,
    tmp_path: Path,
) -> None:
    options, words = MOUNTED[kind]
    place = tmp_path / "place"
    place.mkdir()
    env = environment(place / "home", desktop)
    done = run_on(place, options, [bundle.single, "version"], env)
    assert is_told(done, desktop, words)


def run(single: Path, env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """Start the single file as a click does."""
    return subprocess.run([single], env=env, capture_output=True, text=True, timeout=60)


def test_a_damaged_download(
    bundle: Bundle,  # noqa: F811 - the fixture
    desktop: Desktop,
    tmp_path: Path,
) -> None:
    damaged = tmp_path / "teleterm"
    shutil.copy(bundle.single, damaged)
    about = footer.find(damaged)
    with damaged.open("r+b") as file:
        file.seek(about.offset + about.length // 2)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 1]))
    done = run(damaged, environment(tmp_path / "home", desktop))
    assert is_told(done, desktop, "The download is damaged. Download the file again.")
    versions = tmp_path / "home" / "data" / "versions"
    assert not versions.exists() or not list(versions.iterdir())


def test_a_tree_for_another_processor(
    bundle: Bundle,  # noqa: F811 - the fixture
    desktop: Desktop,
    tmp_path: Path,
) -> None:
    """What stands in the data folder was installed by another file, on a shared home."""
    data = tmp_path / "home" / "data"
    tree = data / "versions" / "99.0.0"
    tree.mkdir(parents=True)
    (tree / "teleterm").write_bytes(b"\x7fELF\2\1\1" + bytes(9) + b"\2\0\xf3\0" + bytes(100))
    (tree / "teleterm").chmod(0o700)
    (data / "install.json").write_text('{"schema": 1, "active": "99.0.0"}')
    (data / "current").symlink_to("versions/99.0.0")
    done = run(bundle.single, environment(tmp_path / "home", desktop))
    assert is_told(done, desktop, "another kind of computer")


def test_a_temporary_folder_that_runs_nothing_has_a_way_round(
    bundle: Bundle,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    """Nothing of ours runs yet, so the words are the loader's; docs/packaging.md has the answer."""
    place = tmp_path / "tmp"
    place.mkdir()
    env = clean_environment(tmp_path / "home", TMPDIR=str(place))
    done = run_on(place, "size=300m,noexec", [bundle.single, "version"], env)
    assert done.returncode == 127
    assert "failed to map segment" in done.stderr
    assert not (tmp_path / "home" / "data").exists()
    env = clean_environment(tmp_path / "home", TMPDIR=str(tmp_path))
    again = run_on(place, "size=300m,noexec", [bundle.single, "version"], env)
    assert again.stdout.startswith("teleterm "), again.stderr

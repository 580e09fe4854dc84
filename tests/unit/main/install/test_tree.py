"""Which trees may go and which must stay."""

import fcntl
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from teleterm.main.install import firstrun, record, tree
from teleterm.main.install.record import Install, Trial
from teleterm.main.update import apply
from teleterm.model.errors import Refused, TeletermError
from teleterm.osutil import dirs, locks
from tests.support.person import REPOSITORY
from tests.support.small_tree import packed, payload


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Three installed versions; the last is active."""
    for version in ("1.0.0", "1.1.0", "1.2.0"):
        firstrun.choose(tmp_path, payload(version))
        record.write(tmp_path, record.read(tmp_path).proved())
    return tmp_path


def test_the_active_tree_and_the_one_before_stay(data: Path) -> None:
    assert tree.collect(data) == ["1.0.0"]
    assert tree.versions(data) == ["1.1.0", "1.2.0"]


def test_a_tree_in_use_stays(data: Path) -> None:
    with (tree.folder(data, "1.0.0") / tree.IN_USE).open() as used:
        fcntl.flock(used, fcntl.LOCK_SH)
        assert tree.collect(data) == []
    assert tree.collect(data) == ["1.0.0"]


def test_an_update_on_trial_counts_its_starts_and_goes_back(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply.switch(data, "1.1.0")
    program = tree.program(data, "1.1.0")
    started: list[list[str]] = []
    monkeypatch.setattr(
        "teleterm.osutil.procs.replace_self", lambda argv, env: started.append(argv)
    )
    monkeypatch.setattr("sys.argv", ["teleterm", "--demo"])
    for starts in (1, 2):
        apply.begin(program)
        assert record.read(data).trial == Trial(version="1.1.0", starts=starts)
        assert started == []
    apply.begin(program)
    assert started == [[str(data / "current" / "teleterm"), "--demo"]]
    found = record.read(data)
    assert (found.active, found.trial, found.bad) == ("1.2.0", None, ("1.1.0",))
    assert (data / "current").readlink() == Path("versions/1.2.0")


def test_a_window_that_is_ready_ends_the_trial(data: Path) -> None:
    apply.switch(data, "1.1.0")
    apply.begin(tree.program(data, "1.1.0"))
    assert apply.proved(data, "1.1.0") == ["1.0.0"]
    assert record.read(data).trial is None
    apply.begin(tree.program(data, "1.1.0"))
    assert record.read(data).trial is None


def test_another_version_does_not_count(data: Path) -> None:
    apply.switch(data, "1.1.0")
    apply.begin(tree.program(data, "1.0.0"))
    assert apply.proved(data, "1.0.0") == []
    assert record.read(data).trial == Trial(version="1.1.0", starts=0)


def test_what_is_not_there_is_not_switched_to(data: Path) -> None:
    with pytest.raises(Refused, match="is not there"):
        apply.switch(data, "9.9.9")
    assert record.read(data).active == "1.2.0"


def test_a_release_that_tests_itself_is_put_beside_the_others(data: Path, tmp_path: Path) -> None:
    archive = tmp_path / "new.tar.xz"
    archive.write_bytes(packed("2.0.0"))
    apply.stage(data, archive, "2.0.0", 1000)
    assert tree.is_whole(data, "2.0.0")
    assert (record.read(data).active, record.read(data).pending) == ("1.2.0", "2.0.0")


BROKEN = {
    "doesn't work on this computer": packed("2.0.0", program=b"#!/bin/sh\nexit 1\n"),
    "Can't start": packed("2.0.0", program=b"no program at all"),
    "holds another version": packed("3.0.0"),
}


@pytest.mark.parametrize("words", BROKEN)
def test_a_release_that_does_not_work_is_never_installed(
    words: str, data: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "new.tar.xz"
    archive.write_bytes(BROKEN[words])
    with pytest.raises(TeletermError, match=words):
        apply.stage(data, archive, "2.0.0", 1000)
    assert tree.versions(data) == ["1.0.0", "1.1.0", "1.2.0"]
    assert not list((data / "versions").glob(f"{tree.STAGING}*"))
    assert record.read(data).pending == ""


def test_links_and_what_others_keep_survive_a_switch(data: Path) -> None:
    links: list[record.Json] = [{"path": "/x/tsh", "target": "/y"}]
    noted = replace(record.read(data), rest={"links": [*links], "more": {"a": 1}})
    record.write(data, noted)
    apply.switch(data, "1.1.0")
    rest = record.read(data).rest
    assert (rest["links"], rest["more"]) == (links, {"a": 1})


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "1/2", "x", "1\0", "1" * 65, "1 2"])
def test_what_is_no_version_never_becomes_a_folder(name: str) -> None:
    assert not record.is_version(name)


def test_versions_are_ordered_as_people_do() -> None:
    ordered = ["0.9", "1.0.0-rc.1", "1.0.0", "1.2.0", "1.10.0", "2.0"]
    assert sorted(reversed(ordered), key=record.order) == ordered


def test_a_record_survives_its_file(tmp_path: Path) -> None:
    install = Install(
        active="2.0", previous="1.0", trial=Trial(version="2.0", starts=2), bad=("1.5",)
    )
    record.write(tmp_path, install)
    assert replace(record.read(tmp_path), rest={}) == install


class Starts:
    """Starts by the menu: what `current` names, and what that one starts instead of itself."""

    def __init__(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._data = data
        self._next: list[str] = []
        monkeypatch.setattr("teleterm.osutil.procs.replace_self", self._replace)
        monkeypatch.setattr("sys.argv", ["teleterm"])
        monkeypatch.setenv("TELETERM_HOME", str(data.parent / "home"))

    def _replace(self, argv: list[str], env: dict[str, str]) -> None:
        self._next.append(argv[0])

    def by_menu(self) -> str:
        """Which version runs in the end."""
        program = (self._data / "current" / "teleterm").resolve()
        for _ in range(5):
            self._next.clear()
            apply.begin(program)
            if not self._next:
                return program.parent.name
            program = Path(self._next[0]).resolve()
        raise AssertionError("they start each other without end")


@pytest.fixture
def starts(data: Path, monkeypatch: pytest.MonkeyPatch) -> Starts:
    """Of the three installed versions."""
    return Starts(data, monkeypatch)


def test_a_switch_that_was_cut_off_is_brought_to_its_end(data: Path, starts: Starts) -> None:
    record.write(data, record.read(data).with_trial("1.1.0"))
    assert starts.by_menu() == "1.1.0"
    assert record.read(data).trial == Trial(version="1.1.0", starts=1)
    assert tree.pointed(data) == "1.1.0"


def test_a_way_back_that_was_cut_off_is_gone_to_its_end(data: Path, starts: Starts) -> None:
    """The record says the old one; the link still led to the broken one, with no trial left."""
    apply.switch(data, "1.1.0")
    record.write(data, record.read(data).rolled_back())
    assert starts.by_menu() == "1.2.0"
    assert tree.pointed(data) == "1.2.0"


def test_switching_twice_to_the_same_keeps_the_way_back(data: Path, starts: Starts) -> None:
    apply.switch(data, "1.1.0")
    apply.switch(data, "1.1.0")
    assert [starts.by_menu() for _ in range(3)] == ["1.1.0", "1.1.0", "1.2.0"]


def test_a_lost_record_is_written_again(data: Path, starts: Starts) -> None:
    (data / record.NAME).write_bytes(b"\0" * 100)
    assert starts.by_menu() == "1.2.0"
    assert record.read(data).active == "1.2.0"


def test_impatient_clicks_are_no_starts_of_a_trial(data: Path, starts: Starts) -> None:
    """Main lives and its window is slow to come: who clicks again only knocks."""
    apply.switch(data, "1.1.0")
    assert starts.by_menu() == "1.1.0"
    run = dirs.find().run
    run.mkdir(parents=True)
    held = locks.try_take(run / "main.lock")
    assert held is not None
    assert [starts.by_menu() for _ in range(5)] == ["1.1.0"] * 5
    assert record.read(data).trial == Trial(version="1.1.0", starts=1)
    held.release()


def test_a_start_that_can_not_be_noted_is_a_start(
    data: Path, starts: Starts, capsys: pytest.CaptureFixture[str]
) -> None:
    apply.switch(data, "1.1.0")
    (data / record.LOCK_NAME).unlink()
    (data / record.LOCK_NAME).symlink_to("/nonexistent/lock")
    assert starts.by_menu() == "1.1.0"
    assert "could not be noted" in capsys.readouterr().err


KILLED = """
import os, sys
from pathlib import Path
from teleterm.main.update import apply
from teleterm.osutil import procs
calls = 0
procs.replace_self = lambda argv, env: None
data = Path(sys.argv[1])
def count(frame, event, arg):
    global calls
    if "install" in frame.f_code.co_filename or "atomic" in frame.f_code.co_filename:
        calls += 1
        if calls == int(sys.argv[2]):
            os.kill(os.getpid(), 9)
sys.setprofile(count)
apply.stage(data, Path(sys.argv[3]), "2.0.0", 1000)
apply.switch(data, "2.0.0")
for _ in range(3):
    apply.begin(data / "versions" / "2.0.0" / "teleterm")
print("done", calls)
"""


@pytest.mark.slow
def test_an_update_that_is_killed_anywhere_leaves_a_program_that_starts(
    data: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it is staged, switched to, counted, and gone back from."""
    elsewhere = tmp_path_factory.mktemp("copies")
    archive = elsewhere / "new.tar.xz"
    archive.write_bytes(packed("2.0.0"))

    def update(place: Path, stop_at: int) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-c", KILLED, str(place), str(stop_at), str(archive)],
            cwd=REPOSITORY,
            env=os.environ | {"TELETERM_HOME": str(elsewhere / "home")},
            capture_output=True,
            text=True,
            timeout=60,
        )

    def copied(name: str) -> Path:
        return Path(shutil.copytree(data, elsewhere / name / "data", symlinks=True))

    calls = int(update(copied("whole"), 0).stdout.split()[1])
    for number in range(1, 13):
        place = copied(str(number))
        assert update(place, max(1, calls * number // 13)).returncode == -9
        version = Starts(place, monkeypatch).by_menu()
        assert version in {"1.2.0", "2.0.0"}
        assert record.read(place).active == tree.pointed(place) == version
        assert tree.is_sound(place, version)
        apply.stage(place, archive, "2.0.0", 1000)
        assert not list((place / "versions").glob(f"{tree.STAGING}*"))

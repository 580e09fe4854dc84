"""The first start of the single file, and every way in which it may go wrong."""

import os
import shutil
import subprocess
import sys
import threading
from collections import namedtuple
from pathlib import Path

import pytest

from teleterm.main.install import firstrun, record, tree
from teleterm.main.install.record import Install, Trial
from teleterm.model.errors import Refused
from tests.support.small_tree import is_installed, packed, payload

REPOSITORY = Path(__file__).parents[4]
Usage = namedtuple("Usage", "total used free")


def left_over(data: Path) -> list[str]:
    """What an installation that went wrong left behind."""
    versions = data / "versions"
    return [path.name for path in versions.iterdir()] if versions.exists() else []


def test_a_fresh_start_installs(tmp_path: Path) -> None:
    data = tmp_path / "data"
    place = firstrun.choose(data, payload("1.0.0"))
    assert place == data / "versions" / "1.0.0"
    assert is_installed(data, "1.0.0")
    assert record.read(data) == Install(active="1.0.0", rest={"schema": 1})
    assert os.access(place / "teleterm", os.X_OK)
    assert {path.stat().st_mode & 0o077 for path in data.rglob("*") if not path.is_symlink()} == {0}


def test_a_second_start_unpacks_nothing(tmp_path: Path) -> None:
    firstrun.choose(tmp_path, payload("1.0.0"))
    assert firstrun.choose(tmp_path, payload("1.0.0", b"never read")).name == "1.0.0"


def test_three_starts_at_once_install_once(tmp_path: Path) -> None:
    found: list[Path] = []
    starts = [
        threading.Thread(target=lambda: found.append(firstrun.choose(tmp_path, payload("1.0.0"))))
        for _ in range(3)
    ]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert found == [tmp_path / "versions" / "1.0.0"] * 3
    assert left_over(tmp_path) == ["1.0.0"]


KILLED = """
import os, sys
from pathlib import Path
from teleterm.main.install import firstrun
from tests.support.small_tree import payload
calls = 0
def count(frame, event, argument):
    global calls
    if "install" in frame.f_code.co_filename or "atomic" in frame.f_code.co_filename:
        calls += 1
        if calls == int(sys.argv[2]):
            os.kill(os.getpid(), 9)
sys.setprofile(count)
firstrun.choose(Path(sys.argv[1]), payload("1.0.0"))
print("done", calls)
"""


@pytest.mark.slow
def test_a_start_that_is_killed_anywhere_is_mended_by_the_next(tmp_path: Path) -> None:
    def start(data: Path, stop_at: int) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-c", KILLED, str(data), str(stop_at)],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=60,
        )

    calls = int(start(tmp_path / "whole", 0).stdout.split()[1])
    for number in range(1, 11):
        data = tmp_path / f"killed-{number}"
        assert start(data, max(1, calls * number // 11)).returncode == -9
        firstrun.choose(data, payload("1.0.0"))
        assert is_installed(data, "1.0.0")
        assert left_over(data) == ["1.0.0"]


DAMAGED = {
    "cut": packed("1.0.0")[: len(packed("1.0.0")) // 2],
    "a byte": packed("1.0.0")[:200] + b"\0\0" + packed("1.0.0")[202:],
    "nothing": b"",
    "another file": packed("1.0.0", changes={"lib/words": b"other"}),
    "a stranger": packed("1.0.0", changes={"lib/more": b"x"}),
    "a link": packed("1.0.0", link="/etc/passwd"),
    "out of the folder": packed("1.0.0", changes={"../out": b"x"}),
    "an absolute name": packed("1.0.0", changes={"/tmp/out": b"x"}),
    "no list": packed("1.0.0", changes={"manifest.json": b"{}"}),
    "a deep list": packed("1.0.0", changes={"manifest.json": b"[" * 100_000}),
    "a name as version": packed("../../x"),
    "another version": packed("2.0.0"),
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_payload_leaves_nothing(kind: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with pytest.raises(Refused, match="is damaged"):
        firstrun.choose(data, payload("1.0.0", DAMAGED[kind]))
    assert left_over(data) == []
    assert not (tmp_path / "out").exists()
    assert not (data / "current").is_symlink()


def test_a_full_disk_is_said_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1, 1, 5_000_000))
    with pytest.raises(Refused, match="4 MB are free, 20 MB are needed"):
        firstrun.choose(tmp_path, payload("1.0.0"))
    assert left_over(tmp_path) == []


def test_a_disk_that_fills_up_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(Refused, match="the disk is full"):
        firstrun.choose(tmp_path, payload("1.0.0"))
    assert left_over(tmp_path) == []


def test_a_place_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(Refused, match="Can't install into") as caught:
        firstrun.choose(tmp_path / "data", payload("1.0.0"))
    assert "TELETERM_HOME" in caught.value.hint


def test_an_older_single_file_uses_the_newer_tree(tmp_path: Path) -> None:
    firstrun.choose(tmp_path, payload("2.0.0"))
    assert firstrun.choose(tmp_path, payload("1.0.0")).name == "2.0.0"
    assert is_installed(tmp_path, "2.0.0")


def test_a_newer_single_file_is_an_update_on_trial(tmp_path: Path) -> None:
    firstrun.choose(tmp_path, payload("1.0.0"))
    assert firstrun.choose(tmp_path, payload("1.10.0")).name == "1.10.0"
    found = record.read(tmp_path)
    assert (found.active, found.previous, found.trial) == (
        "1.10.0",
        "1.0.0",
        Trial(version="1.10.0"),
    )


def test_a_newer_single_file_that_failed_here_is_not_tried_again(tmp_path: Path) -> None:
    firstrun.choose(tmp_path, payload("1.0.0"))
    record.write(tmp_path, Install(active="1.0.0", bad=("1.1.0",)))
    assert firstrun.choose(tmp_path, payload("1.1.0")).name == "1.0.0"


def test_two_trees_that_fail_end_with_the_one_in_the_file(tmp_path: Path) -> None:
    firstrun.choose(tmp_path, payload("1.0.0"))
    failed = Install(active="2.0.0", previous="1.5.0", trial=Trial(version="2.0.0", starts=3))
    record.write(tmp_path, failed)
    assert firstrun.choose(tmp_path, payload("1.0.0")).name == "1.0.0"
    assert is_installed(tmp_path, "1.0.0")


def test_a_tree_that_lost_its_program_is_unpacked_again(tmp_path: Path) -> None:
    place = firstrun.choose(tmp_path, payload("1.0.0"))
    (place / "teleterm").unlink()
    firstrun.choose(tmp_path, payload("1.0.0"))
    assert is_installed(tmp_path, "1.0.0")


def test_a_damaged_record_is_no_reason_to_stop(tmp_path: Path) -> None:
    firstrun.choose(tmp_path, payload("1.0.0"))
    (tmp_path / record.NAME).write_bytes(b"[" * 100_000)
    assert firstrun.choose(tmp_path, payload("1.0.0")).name == "1.0.0"
    assert record.read(tmp_path).active == "1.0.0"


def test_swaps_are_never_seen_half_done(tmp_path: Path) -> None:
    firstrun.choose(tmp_path, payload("1.0.0"))
    firstrun.choose(tmp_path, payload("2.0.0"))
    done = threading.Event()
    wrong: list[str] = []

    def read() -> None:
        while not done.is_set():
            text = (tmp_path / "current" / "lib" / "words").read_text()
            if text not in {"1.0.0" * 1000, "2.0.0" * 1000}:
                wrong.append(text[:20])

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    for number in range(200):
        tree.point(tmp_path, ("1.0.0", "2.0.0")[number % 2])
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []


@pytest.mark.parametrize("harm", ["gone", "cut"])
def test_a_tree_that_lost_a_file_is_installed_again(tmp_path: Path, harm: str) -> None:
    firstrun.choose(tmp_path, payload("1.0.0"))
    words = tree.folder(tmp_path, "1.0.0") / "lib" / "words"
    words.unlink() if harm == "gone" else words.write_bytes(b"")
    firstrun.choose(tmp_path, payload("1.0.0"))
    assert is_installed(tmp_path, "1.0.0")
    assert left_over(tmp_path) == ["1.0.0"]

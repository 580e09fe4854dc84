"""Which trees may go and which must stay."""

import fcntl
from dataclasses import replace
from pathlib import Path

import pytest

from teleterm.main.install import firstrun, record, tree
from teleterm.main.install.record import Install, Trial
from teleterm.main.update import apply
from teleterm.model.errors import Refused, TeletermError
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

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from teleterm.osutil import atomic


def test_writes_with_the_mode_and_leaves_nothing_beside(tmp_path: Path) -> None:
    place = tmp_path / "state.json"
    atomic.write(place, b"one")
    atomic.write(place, b"two")
    assert place.read_bytes() == b"two"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


def test_a_failed_write_keeps_the_old_file(tmp_path: Path) -> None:
    place = tmp_path / "folder"
    place.mkdir()
    (place / "inside").touch()
    with pytest.raises(OSError, match="directory"):
        atomic.write(place, b"data")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_replaces_a_link_instead_of_following_it(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    place = tmp_path / "link"
    place.symlink_to(victim)
    atomic.write(place, b"ours")
    assert victim.read_bytes() == b"precious"
    assert not place.is_symlink()


def test_a_stale_temporary_file_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / f".file.{os.getpid()}.tmp").write_bytes(b"old")
    atomic.write(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"


def test_sets_damaged_files_aside_under_names_of_their_own(tmp_path: Path) -> None:
    now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    names = []
    for text in (b"a", b"b"):
        place = tmp_path / "prod.yaml"
        place.write_bytes(text)
        names.append(atomic.set_aside(place, now=now).name)
    assert names == ["prod.yaml.corrupt-20260102-030405", "prod.yaml.corrupt-20260102-030405-2"]

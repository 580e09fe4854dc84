"""A session's output as a file."""

import errno
import os
from pathlib import Path

import pytest

from teleterm.ptyhost.recorder import Recorder


def test_writes_what_came_between_start_and_stop(tmp_path: Path) -> None:
    (tmp_path / "Downloads").mkdir()
    recorder = Recorder(tmp_path)
    assert recorder.write(b"before") == ""
    recorder.start("root@node1")
    path = Path(recorder.path)
    assert path == tmp_path / "Downloads" / "root@node1.log"
    assert path.stat().st_mode & 0o777 == 0o600
    recorder.write(b"\x1b[31mred\r\n")
    recorder.write(b"more")
    recorder.stop()
    recorder.write(b"after")
    assert recorder.path == ""
    assert path.read_bytes() == b"\x1b[31mred\r\nmore"


def test_never_writes_over_a_file_and_never_elsewhere(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    names = []
    for _ in range(2):
        recorder.start("../../etc/passwd")
        names.append(Path(recorder.path).relative_to(tmp_path).name)
    recorder.stop()
    assert names == ["etc passwd.log", "etc passwd (1).log"]


def test_stops_at_its_limit_and_says_so(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, limit_bytes=10)
    recorder.start("x")
    assert recorder.write(b"12345678") == ""
    assert "limit" in recorder.write(b"90123")
    assert recorder.path == ""
    assert recorder.write(b"more") == ""
    assert (tmp_path / "x.log").read_bytes() == b"12345678"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_said(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    recorder.start("x")
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, recorder._descriptor)
    os.close(full)
    assert os.strerror(errno.ENOSPC) in recorder.write(b"x")
    assert recorder.path == ""


def test_a_folder_that_cannot_be_written_raises(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "nothere")
    with pytest.raises(OSError, match="No such file"):
        recorder.start("x")
    assert recorder.path == ""

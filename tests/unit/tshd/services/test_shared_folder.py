"""A shared folder: what a desktop may do in it, and that nothing leads out of it."""

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from teleterm.model.errors import BadInput
from teleterm.tshd.services import folder_requests
from teleterm.tshd.services.shared_folder import SharedFolder
from teleterm.wire.tdp import files
from teleterm.wire.tdp.files import FileError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="not shared there")
ROUNDS = 300


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a file and a folder in it, beside a secret."""
    shared = tmp_path / "shared"
    (shared / "inner").mkdir(parents=True)
    (shared / "words.txt").write_text("some words")
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "words.txt").write_text("secret")
    return shared


@pytest.fixture
def folder(place: Path) -> Iterator[SharedFolder]:
    made = SharedFolder(str(place))
    yield made
    made.close()


def test_files_are_described(place: Path, folder: SharedFolder) -> None:
    os.utime(place / "words.txt", ns=(0, 1_700_000_000_123_000_000))
    found = {one.path: one for one in folder.entries("")}
    assert set(found) == {"inner", "words.txt"}
    assert found["words.txt"] == files.FileObject(1700000000123, 10, files.FILE, 1, "words.txt")
    assert (found["inner"].kind, found["inner"].size, found["inner"].is_empty) == (1, 4096, 0)
    assert folder.info("").kind == files.FOLDER
    assert folder.info("inner").path == "inner"


def test_files_are_written_and_read(place: Path, folder: SharedFolder) -> None:
    made = folder.create("inner/new.bin", files.FILE)
    assert (made.path, made.size) == ("inner/new.bin", 0)
    assert folder.write("inner/new.bin", 3, b"abc") == 3
    assert folder.read("inner/new.bin", 0, 100) == b"\0\0\0abc"
    assert folder.read("inner/new.bin", 5, 100) == b"c"
    folder.truncate("inner/new.bin", 4)
    assert (place / "inner" / "new.bin").read_bytes() == b"\0\0\0a"
    assert folder.create("more", files.FOLDER).kind == files.FOLDER
    assert folder.create("more", files.FOLDER).kind == files.FOLDER
    folder.delete("inner")
    folder.delete("inner")
    assert not (place / "inner").exists()


@pytest.mark.parametrize(
    "path", ["../secret", "inner/../../secret", "link", "inner/link", "far/words.txt", "..", "."]
)
def test_nothing_outside_is_reached(place: Path, folder: SharedFolder, path: str) -> None:
    (place / "link").symlink_to(place.parent / "secret")
    (place / "inner" / "link").symlink_to("../../secret")
    (place / "far").symlink_to(place.parent / "others")
    for attempt in (
        lambda: folder.read(path, 0, 10),
        lambda: folder.write(path, 0, b"x"),
        lambda: folder.truncate(path, 0),
        lambda: folder.info(path),
        lambda: folder.create(path, files.FILE),
        lambda: folder.entries(path),
    ):
        with pytest.raises(OSError, match=r".") as caught:
            attempt()
        assert not isinstance(caught.value, FileNotFoundError)
    assert (place.parent / "secret").read_text() == "secret"
    assert (place.parent / "others" / "words.txt").read_text() == "secret"


def test_links_are_left_out_of_lists_and_removed_as_links(
    place: Path, folder: SharedFolder
) -> None:
    (place / "inner" / "far").symlink_to(place.parent / "others")
    os.mkfifo(place / "inner" / "pipe")
    assert folder.entries("inner") == ()
    folder.delete("inner")
    assert (place.parent / "others" / "words.txt").read_text() == "secret"


def test_a_folder_that_becomes_a_link_meanwhile_leads_nowhere(
    place: Path, folder: SharedFolder
) -> None:
    real, link = place / "real", place / "link"
    real.mkdir()
    (real / "words.txt").write_text("shared")
    link.symlink_to(place.parent / "others")
    door = place / "door"
    real.rename(door)
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            door.rename(place / "a")
            link.rename(door)
            door.rename(link)
            (place / "a").rename(door)

    swapping = threading.Thread(target=swap)
    swapping.start()
    try:
        for _ in range(ROUNDS):
            try:
                assert folder.read("door/words.txt", 0, 10) == b"shared"
                folder.write("door/words.txt", 0, b"shared")
            except OSError:
                continue
    finally:
        stop.set()
        swapping.join()
    assert (place.parent / "others" / "words.txt").read_text() == "secret"


def test_only_folders_are_shared(place: Path) -> None:
    for path in (str(place / "words.txt"), str(place / "none"), "a\0b"):
        with pytest.raises(BadInput, match="no folder that can be shared"):
            SharedFolder(path)


def test_every_request_is_answered(folder: SharedFolder) -> None:
    read, text = folder_requests.answer(folder, files.ReadRequest(1, 2, "words.txt", 5, 4))
    assert (read, text) == (files.ReadAnswer(1, FileError.OK, b"word"), "")
    missing, text = folder_requests.answer(folder, files.InfoRequest(2, 2, "none"))
    assert (missing, text) == (files.InfoAnswer(2, FileError.MISSING, files.FileObject()), "")
    moved, text = folder_requests.answer(folder, files.MoveRequest(3, 2, "words.txt", "other"))
    assert moved == files.MoveAnswer(3, FileError.FAILED)
    assert "can't be moved" in text
    out, text = folder_requests.answer(folder, files.WriteRequest(4, 2, 0, "../x", b"x"))
    assert out == files.WriteAnswer(4, FileError.FAILED, 0)
    assert "leads out of the shared folder" in text
    far, text = folder_requests.answer(folder, files.ReadRequest(5, 2, "words.txt", 1 << 63, 4))
    assert far == files.ReadAnswer(5, FileError.FAILED, b"")
    none, text = folder_requests.answer(None, files.ListRequest(6, 2, ""))
    assert none == files.ListAnswer(6, FileError.FAILED, ())
    assert text == "No folder is shared with this desktop."

"""The single file: found where glue put its parts, the same each time, refused when cut."""

import hashlib
import io
import os
import tarfile
from pathlib import Path

import pytest

from installer import check_bundle, footer, glue, stub
from teleterm.main.install import firstrun, record
from teleterm.model.errors import BadInput
from tests.support.small_tree import packed

ROOT = Path(__file__).parents[3]
COOKIE = footer.COOKIE.pack(footer.COOKIE_MAGIC, 88 + 4, 0, 0, 311, b"libpython")


@pytest.fixture
def single(tmp_path: Path) -> Path:
    """A single file with a small tree in it, and a bootloader that is none."""
    (tmp_path / "head").write_bytes(b"bootloader")
    (tmp_path / "head").chmod(0o755)
    (tmp_path / "pkg").write_bytes(b"stub" + COOKIE)
    (tmp_path / "payload").write_bytes(packed("1.2.3"))
    return glue.glue(
        tmp_path / "head",
        tmp_path / "pkg",
        tmp_path / "payload",
        glue.Tree(version="1.2.3", size=5000),
        tmp_path / "teleterm",
    )


def test_the_footer_is_found_before_the_archive(single: Path) -> None:
    found = footer.find(single)
    assert (found.version, found.unpacked, found.offset) == ("1.2.3", 5000, len(b"bootloader"))
    part = stub.Slice(single, found.offset, found.length).readall() or b""
    assert hashlib.sha256(part).digest() == found.sha256
    assert single.read_bytes().endswith(COOKIE), "the bootloader looks for it at the end"
    assert os.access(single, os.X_OK)


def test_what_the_stub_carries_is_installed(single: Path, tmp_path: Path) -> None:
    found = footer.find(single)
    carried = firstrun.Payload(
        version=found.version,
        unpacked_bytes=found.unpacked,
        open_it=lambda: io.BufferedReader(stub.Slice(single, found.offset, found.length)),
    )
    place = firstrun.choose(tmp_path / "data", carried)
    assert record.read(tmp_path / "data").active == "1.2.3"
    assert (place / "teleterm").exists()


@pytest.mark.parametrize("left", [0, 50, 100, 200])
def test_a_file_that_was_cut_is_refused(single: Path, left: int) -> None:
    single.write_bytes(single.read_bytes()[:left])
    with pytest.raises(footer.NoPayload, match="download it again"):
        footer.find(single)


def test_a_file_with_something_behind_is_refused(single: Path) -> None:
    single.write_bytes(single.read_bytes() + b"more")
    with pytest.raises(footer.NoPayload):
        footer.find(single)


def test_packing_the_same_tree_gives_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        tree = tmp_path / name
        (tree / "lib").mkdir(parents=True)
        for file in ("b", "a") if name == "one" else ("a", "b"):
            (tree / "lib" / file).write_text(file)
        (tree / "lib" / "a").chmod(0o700 if name == "one" else 0o755)
        made.append(glue.compress(tree, tmp_path / f"{name}.xz", 0).read_bytes())
    assert made[0] == made[1]
    with tarfile.open(fileobj=io.BytesIO(made[0])) as tar:
        assert {entry.mtime for entry in tar} == {glue.DATE}
        assert {entry.uid for entry in tar} == {0}


def test_a_window_is_started_apart_and_everything_else_in_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DISPLAY", ":1")
    wanted = [[], ["--demo"], ["ssh", "a@b"], ["teleport://x/y"], ["link", "teleport://x"]]
    assert all(stub.is_window(argv) for argv in wanted)
    assert not any(stub.is_window(argv) for argv in (["version"], ["--status"], ["uninstall"]))
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not stub.is_window([])


def test_the_tree_gets_the_users_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_PYI_ARCHIVE_FILE", "/x")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/bootloader")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/mine")
    env = stub.clean_environment()
    assert env["LD_LIBRARY_PATH"] == "/mine"
    assert not [name for name in env if name.startswith(("_PYI_", "LD_LIBRARY_PATH_"))]


@pytest.mark.parametrize("spec", ["teleterm.spec", "stub.spec"])
def test_specs_compile(spec: str) -> None:
    compile((ROOT / "installer" / spec).read_text("utf-8"), spec, "exec")


def test_the_floor_is_the_newest_symbol_that_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "x.so").write_bytes(b"..GLIBC_2.9\0GLIBC_2.34\0GLIBC_2.4")
    (tmp_path / "words.txt").write_bytes(b"GLIBC_2.99")
    assert check_bundle.glibc_floor(tmp_path) == "2.34"


def test_a_home_that_is_no_whole_path_is_refused_as_by_the_tree(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TELETERM_HOME", "relative/home")
    with pytest.raises(BadInput, match="absolute path"):
        stub.data_folder()


def test_trees_are_installed_below_the_home_that_was_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TELETERM_HOME", str(tmp_path))
    assert stub.data_folder() == tmp_path / "data"

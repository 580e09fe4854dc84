"""Where a transferred file comes from and goes to, and what is refused before anything moves."""

from pathlib import Path

import pytest

from teleterm.main.transfers import download_paths, upload_paths
from teleterm.model.errors import BadInput


def test_an_upload_goes_home_under_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    for remote in ("", "~", "~/"):
        assert upload_paths("~/a.txt", remote, tmp_path) == (str(tmp_path / "a.txt"), "a.txt")
    whole = str(tmp_path / "a.txt")
    assert upload_paths(whole, "/srv/", tmp_path) == (whole, "/srv/a.txt")
    assert upload_paths(whole, "~/b.txt", tmp_path) == (whole, "b.txt")


@pytest.mark.parametrize("local", ["", "nothing.txt", "~/nothing.txt", "folder", "a\0b"])
def test_an_upload_needs_a_file(tmp_path: Path, local: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(BadInput):
        upload_paths(local, "", tmp_path)


def test_a_download_goes_to_downloads(tmp_path: Path) -> None:
    assert download_paths("/etc/hosts", "", tmp_path) == ("/etc/hosts", str(tmp_path / "hosts"))
    (tmp_path / "Downloads").mkdir()
    place = tmp_path / "Downloads" / "hosts"
    assert download_paths("/etc/hosts", "", tmp_path) == ("/etc/hosts", str(place))
    assert download_paths("~/x", "~/Downloads", tmp_path)[1] == str(tmp_path / "Downloads" / "x")


@pytest.mark.parametrize(
    ("remote", "local"),
    [("", ""), ("/", ""), ("~/", ""), ("a/..", ""), ("x", "kept.txt"), ("x", "none/at/all")],
)
def test_a_download_never_goes_over_a_file(tmp_path: Path, remote: str, local: str) -> None:
    (tmp_path / "kept.txt").write_text("mine")
    with pytest.raises(BadInput):
        download_paths(remote, local, tmp_path)
    assert (tmp_path / "kept.txt").read_text() == "mine"

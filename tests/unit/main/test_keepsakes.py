"""What leaves a terminal goes where it may, and over nothing that is there."""

from pathlib import Path

import pytest

from teleterm.main.keepsakes import Keepsakes, checked_link
from teleterm.model.errors import BadInput, TeletermError


@pytest.mark.parametrize(
    "url",
    ["https://e.example/a?b=c#d", "http://localhost:8080/", "mailto:a@e.example", "ssh://h/"],
)
def test_links_of_text_open(url: str) -> None:
    assert checked_link(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "javascript:alert(1)", "/etc/passwd", "--help", "", "https://",
        "https://e.example/\n--x", "https://[::1", "data:text/html,x", "https:///etc",
        "https://e.example/" + "a" * 3000,
    ],
)  # fmt: skip
def test_nothing_else_is_handed_to_the_system(url: str) -> None:
    with pytest.raises(BadInput):
        checked_link(url)


def test_output_goes_into_downloads_and_never_over_a_file(tmp_path: Path) -> None:
    (tmp_path / "Downloads").mkdir()
    keeper = Keepsakes(tmp_path, lambda _url: None)
    first = keeper.save("root@node1", "one\n")
    second = keeper.save("root@node1", "two\n")
    assert first == tmp_path / "Downloads" / "root@node1.txt"
    assert second == tmp_path / "Downloads" / "root@node1 (1).txt"
    assert first.read_text() == "one\n"
    assert first.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("../../.bashrc", "bashrc.txt"),
        ("/etc/passwd", "etc passwd.txt"),
        ("", "terminal.txt"),
        ("a\0b\n\u202ec", "a b c.txt"),
        ("x" * 500, "x" * 100 + ".txt"),
    ],
)
def test_a_name_leads_nowhere_else(tmp_path: Path, name: str, file: str) -> None:
    assert Keepsakes(tmp_path, lambda _url: None).save(name, "") == tmp_path / file


def test_a_folder_that_takes_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file, not a folder")
    with pytest.raises(TeletermError, match="could not be saved"):
        Keepsakes(tmp_path / "home", lambda _url: None).save("x", "")

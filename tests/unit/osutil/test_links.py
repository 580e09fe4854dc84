from collections.abc import Callable
from pathlib import Path

import pytest

from teleterm.model.errors import Refused
from teleterm.osutil import links

Place = Callable[[Path, Path], None]


def nothing(path: Path, target: Path) -> None:
    """Leave the place empty."""


def ours(path: Path, target: Path) -> None:
    """A link to our target."""
    path.symlink_to(target)


def dangling(path: Path, target: Path) -> None:
    """A link that leads nowhere."""
    path.symlink_to("/nonexistent/tsh")


def program(path: Path, target: Path) -> None:
    """The official program."""
    path.write_text("#!/bin/sh\necho Teleport v18.3.0 git:api go1.24\n")
    path.chmod(0o755)


def folder(path: Path, target: Path) -> None:
    """A folder of that name."""
    path.mkdir()


@pytest.mark.parametrize(
    ("made", "state", "words"),
    [
        (nothing, "new", "will be created"),
        (ours, "ours", "already ours"),
        (dangling, "dangling", "leads nowhere"),
        (program, "foreign", "Teleport v18.3.0"),
        (folder, "foreign", "a folder"),
    ],
)
def test_every_row_of_the_table(tmp_path: Path, made: Place, state: str, words: str) -> None:
    target = tmp_path / "bin" / "tsh"
    made(tmp_path / "tsh", target)
    plan = links.SymlinkBackend(tmp_path, is_on_path=True).look("tsh", target, {})
    assert plan.state == state
    assert words in plan.text


def test_a_foreign_program_is_asked_in_a_home_that_goes_again(tmp_path: Path) -> None:
    place, said = tmp_path / "tsh", tmp_path / "said"
    place.write_text(f'#!/bin/sh\nmkdir "$HOME/made" && echo "$HOME" > {said} && echo made\n')
    place.chmod(0o755)
    plan = links.SymlinkBackend(tmp_path, is_on_path=True).look("tsh", tmp_path / "bin" / "tsh", {})
    assert "made" in plan.text
    assert not Path(said.read_text().strip()).exists()


def test_a_link_of_an_earlier_version_is_renewed(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    (tmp_path / "tsh").symlink_to(old)
    backend = links.SymlinkBackend(tmp_path, is_on_path=True)
    assert backend.look("tsh", new, {}).state == "dangling"
    plan = backend.look("tsh", new, {str(tmp_path / "tsh"): str(old)})
    assert plan.state == "ours"
    backend.make(plan)
    assert (tmp_path / "tsh").readlink() == new


def test_makes_the_folder_and_the_link(tmp_path: Path) -> None:
    backend = links.SymlinkBackend(tmp_path / "a" / "bin", is_on_path=False)
    plan = backend.look("tsh", Path("/opt/tsh"), {})
    assert plan.path_line == f'export PATH="{tmp_path}/a/bin:$PATH"'
    backend.make(plan)
    assert plan.path.readlink() == Path("/opt/tsh")


def test_a_place_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    backend = links.SymlinkBackend(tmp_path, is_on_path=True)
    plan = backend.look("tsh", Path("/opt/tsh"), {})
    (tmp_path / "tsh").write_text("somebody was quicker")
    with pytest.raises(Refused, match="changed meanwhile"):
        backend.make(plan)
    assert (tmp_path / "tsh").read_text() == "somebody was quicker"


def test_removes_only_what_is_still_ours(tmp_path: Path) -> None:
    backend = links.SymlinkBackend(tmp_path, is_on_path=True)
    target = Path("/opt/ours/tsh")
    mine, other = tmp_path / "tsh", tmp_path / "teleterm"
    mine.symlink_to(target)
    other.symlink_to("/usr/bin/true")
    assert backend.remove(mine, target)
    assert not backend.remove(other, target)
    assert other.is_symlink()
    assert not mine.is_symlink()

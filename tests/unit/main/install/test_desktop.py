"""The menu entry, the icon, the handler of links: written on request, given back in order."""

import os
from pathlib import Path

import pytest

from teleterm.main.install import desktop, record, uninstall
from teleterm.model.errors import Refused
from teleterm.osutil import dirs

TOOL = """#!/bin/sh
[ "$1" = query ] && cat "$0.default" 2>/dev/null
[ "$1" = default ] && echo "$2" > "$0.default"
exit 0
"""


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for the desktop's xdg-mime; what it says is in the file beside it."""
    path = tmp_path / "bin" / "xdg-mime"
    path.parent.mkdir()
    path.write_text(TOOL)
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{path.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    return path.with_name("xdg-mime.default")


def folders_of(tmp_path: Path) -> dirs.Folders:
    """Folders of a user of their own."""
    made = dirs.find({"TELETERM_HOME": str(tmp_path / "home")})
    made.prepare()
    return made


def test_an_entry_starts_the_program_and_names_the_icon(tmp_path: Path) -> None:
    entry, icon = desktop.place(Path("/a b/50%/teleterm"), tmp_path, takes_links=False)
    text = entry.read_text()
    assert 'Exec="/a b/50%%/teleterm"\n' in text
    assert "Icon=teleterm\n" in text
    assert "MimeType" not in text
    assert icon.read_bytes().lstrip().startswith(b"<")


def test_links_are_opened_only_on_request(tmp_path: Path, tool: Path) -> None:
    folders = folders_of(tmp_path)
    assert desktop.run(folders, takes_links=False) == 0
    assert not tool.exists()
    assert desktop.run(folders, takes_links=True) == 0
    assert tool.read_text().strip() == desktop.ENTRY
    text = (tmp_path / "share" / "applications" / desktop.ENTRY).read_text()
    assert "MimeType=x-scheme-handler/teleport;" in text
    assert " link %u\n" in text


def test_who_opened_links_before_is_noted_and_gets_them_back(tmp_path: Path, tool: Path) -> None:
    tool.write_text("other.desktop\n")
    folders = folders_of(tmp_path)
    desktop.run(folders, takes_links=True)
    desktop.run(folders, takes_links=True)
    assert record.read(folders.data).rest[desktop.NOTE] == "other.desktop"
    gone = desktop.give_back(folders.data, tmp_path / "share")
    assert [path.name for path in gone] == [desktop.ENTRY, desktop.ICON]
    assert tool.read_text().strip() == "other.desktop"


def test_a_desktop_without_the_tool_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused, match='"xdg-mime" is missing'):
        desktop.become_handler(tmp_path)


@pytest.mark.usefixtures("tool")
def test_uninstalling_keeps_what_people_made(tmp_path: Path) -> None:
    folders = folders_of(tmp_path)
    profile = folders.tsh_home / "example.com.yaml"
    profile.write_text("x")
    record.write(folders.data, record.Install(active="1.0.0"))
    (folders.data / "versions" / "1.0.0").mkdir(parents=True)
    (folders.data / "current").symlink_to("versions/1.0.0")
    uninstall.run(folders, purges=False)
    assert sorted(path.name for path in folders.data.iterdir()) == ["tsh"]
    assert profile.exists()
    uninstall.run(folders, purges=True)
    assert not folders.data.exists()
    assert not folders.config.exists()
    assert not folders.run.exists()


@pytest.mark.usefixtures("tool")
def test_uninstalling_is_refused_while_it_runs(tmp_path: Path) -> None:
    from teleterm.osutil import locks

    folders = folders_of(tmp_path)
    held = locks.try_take(folders.run / "main.lock")
    assert held is not None
    with pytest.raises(Refused, match="is running"):
        uninstall.run(folders, purges=True)
    held.release()

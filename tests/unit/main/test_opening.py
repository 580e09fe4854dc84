from pathlib import Path

import pytest

from teleterm.bridge import opening
from teleterm.bridge.contract import SaveLayout, ShellSpec
from teleterm.bridge.views import DocumentView, LayoutView
from teleterm.main.commands import Command
from teleterm.main.config.file import ConfigFile
from teleterm.main.opening import OpeningKeeper
from teleterm.osutil import dirs
from tests.unit.bridge.test_opening import GLANCE

SHELL = DocumentView(kind="shell", title="sh", fields={"shell": "/bin/sh", "cwd": "/"})
SSH = DocumentView(kind="ssh", title="a@b")


class Kept:
    """A keeper, and what it wrote."""

    def __init__(self, home: Path, config: str) -> None:
        self.folders = dirs.find({"TELETERM_HOME": str(home)})
        for folder in (self.folders.state, self.folders.config):
            folder.mkdir(parents=True)
        self.folders.config_file.write_text(config)
        self._config = ConfigFile(self.folders.config_file)
        self._config.load()
        self.keeper = OpeningKeeper(self.folders, self._config, self._command)

    def _command(self, spec: ShellSpec) -> Command:
        return Command(
            argv=(spec.shell,),
            env={"PATH": "/own:/usr/bin", "TERM": "xterm-256color", "HOME": "/h"},
            cwd=spec.cwd,
        )

    @property
    def opening(self) -> opening.Opening | None:
        path = self.folders.state / opening.FILE_NAME
        return opening.read(path.read_bytes()) if path.exists() else None


def saved(*documents: DocumentView, active: int = 0, has_glance: bool = True) -> SaveLayout:
    layout = LayoutView(documents=documents, active=active)
    return SaveLayout(layout=layout, glance=GLANCE if has_glance else None)


def test_a_shell_in_front_is_kept_with_what_its_environment_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/h")
    monkeypatch.setenv("SECRET_OF_TODAY", "x")
    kept = Kept(tmp_path, '{"session.restore": "always"}')
    kept.keeper.note(saved(SSH, SHELL, active=1))

    found = kept.opening

    assert found is not None
    assert found.shell.argv == ("/bin/sh",)
    assert found.shell.path_first == "/own"
    assert found.shell.sets["TERM"] == "xterm-256color"
    assert "HOME" not in found.shell.sets
    assert "SECRET_OF_TODAY" in found.shell.drops
    assert "x" not in found.shell.sets.values()
    assert found.config[1] == len('{"session.restore": "always"}')


@pytest.mark.parametrize(
    ("config", "request_"),
    [
        ('{"session.restore": "ask"}', saved(SHELL)),
        ('{"session.restore": "always"}', saved(SSH)),
        ('{"session.restore": "always"}', saved(SHELL, has_glance=False)),
        ('{"session.restore": "always"}', saved()),
        ('{"session.restore": "always"}', saved(SHELL, active=7)),
    ],
)
def test_nothing_is_kept_that_would_not_come_back(
    tmp_path: Path, config: str, request_: SaveLayout
) -> None:
    kept = Kept(tmp_path, config)
    path = kept.folders.state / opening.FILE_NAME
    path.write_bytes(b"of an earlier session")

    kept.keeper.note(request_)

    assert not path.exists()

"""Keeps `state/opening.json`: the shell that the next start opens before anything is loaded."""

import contextlib
import logging
import os
from collections.abc import Callable

import msgspec

from teleterm.bridge import opening
from teleterm.bridge.contract import SaveLayout, ShellSpec
from teleterm.bridge.views import DocumentView
from teleterm.main.commands import Command
from teleterm.main.config.file import ConfigFile
from teleterm.model.errors import TeletermError
from teleterm.osutil import atomic, dirs, env, stamp

_log = logging.getLogger("teleterm.main.opening")


class OpeningKeeper:
    """Writes the file whenever the layout is saved, or removes it when no shell would come back.

    Shape: `command` makes the command line of a local shell, as for a tab that is opened.
    """

    def __init__(
        self, folders: dirs.Folders, config: ConfigFile, command: Callable[[ShellSpec], Command]
    ) -> None:
        self._folders = folders
        self._config = config
        self._command = command
        self._path = folders.state / opening.FILE_NAME
        self._last = b""

    def note(self, request: SaveLayout) -> None:
        """Keep what this layout would open first."""
        try:
            made = self._made(request)
            data = opening.pack(made) if made else b""
            if data != self._last or not data:
                self._write(data)
            self._last = data
        except (OSError, TeletermError, UnicodeEncodeError) as error:
            _log.info("the next start opens no shell early: %s", error)

    def _write(self, data: bytes) -> None:
        if data:
            atomic.write(self._path, data)
        else:
            with contextlib.suppress(FileNotFoundError):
                self._path.unlink()

    def _made(self, request: SaveLayout) -> opening.Opening | None:
        layout = request.layout
        if request.glance is None or self._config.text("session.restore") != "always":
            return None
        if not 0 <= layout.active < len(layout.documents):
            return None
        document = layout.documents[layout.active]
        if document.kind != "shell" or document.fields.get("cluster"):
            return None
        return opening.Opening(
            version=opening.VERSION,
            config=stamp.of(self._folders.config_file),
            shell=self._shell(document),
            glance=request.glance,
        )

    def _shell(self, document: DocumentView) -> opening.Shell:
        fields = document.fields
        command = self._command(ShellSpec(shell=fields.get("shell", ""), cwd=fields.get("cwd", "")))
        inherited = env.foreign_env()
        sets = {
            name: value
            for name, value in command.env.items()
            if name != "PATH" and inherited.get(name) != value
        }
        return opening.Shell(
            argv=command.argv,
            cwd=command.cwd,
            sets=sets,
            drops=tuple(sorted(inherited.keys() - command.env.keys())),
            path_first=command.env.get("PATH", "").partition(os.pathsep)[0],
            scrollback=int(self._config.number("terminal.scrollback")),
            linger_s=self._config.number("terminal.linger"),
            note=msgspec.json.encode(document).decode(),
        )

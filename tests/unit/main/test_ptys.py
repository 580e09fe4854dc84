"""Main's way to the pty host when the one before has just been killed."""

import asyncio
import socket
from pathlib import Path

import pytest

from teleterm.bridge import pty_contract
from teleterm.main import launch
from teleterm.main.ptys import Ptys
from teleterm.osutil import dirs


class Child:
    """A process that says of itself what it was given, the last answer for ever."""

    pid = 1

    def __init__(self, *answers: int | None) -> None:
        self._answers = list(answers)

    def poll(self) -> int | None:
        """Its exit status, None while it lives."""
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


def test_a_host_that_still_seemed_to_live_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = dirs.find({"TELETERM_HOME": str(tmp_path)})
    folders.prepare()
    hosts: list[socket.socket] = []

    def start(run_folder: Path, _arguments: list[str]) -> Child:
        made = socket.socket(socket.AF_UNIX)
        made.bind(str(run_folder / pty_contract.SOCKET_NAME))
        made.listen()
        hosts.append(made)
        return Child(None)

    monkeypatch.setattr(launch, "pty_host", start)
    ptys = Ptys(folders, lambda: 1.0)
    monkeypatch.setattr(ptys, "_process", Child(None, -9))

    async def steps() -> None:
        await ptys.start()
        ptys._forget()

    asyncio.run(steps())
    (host,) = hosts
    host.close()

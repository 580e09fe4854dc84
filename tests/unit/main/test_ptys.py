"""Main's way to the pty host: one that was killed, calls that are given up, odd variables."""

import asyncio
import contextlib
import os
import queue
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from teleterm.bridge import pty_contract
from teleterm.main import launch
from teleterm.main.commands import Command
from teleterm.main.ptys import Ptys
from teleterm.osutil import dirs, tasks


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


@contextmanager
def host_that_waits(folder: Path, may_answer: threading.Event) -> Iterator[queue.Queue[str]]:
    """A host that answers nothing until it may; gives what it was asked, in short."""
    asked: queue.Queue[str] = queue.Queue()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(folder / pty_contract.SOCKET_NAME))
    listener.listen()

    def reply_to(request: pty_contract.Request) -> pty_contract.Reply:
        if isinstance(request, pty_contract.Open):
            asked.put(f"open {request.argv[0]}")
            may_answer.wait(20)
            return pty_contract.Opened(terminal_id=f"t-{request.argv[0]}", pid=1)
        asked.put(f"close {getattr(request, 'terminal_id', '')}")
        return pty_contract.Done()

    def serve() -> None:
        connection, _ = listener.accept()
        reader = pty_contract.host_reader()
        with connection, contextlib.suppress(ConnectionError):
            while data := connection.recv(65536):
                for request in reader.feed(data):
                    connection.sendall(pty_contract.pack(reply_to(request)))

    thread = threading.Thread(target=serve)
    thread.start()
    with listener:
        yield asked
        thread.join(20)


async def next_of(asked: queue.Queue[str]) -> str:
    """What the host is asked next."""
    return await asyncio.to_thread(asked.get, timeout=20)


def test_a_terminal_that_is_given_up_while_it_opens_is_closed_and_mixes_nothing_up(
    tmp_path: Path,
) -> None:
    folders = dirs.find({"TELETERM_HOME": str(tmp_path)})
    folders.prepare()
    ptys = Ptys(folders, lambda: 1.0)

    async def opened(program: str) -> str:
        command = Command(argv=(program,), env={}, cwd="/")
        return await ptys.open(command, cols=80, rows=24, scrollback=0, note="")

    async def steps(asked: queue.Queue[str], may_answer: threading.Event) -> None:
        first = tasks.spawn(opened("first"))
        assert await next_of(asked) == "open first"
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        second = tasks.spawn(opened("second"))
        may_answer.set()
        assert await second == "t-second"
        assert {await next_of(asked), await next_of(asked)} == {"open second", "close t-first"}
        ptys._forget()

    may_answer = threading.Event()
    with host_that_waits(folders.run, may_answer) as asked:
        asyncio.run(asyncio.wait_for(steps(asked, may_answer), 20))


def test_variables_that_are_no_text_reach_the_program_as_they_are() -> None:
    env = {"PLAIN": "ü", "ODD": os.fsdecode(b"a\xff"), os.fsdecode(b"N\xe9"): "1"}
    text, raw = pty_contract.split_env(env)
    assert text == {"PLAIN": "ü"}
    request = pty_contract.Open(
        argv=("x",), env=text, raw_env=raw, cwd="/", cols=80, rows=24, scrollback=0
    )
    (taken,) = pty_contract.host_reader().feed(pty_contract.pack(request))
    assert isinstance(taken, pty_contract.Open)
    assert taken.environment() == env
    plain = pty_contract.Open(argv=("x",), env={}, cwd="/", cols=80, rows=24, scrollback=0)
    assert b"raw_env" not in pty_contract.pack(plain)  # a host of an earlier version lives on

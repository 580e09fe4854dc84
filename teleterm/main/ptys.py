"""The pty host as main sees it: found by its socket or started, spoken to one call at a time."""

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Callable
from typing import TypeVar

from teleterm.bridge import pty_client, pty_contract
from teleterm.main import launch
from teleterm.main.commands import Command
from teleterm.main.terminals import Living
from teleterm.model.errors import TeletermError, Unreachable
from teleterm.osutil import dirs, procs, tasks

_log = logging.getLogger("teleterm.main.ptys")
START_TIMEOUT_S = 5.0
START_PAUSE_S = 0.002
MAX_CALLS, DYING_S = 4, 0.1
MAX_STARTS = 2
LEAVE_WAIT_S = 6.0
T = TypeVar("T")


class Ptys:
    """Speaks to the pty host; when it has died, the next call starts another."""

    def __init__(
        self, folders: dirs.Folders, linger_s: Callable[[], float], early_pid: int = 0
    ) -> None:
        self._run_folder = folders.run
        self._socket = folders.run / pty_contract.SOCKET_NAME
        self._linger_s = linger_s
        self._lock = asyncio.Lock()
        self._client: pty_client.PtyClient | None = None
        self._watch: pty_client.PtyClient | None = None
        self._process: procs.Child | None = procs.ForkedChild(early_pid) if early_pid else None

    async def start(self) -> None:
        """Find the host or start it; a failure is told by the first call that needs it."""
        async with self._lock:
            with contextlib.suppress(TeletermError):
                await self._connected()

    async def open(
        self, command: Command, *, cols: int, rows: int, scrollback: int, note: str
    ) -> str:
        """Start a terminal and give its name."""
        env, raw_env = pty_contract.split_env(command.env)
        request = pty_contract.Open(
            argv=command.argv,
            env=env,
            raw_env=raw_env,
            cwd=command.cwd,
            cols=cols,
            rows=rows,
            scrollback=scrollback,
            meta=note,
        )
        opened = await self._call(
            lambda client: client.open(request),
            unwanted=lambda opened: tasks.spawn(self.close(opened.terminal_id), name="unwanted"),
        )
        return opened.terminal_id

    async def attach(self, terminal_id: str) -> int:
        """A descriptor of the terminal's frame channel, ours to hand on and close."""
        return await self._call(lambda client: client.attach(terminal_id), unwanted=os.close)

    async def close(self, terminal_id: str) -> None:
        """Hang a terminal up; one that is gone already is no failure."""
        with contextlib.suppress(TeletermError):
            await self._call(lambda client: client.close_terminal(terminal_id))

    async def living(self) -> list[Living]:
        """The terminals of the host; one whose program has ended still has its screen.

        Where no host lives there are none: nothing is started for the question.
        """
        is_starting = self._process is not None and self._process.poll() is None
        if not (self._client or is_starting or self._is_listening()):
            return []
        listed = await self._call(lambda client: client.list_all())
        return [
            Living(terminal_id=one.terminal_id, note=one.meta, cols=one.cols, rows=one.rows)
            for one in listed
        ]

    async def leave(self, *, keep_terminals: bool) -> None:
        """We leave: end everything, or let the host linger with its terminals."""
        async with self._lock:
            self._stop_watching()
            client = self._client
            if client and not keep_terminals:
                with contextlib.suppress(TeletermError):
                    await asyncio.to_thread(client.shut_down)
            self._forget()
            if self._process and not keep_terminals:
                await asyncio.to_thread(procs.wait_or_end, self._process, grace_s=LEAVE_WAIT_S)

    def _is_listening(self) -> bool:
        """Whether a host lives already, perhaps of an earlier main."""
        try:
            pty_client.connect(self._socket).close()
        except TeletermError:
            return False
        return True

    async def _call(
        self,
        work: Callable[[pty_client.PtyClient], T],
        *,
        unwanted: Callable[[T], object] = lambda _result: None,
    ) -> T:
        """Do one call, to its end even if the caller is cancelled: the next would get its answer.

        `unwanted` then gets what came of it.
        """
        call = tasks.spawn(self._call_alone(work), name="call of the pty host")
        try:
            return await asyncio.shield(call)
        except asyncio.CancelledError:
            call.add_done_callback(
                lambda ended: (
                    None if ended.cancelled() or ended.exception() else unwanted(ended.result())
                )
            )
            raise

    async def _call_alone(self, work: Callable[[pty_client.PtyClient], T]) -> T:
        """Do one call while no other goes on; a host that has died is replaced.

        One that was killed may take connections for a moment yet, and answers none: so more than
        one try.
        """
        async with self._lock:
            ends_at = time.monotonic() + START_TIMEOUT_S
            number = 0
            while True:
                number += 1
                try:
                    return await asyncio.to_thread(work, await self._connected())
                except Unreachable as error:
                    self._forget()
                    if number == MAX_CALLS or time.monotonic() > ends_at:
                        raise
                    _log.warning("the pty host doesn't answer: %s %s", error.message, error.details)
                await asyncio.sleep(DYING_S)

    async def _connected(self) -> pty_client.PtyClient:
        if self._client:
            return self._client
        try:
            self._client = pty_client.connect(self._socket)
        except Unreachable:
            self._client = await self._start()
        self._watch = pty_client.connect(self._socket)
        asyncio.get_running_loop().add_reader(self._watch.fileno(), self._died)
        return self._client

    async def _start(self) -> pty_client.PtyClient:
        """Start a host, if none is starting, and connect as soon as it listens.

        Raises: Unreachable when it doesn't within START_TIMEOUT_S.
        """
        end = time.monotonic() + START_TIMEOUT_S
        starts = 0
        while True:
            # one that was killed a moment ago may still count as living at the first look
            if self._process is None or (self._process.poll() is not None and starts < MAX_STARTS):
                starts += 1
                self._process = self._launched()
            try:
                return pty_client.connect(self._socket)
            except Unreachable:
                if time.monotonic() > end:
                    raise
            await asyncio.sleep(START_PAUSE_S)

    def _launched(self) -> procs.Process:
        arguments = ["--run-folder", str(self._run_folder), "--linger", f"{self._linger_s():g}"]
        return launch.pty_host(self._run_folder, arguments)

    def _died(self) -> None:
        """The host has ended: its shells went with it, and each tab sees that by itself."""
        _log.error("the pty host has ended")
        self._forget()

    def _stop_watching(self) -> None:
        if self._watch:
            asyncio.get_running_loop().remove_reader(self._watch.fileno())
            self._watch.close()
        self._watch = None

    def _forget(self) -> None:
        self._stop_watching()
        if self._client:
            self._client.close()
        self._client = None
        if self._process:
            self._process.poll()

"""Terminals: opened in the pty host, handed to the window as a descriptor, found again later."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import msgspec

from teleterm.bridge.contract import (
    AttachTerminal,
    CloseTerminal,
    Done,
    OpenTerminal,
    Reply,
    TerminalOpened,
    TerminalSpec,
)
from teleterm.bridge.views import DocumentView, TerminalView
from teleterm.main.commands import Command, Commands
from teleterm.main.desk import Desk, Handed
from teleterm.model.errors import BadInput, ErrorCode, TeletermError, Unreachable

_log = logging.getLogger("teleterm.main.terminals")
MAX_COLS = 2000
MAX_ROWS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Living:
    """A terminal of the pty host; `note` is the text that was given when it was opened."""

    terminal_id: str
    note: str
    cols: int
    rows: int


class PtyHost(Protocol):
    """What main needs of the pty host; every call may raise TeletermError."""

    async def open(
        self, command: Command, *, cols: int, rows: int, scrollback: int, note: str
    ) -> str:
        """Start a terminal and give its name."""

    async def attach(self, terminal_id: str) -> int:
        """A descriptor of the terminal's frame channel, ours to hand on and close."""

    async def close(self, terminal_id: str) -> None:
        """Hang a terminal up."""

    async def living(self) -> list[Living]:
        """The terminals that live."""

    async def leave(self, *, keep_terminals: bool) -> None:
        """We leave: end everything, or let the host linger with its terminals."""


class Proxies(Protocol):
    """The local proxies that some terminals need."""

    async def prepare(self, spec: TerminalSpec) -> None:
        """Open what this terminal needs."""

    async def release(self, spec: TerminalSpec) -> None:
        """Close it: no terminal needs it any more."""


class Terminals:
    """Answers the window's requests about terminals."""

    def __init__(
        self,
        host: PtyHost,
        commands: Callable[[], Commands],
        scrollback: Callable[[], int],
        proxies: Proxies,
    ) -> None:
        self._host = host
        self._commands = commands
        self._scrollback = scrollback
        self._proxies = proxies
        self._specs: dict[str, TerminalSpec] = {}

    def register(self, desk: Desk) -> None:
        """Take the window's requests."""
        desk.on(OpenTerminal, self._open)
        desk.on(AttachTerminal, self._attach)
        desk.on(CloseTerminal, self._close)

    async def views(self) -> tuple[TerminalView, ...]:
        """The terminals that live, for a window that starts anew."""
        try:
            living = await self._host.living()
        except TeletermError as error:
            _log.warning("the pty host doesn't answer: %s", error)
            return ()
        return tuple(
            TerminalView(
                terminal_id=one.terminal_id,
                document=_document(one.note),
                cols=one.cols,
                rows=one.rows,
            )
            for one in living
        )

    async def _open(self, request: OpenTerminal) -> Handed:
        if not (2 <= request.cols <= MAX_COLS and 1 <= request.rows <= MAX_ROWS):
            raise BadInput("A terminal can't have this size.", field="cols")
        await self._proxies.prepare(request.spec)
        command = self._commands().make(request.spec)
        ident = await self._host.open(
            command,
            cols=request.cols,
            rows=request.rows,
            scrollback=self._scrollback(),
            note=msgspec.json.encode(request.document).decode(),
        )
        self._specs[ident] = request.spec
        try:
            return await self._handed(ident)
        except asyncio.CancelledError:
            await self._host.close(ident)
            raise

    async def _attach(self, request: AttachTerminal) -> Handed:
        living = {one.terminal_id for one in await self._host.living()}
        if request.terminal_id not in living:
            raise Unreachable("This terminal has ended.", code=ErrorCode.NOT_FOUND)
        return await self._handed(request.terminal_id)

    async def _close(self, request: CloseTerminal) -> Reply:
        await self._host.close(request.terminal_id)
        spec = self._specs.pop(request.terminal_id, None)
        if spec is not None and spec not in self._specs.values():
            await self._proxies.release(spec)
        return Done()

    async def _handed(self, ident: str) -> Handed:
        return Handed(TerminalOpened(terminal_id=ident), await self._host.attach(ident))


def _document(note: str) -> DocumentView:
    try:
        return msgspec.json.decode(note, type=DocumentView)
    except msgspec.DecodeError:
        return DocumentView(kind="shell", title="Terminal")

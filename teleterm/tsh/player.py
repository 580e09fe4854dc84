"""Plays a recording: each piece of output when its time has come, at any speed, back and forth."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

CLEAR = b"\x1b[2J\x1b[3J\x1b[H"
STEP_MS = 10_000
_IDLE_MS = 500
_LEAVE = (b"\x03", b"\x04")
_BACK = (b"\x1b[D", b"\x1b[B", b"\x1bOD", b"\x1bOB")
_FORTH = (b"\x1b[C", b"\x1b[A", b"\x1bOC", b"\x1bOA")


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes for the screen, `at_ms` after the beginning."""

    at_ms: int
    data: bytes


class Player:
    """One playback; `show` gets what goes to the screen.

    Keys: space stops and goes on, arrows go 10 seconds back and forth, Ctrl-C and Ctrl-D leave.
    """

    def __init__(
        self, show: Callable[[bytes], None], *, speed: float = 1.0, skip_idle: bool = False
    ) -> None:
        self._show = show
        self._speed = speed
        self._skip_idle = skip_idle
        self._pieces: list[Piece] = []
        self._next = 0
        self._at_ms = 0.0
        self._is_stopped = False
        self._is_over = False
        self._has_left = False
        self._loaded = asyncio.Event()
        self._pressed = asyncio.Event()
        self._waits_since: float | None = None

    async def play(self, pieces: AsyncIterator[Piece]) -> None:
        """Play to the end, or until somebody leaves.

        Raises: what reading the pieces raises.
        """
        self._show(CLEAR)
        loading = asyncio.ensure_future(self._load(pieces))
        try:
            while not self._has_left and not await self._step():
                pass
            if loading.done():
                loading.result()
        finally:
            loading.cancel()
            await asyncio.wait({loading})

    def key(self, typed: bytes) -> None:
        """Obey what was typed; nothing is the end of the input."""
        self._settle()
        if typed in _LEAVE or not typed:
            self._has_left = True
        elif typed == b" ":
            self._is_stopped = not self._is_stopped
        elif typed in _BACK:
            self._seek(max(self._at_ms - STEP_MS, 0))
        elif typed in _FORTH:
            self._seek(self._at_ms + STEP_MS)
        self._pressed.set()
        self._loaded.set()

    async def _load(self, pieces: AsyncIterator[Piece]) -> None:
        try:
            async for piece in pieces:
                self._pieces.append(piece)
                self._loaded.set()
        finally:
            self._is_over = True
            self._loaded.set()

    async def _step(self) -> bool:
        """Show the next piece, or wait for something to change; True at the end."""
        if self._is_stopped:
            self._pressed.clear()
            await self._pressed.wait()
            return False
        if self._next >= len(self._pieces):
            if not self._is_over:
                self._loaded.clear()
                await self._loaded.wait()
            return self._is_over and self._next >= len(self._pieces)
        piece = self._pieces[self._next]
        if await self._waited_until(piece):
            self._at_ms = max(self._at_ms, piece.at_ms)
            self._next += 1
            self._show(piece.data)
        return False

    async def _waited_until(self, piece: Piece) -> bool:
        """Wait until a piece's time has come; False when a key came first."""
        wait_ms = piece.at_ms - self._at_ms
        if self._skip_idle:
            wait_ms = min(wait_ms, _IDLE_MS)
        if wait_ms <= 0:
            return True
        self._pressed.clear()
        self._waits_since = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(wait_ms / 1000 / self._speed):
                await self._pressed.wait()
        except TimeoutError:
            return True
        finally:
            self._waits_since = None
        return False

    def _settle(self) -> None:
        """Count the time that was waited already."""
        if self._waits_since is not None:
            passed_s = asyncio.get_running_loop().time() - self._waits_since
            self._at_ms += passed_s * 1000 * self._speed
            self._waits_since = None

    def _seek(self, target_ms: float) -> None:
        if target_ms < self._at_ms:
            self._show(CLEAR)
            self._next = 0
        while self._next < len(self._pieces) and self._pieces[self._next].at_ms <= target_ms:
            self._show(self._pieces[self._next].data)
            self._next += 1
        self._at_ms = target_ms

"""One visitor of the desktop: pictures go out while input comes in.

Here as PNG, as services before 18 sent them.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable

from teleterm.demo.desktop.screen import Part, Screen
from teleterm.demo.desktop.session import MAX_HEIGHT, MAX_WIDTH, XSession
from teleterm.demo.desktop.sharing import Sharing
from teleterm.osutil import tasks
from teleterm.wire.tdp.codec import Message, encode
from teleterm.wire.tdp.files import Announce
from teleterm.wire.tdp.messages import (
    Activated,
    Clipboard,
    Key,
    MouseButton,
    MouseMove,
    Ping,
    PngFrame,
    ScreenSpec,
    Wheel,
)

_FRAME_S = 1 / 30
_IO_CHANNEL, _USER_CHANNEL = 1003, 1007
_SMALLEST = 64

Send = Callable[[bytes], Awaitable[None]]


def fitting(spec: ScreenSpec) -> tuple[int, int]:
    """The size that is shown when this one is wished for."""
    width = min(max(spec.width, _SMALLEST), MAX_WIDTH)
    return width, min(max(spec.height, _SMALLEST), MAX_HEIGHT)


class Visit:
    """From `begin` to `end`. What every kind has in common: the clipboard, a shared folder."""

    def __init__(self, write: Send, session: XSession) -> None:
        self._write = write
        self._sending = asyncio.Lock()
        self._session = session
        self._sharing = Sharing(self.send, session)
        self._showing: asyncio.Task[None] | None = None

    async def send(self, message: Message) -> None:
        """Send one message."""
        async with self._sending:
            await self._write(encode(message))

    async def end(self) -> None:
        """Show it no longer."""
        self._session.on_copied = lambda text: None
        if self._showing is not None:
            self._showing.cancel()
            await asyncio.wait({self._showing})
        await self._sharing.end()

    async def take(self, message: Message) -> None:
        """Do what the visitor does."""
        match message:
            case Clipboard(data=data):
                self._session.copy(data.decode("utf-8", "replace"))
            case Ping():
                await self.send(message)
            case Announce():
                self._sharing.begin(message)
            case _:
                self._sharing.answered(message)

    def copied(self, text: str) -> None:
        """Tell the visitor what was copied in the session."""
        tasks.spawn(self._send_copied(text), name="desktop's clipboard")

    async def _send_copied(self, text: str) -> None:
        with contextlib.suppress(OSError, ssl.SSLError):
            await self.send(Clipboard(text.encode()))


class PictureVisit(Visit):
    """Looks at the session's screen, and sends what has changed of it."""

    def __init__(self, write: Send, session: XSession, screen: Screen) -> None:
        super().__init__(write, session)
        self._drawing = asyncio.Lock()
        self._screen = screen
        self._size = (0, 0)
        self._before = b""

    async def begin(self, spec: ScreenSpec, layout: int) -> None:
        """Show the session from now on."""
        self._session.visited(self.copied)
        await self._resize(spec)
        self._showing = tasks.spawn(self._show(), name="desktop's pictures")

    async def take(self, message: Message) -> None:
        """Do what the visitor does."""
        match message:
            case MouseMove(x=x, y=y):
                self._session.move(x, y)
            case MouseButton(button=button, state=state):
                self._session.button(button, is_down=bool(state))
            case Key(scancode=scancode, state=state):
                self._session.key(scancode, is_down=bool(state))
            case Wheel(axis=axis, delta=delta):
                self._session.wheel(axis, delta)
            case ScreenSpec():
                await self._resize(message)
            case _:
                await super().take(message)

    async def _resize(self, spec: ScreenSpec) -> None:
        width, height = fitting(spec)
        if (width, height) == self._size:
            return
        await asyncio.to_thread(self._session.set_area, width, height)
        async with self._drawing:  # no picture of one size is sent among those of the other
            self._size = (width, height)
            self._before = b""
            await self.send(Activated(_IO_CHANNEL, _USER_CHANNEL, width, height))

    async def _show(self) -> None:
        with contextlib.suppress(OSError, ssl.SSLError):
            while True:
                async with self._drawing:
                    self._before, parts = await asyncio.to_thread(self._look)
                    for one in parts:
                        await self.send(PngFrame(one.left, one.top, one.right, one.bottom, one.png))
                await asyncio.sleep(_FRAME_S)

    def _look(self) -> tuple[bytes, list[Part]]:
        now = self._screen.look(self._size[1])
        return now, list(self._screen.changes(self._before, now, *self._size))


async def received(session: XSession, write: Send) -> PictureVisit:
    """Have the session run, and make a visit of it. Raises: Unreachable."""
    await session.start()
    assert session.screen is not None  # noqa: S101 - just made
    return PictureVisit(write, session, session.screen)

"""A visit that passes an RDP server's fast path on, as services from 18 on do.

What the server sends goes on as it is; what the visitor does becomes RDP's input. A new size is a
new connection to the same session: the pictures begin anew, which `Activated` says.
"""

import asyncio
import contextlib
import ssl

from teleterm.demo.desktop.visit import Send, Visit, fitting
from teleterm.demo.desktop.xrdp import USER, XrdpSession
from teleterm.model.errors import PeerBroke, TeletermError
from teleterm.osutil import tasks
from teleterm.wire import rdp, rdp_input
from teleterm.wire.tdp.codec import Message
from teleterm.wire.tdp.messages import (
    Activated,
    Alert,
    FastPath,
    Key,
    MouseButton,
    MouseMove,
    RdpResponse,
    ScreenSpec,
    Severity,
    SyncKeys,
    Wheel,
)

_READ_BYTES = 256 * 1024
_LOST = "The RDP server behind this desktop has ended the session."
_BUTTONS = range(3)


class FastPathVisit(Visit):
    """From `begin` to `end`."""

    def __init__(self, write: Send, session: XrdpSession) -> None:
        super().__init__(write, session)
        self._xrdp = session
        self._server: asyncio.StreamWriter | None = None
        self._size = (0, 0)
        self._layout = 0
        self._at = (0, 0)

    async def begin(self, spec: ScreenSpec, layout: int) -> None:
        """Show the session from now on."""
        self._layout = layout
        self._session.visited(self.copied)
        await self._resize(spec)

    async def end(self) -> None:
        """Show it no longer."""
        await super().end()
        await self._leave()

    async def take(self, message: Message) -> None:
        """Do what the visitor does."""
        match message:
            case ScreenSpec():
                await self._resize(message)
            case RdpResponse(data=data):
                self._tell(data)
            case MouseMove(x=x, y=y):
                self._at = (x, y)
                self._tell(rdp_input.move(x, y))
            case MouseButton(button=button, state=state) if button in _BUTTONS:
                self._tell(rdp_input.button(button, *self._at, is_down=bool(state)))
            case Wheel(axis=axis, delta=delta):
                self._tell(rdp_input.wheel(delta, *self._at, is_vertical=axis == 0))
            case Key(scancode=scancode, state=state):
                self._tell(rdp_input.key(scancode, is_down=bool(state)))
            case SyncKeys(scroll=scroll, num=num, caps=caps, kana=kana):
                on = rdp_input.locks(
                    scroll=bool(scroll), num=bool(num), caps=bool(caps), kana=bool(kana)
                )
                self._tell(on)
            case _:
                await super().take(message)

    def _tell(self, data: bytes) -> None:
        if self._server is not None:
            self._server.write(data)

    async def _resize(self, spec: ScreenSpec) -> None:
        size = fitting(spec)
        if size == self._size:
            return
        self._size = size
        if self._showing is not None:
            self._showing.cancel()
            await asyncio.wait({self._showing})
        await self._leave()
        self._showing = tasks.spawn(self._show(), name="desktop's fast path")

    async def _leave(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()
            with contextlib.suppress(OSError):
                await server.wait_closed()

    async def _show(self) -> None:
        with contextlib.suppress(ssl.SSLError, OSError):
            try:
                await self._pass_on()
                text = _LOST
            except TeletermError as error:
                text = error.message
            await self.send(Alert(text, Severity.ERROR))

    async def _pass_on(self) -> None:
        """Connect, and pass on what comes until the server ends it. Raises: TeletermError."""
        reader, writer = await self._xrdp.connect()
        width, height = self._size
        wishes = rdp.Wishes(
            width=width, height=height, layout=self._layout, user=USER, password=USER
        )
        sequence = rdp.Sequence(wishes, writer.write)
        self._server, waiting = None, writer
        try:
            sequence.begin()
            while data := await reader.read(_READ_BYTES):
                for event in sequence.feed(data):
                    if isinstance(event, rdp.Active):
                        self._server = writer
                        channels = (event.io_channel, event.user_channel)
                        await self.send(Activated(*channels, width, height))
                    else:
                        await self.send(FastPath(event.data))
        except OSError as error:
            raise PeerBroke(_LOST, details=str(error)) from None
        finally:
            if self._server is None:
                waiting.close()


async def received(session: XrdpSession, write: Send) -> FastPathVisit:
    """Have the session run, and make a visit of it. Raises: Unreachable."""
    await session.start()
    return FastPathVisit(write, session)

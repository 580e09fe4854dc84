"""Desktop sessions through the daemon: pictures, input, the clipboard, a shared folder."""

import asyncio
import os
import shutil
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
import pytest

from teleterm.demo.desktop.sessions import why_no_office
from teleterm.osutil import tasks
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.wire import fastpath, remotefx
from teleterm.wire.tdp import files
from teleterm.wire.tdp.codec import Message, decode, encode
from teleterm.wire.tdp.messages import (
    Activated,
    Alert,
    Clipboard,
    FastPath,
    Key,
    KeyboardLayout,
    MouseButton,
    MouseMove,
    PngFrame,
    RdpResponse,
    ScreenSpec,
)
from tests.support.daemon_login import ROOT, log_in, window_of
from tests.support.daemon_process import CALL_S, TSH, Daemon, connected, running_daemon
from tests.support.demo_process import Ready
from tests.support.pictures import chunks

if TYPE_CHECKING:
    from teleterm.protogen.teleport.lib.teleterm.v1.service_pb2_grpc import (
        TerminalServiceAsyncStub,
    )

MISSING = [name for name in ("Xvfb", "xdotool", "openbox") if shutil.which(name) is None]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"{MISSING} not installed"),
]
STUDIO, OFFICE = (f"{ROOT}/windows_desktops/{name}" for name in ("studio", "office"))
needs_xrdp = pytest.mark.skipif(bool(why_no_office()), reason=why_no_office() or "xrdp is there")
WIDTH, HEIGHT = 1280, 800
CTRL, A, C, V, ENTER = 0x1D, 0x1E, 0x2E, 0x2F, 0x1C
HELLO = (0x23, 0x12, 0x26, 0x26, 0x18)
IN_NOTES = (400, 300)
AGAIN_S = 1.0
OFFICIAL = os.environ.get("OFFICIAL_TSH", "")


@pytest.fixture(params=["ours", "official"])
def daemon(request: pytest.FixtureRequest, demo: Ready, tmp_path: Path) -> Iterator[Daemon]:
    if request.param == "official" and not OFFICIAL:
        pytest.skip("OFFICIAL_TSH names no program")
    program = TSH if request.param == "ours" else [OFFICIAL]
    trust = {"SSL_CERT_FILE": demo.ca_file}
    (tmp_path / "d" / "home").mkdir(parents=True)  # the official daemon wants it to be there
    with running_daemon(tmp_path / "d", environ=trust, program=program) as running:
        yield running


class Visitor:
    """A window's side of one session; from `ask` to `end`."""

    def __init__(self, tsh: "TerminalServiceAsyncStub", uri: str = STUDIO) -> None:
        self._uri = uri
        self._writing = asyncio.Lock()
        self._updates = fastpath.Reassembler()
        self._call = tsh.ConnectToDesktop()
        self._came: asyncio.Queue[Message | None] = asyncio.Queue()
        self._reading: asyncio.Task[None] | None = None
        self.size = (0, 0)
        self.channels = (0, 0)
        self.pixels = 0
        self.alerts: list[str] = []

    async def ask(self, uri: str = "", login: str = "alice") -> None:
        target = pb.TargetDesktop(desktop_uri=uri or self._uri, login=login)
        await self._call.write(pb.ConnectToDesktopRequest(target_desktop=target))
        self._reading = tasks.spawn(self._read(), name="desktop visitor")

    async def begin(self) -> None:
        await self.ask()
        await self.send(ScreenSpec(WIDTH, HEIGHT), KeyboardLayout(0x409))

    async def send(self, *messages: Message) -> None:
        for message in messages:
            await self.raw(encode(message))

    async def raw(self, data: bytes) -> None:
        async with self._writing:
            await self._call.write(pb.ConnectToDesktopRequest(data=data))

    async def _read(self) -> None:
        try:
            async for answer in self._call:
                message = self._seen(decode(answer.data, files.ALL))
                if isinstance(message, FastPath):
                    await self._drawn(message)
                self._came.put_nowait(message)
        except grpc.aio.AioRpcError:
            pass  # `ended` looks at it
        finally:
            self._came.put_nowait(None)

    async def _drawn(self, message: FastPath) -> None:
        """Count what an update draws, and acknowledge frames."""
        for code, data in self._updates.feed(message.data):
            if code != fastpath.Update.SURFACE:
                continue
            for one in fastpath.surface_commands(data):
                if isinstance(one, fastpath.SurfaceBits):
                    remotefx.check(one.data, one.left, one.top, *self.size)
                    self.pixels += len(one.data)
                elif one.is_end:
                    answer = fastpath.frame_acknowledge(one.frame, *self.channels)
                    await self.send(RdpResponse(answer))

    def _seen(self, message: Message) -> Message:
        if isinstance(message, Activated):
            self.size = (message.width, message.height)
            self.channels = (message.io_channel, message.user_channel)
            self.pixels = 0
        elif isinstance(message, PngFrame):
            self.pixels += check(message, self.size)
        elif isinstance(message, Alert):
            self.alerts.append(message.text)
        return message

    async def until(self, done: Callable[[Message], bool]) -> None:
        """Wait for a message."""
        async with asyncio.timeout(CALL_S):
            while (message := await self._came.get()) is not None:
                if done(message):
                    return
        raise AssertionError(f"the session ended: {await self._call.details()}")

    async def ended(self) -> str:
        """Wait for the end, and give why."""
        async with asyncio.timeout(CALL_S):
            while await self._came.get() is not None:
                pass
            return await self._call.details() or ""

    async def copies(
        self, words: str, *clicks: tuple[int, int], typed: tuple[int, ...] = ()
    ) -> None:
        """Select all that is in the editor and copy it, until a text with `words` comes."""
        async with asyncio.timeout(CALL_S):
            while True:
                for place in clicks:
                    await self.click(*place)
                for key in typed:
                    await self.press(key)
                await self.press(CTRL, A)
                await self.press(CTRL, C)
                try:
                    async with asyncio.timeout(AGAIN_S):
                        await self.until(has_text(words))
                except TimeoutError:
                    continue  # the window manager may hand the keyboard on later
                return

    async def press(self, *keys: int) -> None:
        """Press keys together."""
        await self.send(*(Key(key, 1) for key in keys))
        await self.send(*(Key(key, 0) for key in reversed(keys)))

    async def click(self, x: int, y: int) -> None:
        await self.send(MouseMove(x, y), MouseButton(0, 1), MouseButton(0, 0))

    async def end(self) -> None:
        self._call.cancel()
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait({self._reading})


def check(frame: PngFrame, size: tuple[int, int]) -> int:
    """Look at a picture; gives how many pixels it has."""
    parts = chunks(frame.png)
    width, height = struct.unpack(">II", parts[b"IHDR"][:8])
    assert (width, height) == (frame.right - frame.left, frame.bottom - frame.top)
    assert 0 <= frame.left < frame.right <= size[0]
    assert 0 <= frame.top < frame.bottom <= size[1]
    assert len(zlib.decompress(parts[b"IDAT"])) == height * (1 + 3 * width)
    return int(width * height)


def session(
    daemon: Daemon,
    demo: Ready,
    steps: Callable[[Visitor, "TerminalServiceAsyncStub"], object],
    uri: str = STUDIO,
) -> None:
    """Log in, begin a session and do the steps."""

    async def run() -> None:
        async with connected(daemon, window_of(demo)) as tsh:
            await log_in(tsh, demo)
            visitor = Visitor(tsh, uri)
            await visitor.begin()
            done = steps(visitor, tsh)
            assert asyncio.iscoroutine(done)
            await done
            await visitor.end()

    asyncio.run(run())


def has_text(words: str) -> Callable[[Message], bool]:
    return lambda message: isinstance(message, Clipboard) and words in message.data.decode()


def test_it_is_listed(daemon: Daemon, demo: Ready) -> None:
    async def run() -> None:
        async with connected(daemon, window_of(demo)) as tsh:
            await log_in(tsh, demo)
            request = pb.ListUnifiedResourcesRequest(cluster_uri=ROOT, kinds=["windows_desktop"])
            listed = await tsh.ListUnifiedResources(request, timeout=CALL_S)
            found = {one.windows_desktop.uri: one.windows_desktop for one in listed.resources}
            assert set(found) == {STUDIO} | (set() if why_no_office() else {OFFICE})
            assert all(list(one.logins) == ["alice"] for one in found.values())

    asyncio.run(run())


def test_pictures_input_and_clipboard(daemon: Daemon, demo: Ready) -> None:
    async def steps(visitor: Visitor, _tsh: "TerminalServiceAsyncStub") -> None:
        await visitor.until(lambda message: visitor.pixels >= WIDTH * HEIGHT)
        assert visitor.size == (WIDTH, HEIGHT)
        await visitor.copies("hello", IN_NOTES, typed=HELLO)
        await visitor.send(Clipboard(b"from outside"))
        await visitor.press(ENTER)
        await visitor.press(CTRL, V)
        await visitor.copies("from outside")
        await visitor.send(ScreenSpec(800, 600))
        await visitor.until(lambda message: visitor.size == (800, 600))
        await visitor.until(lambda message: isinstance(message, PngFrame))

    session(daemon, demo, steps)


@needs_xrdp
def test_fast_path_of_a_real_rdp_server(daemon: Daemon, demo: Ready) -> None:
    """Pictures as the server sends them, input, the clipboard, another size."""

    async def steps(visitor: Visitor, _tsh: "TerminalServiceAsyncStub") -> None:
        await visitor.until(lambda message: visitor.pixels > 0)
        assert visitor.size == (WIDTH, HEIGHT)
        await visitor.copies("hello", IN_NOTES, typed=HELLO)
        await visitor.send(Clipboard(b"from outside"))
        await visitor.press(ENTER)
        await visitor.press(CTRL, V)
        await visitor.copies("from outside")
        await visitor.send(ScreenSpec(800, 600))
        await visitor.until(lambda message: visitor.size == (800, 600))
        await visitor.until(lambda message: visitor.pixels > 0)
        await visitor.copies("hello", IN_NOTES, typed=HELLO)

    session(daemon, demo, steps, OFFICE)


def test_a_folder_is_shared(daemon: Daemon, demo: Ready, tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "words.txt").write_text(f"read from {tmp_path.name}")
    (tmp_path / "secret").write_text("not to be seen")
    (folder / "out").symlink_to(tmp_path / "secret")
    request = pb.SetSharedDirectoryForDesktopSessionRequest(
        desktop_uri=STUDIO, login="alice", path=str(folder)
    )

    async def steps(visitor: Visitor, tsh: "TerminalServiceAsyncStub") -> None:
        await visitor.until(lambda message: isinstance(message, PngFrame))
        await tsh.SetSharedDirectoryForDesktopSession(request, timeout=CALL_S)
        with pytest.raises(grpc.aio.AioRpcError, match="already shared"):
            await tsh.SetSharedDirectoryForDesktopSession(request, timeout=CALL_S)
        await visitor.send(files.Announce(1, "shared"))
        await visitor.until(lambda message: isinstance(message, files.Acknowledge))
        await visitor.until(lambda message: isinstance(message, Alert))
        # the file's name is in the list on the left, its words in the editor after a click
        await visitor.copies(f"read from {tmp_path.name}", (120, 158), IN_NOTES)
        assert visitor.alerts == ['1 files of the folder "shared" are here.']

    session(daemon, demo, steps)


def test_what_the_daemon_refuses(daemon: Daemon, demo: Ready, tmp_path: Path) -> None:
    async def steps(visitor: Visitor, tsh: "TerminalServiceAsyncStub") -> None:
        await visitor.until(lambda message: isinstance(message, PngFrame))
        second = Visitor(tsh)
        await second.ask()
        assert "already exists" in await second.ended()
        nobody = Visitor(tsh)
        await nobody.ask(login="")
        assert await nobody.ended() == "first message must contain a target desktop"
        gone = Visitor(tsh)
        await gone.ask(f"{ROOT}/windows_desktops/none")
        assert 'o desktop "none"' in await gone.ended()
        stranger = Visitor(tsh)
        await stranger.ask(login="root")
        await stranger.until(lambda message: isinstance(message, Alert))
        await stranger.end()
        assert "may not log in" in stranger.alerts[0]
        request = pb.SetSharedDirectoryForDesktopSessionRequest(
            desktop_uri=STUDIO, login="nobody", path=str(tmp_path)
        )
        with pytest.raises(grpc.aio.AioRpcError, match="there is no desktop session"):
            await tsh.SetSharedDirectoryForDesktopSession(request, timeout=CALL_S)
        await visitor.raw(encode(files.ReadAnswer(1, 0, b"stolen")))
        assert "not allowed from the renderer process" in await visitor.ended()

    session(daemon, demo, steps)


@pytest.mark.parametrize("data", [b"\xff", b"\x05\0", b"\x06\xff\xff\xff\xff", b"\x02" + bytes(30)])
def test_what_is_no_message_ends_the_session(daemon: Daemon, demo: Ready, data: bytes) -> None:
    if data[0] == Clipboard.TYPE and OFFICIAL and OFFICIAL in str(daemon.process.args):
        pytest.skip("the official daemon goes down with it")

    async def steps(visitor: Visitor, _tsh: "TerminalServiceAsyncStub") -> None:
        await visitor.until(lambda message: isinstance(message, Activated))
        await visitor.raw(data)
        assert "could not decode desktop message" in await visitor.ended()

    session(daemon, demo, steps)

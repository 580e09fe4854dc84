"""`kubectl exec`: a program on this machine, joined to a WebSocket.

Shape:  each binary message begins with its channel: 0 input, 1 output, 2 errors, 3 how it ended,
        4 the terminal's size as JSON, 255 (version 5 only) the channel that has ended.
Source: Kubernetes remotecommand, `v4.channel.k8s.io` and `v5.channel.k8s.io`.
"""

import asyncio
import contextlib
import json
import os
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from teleterm.demo import children, keeper
from teleterm.demo.descriptors import DescriptorReader
from teleterm.demo.kube.objects import Json
from teleterm.demo.rooms import size_of
from teleterm.demo.streams import ByteStream
from teleterm.model.errors import PeerBroke, TeletermError
from teleterm.osutil import tasks
from teleterm.wire import websocket
from teleterm.wire.websocket import Frame, Opcode

PROTOCOLS = ("v5.channel.k8s.io", "v4.channel.k8s.io")
_STDIN, _STDOUT, _ERROR, _RESIZE, _CLOSED = 0, 1, 3, 4, 255
_GRACE_S = 2.0
_QUIET_S = 0.25
_USUAL = size_of(0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to run in which pod."""

    pod: str
    command: Sequence[str]
    has_terminal: bool
    has_input: bool


class ExecSession:
    """One program with its WebSocket, from the handshake's answer on."""

    def __init__(self, stream: ByteStream, wanted: Wanted, folder: Path) -> None:
        self._stream = stream
        self._wanted = wanted
        self._folder = folder
        self._writing = asyncio.Lock()

    async def run(self) -> None:
        """Run it to its end, or until the client leaves."""
        try:
            child = self._start()
        except (TeletermError, OSError) as error:
            await self._finish(_failure(f"exec failed: {error}"))
            return
        with keeper.noted(self._folder, child.pid):
            await self._join(child)

    def _start(self) -> children.Child:
        env = {
            "HOME": str(Path.home()),
            "HOSTNAME": self._wanted.pod,
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "TERM": "xterm",
            "PS1": f"{self._wanted.pod}$ ",
        }
        command = children.Command(argv=self._wanted.command, env=env, cwd=env["HOME"])
        if self._wanted.has_terminal:
            return children.start_on_terminal(command, _USUAL)
        return children.start_on_pipes(command)

    async def _join(self, child: children.Child) -> None:
        if not self._wanted.has_input and not child.has_terminal:
            child.stdin.close()
        outputs = {
            tasks.spawn(self._copy(reader, _STDOUT + number), name="exec output")
            for number, reader in enumerate(child.outputs)
        }
        feeding = tasks.spawn(self._feed(child), name="exec input")
        ended = tasks.spawn(child.wait(), name="exec end")
        try:
            await asyncio.wait({ended, feeding}, return_when=asyncio.FIRST_COMPLETED)
            if not ended.done():
                child.hang_up()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(asyncio.shield(ended), _GRACE_S)
                child.kill()
            status = await ended
            child.release_terminal()
            _, left = await asyncio.wait(outputs, timeout=_QUIET_S)
            for task in left:
                task.cancel()
            await self._finish(_status(status))
        finally:
            feeding.cancel()
            await asyncio.wait({feeding, *outputs})
            child.close()

    async def _copy(self, reader: DescriptorReader, channel: int) -> None:
        with contextlib.suppress(OSError, ssl.SSLError):
            while data := await reader.read():
                await self._send(bytes([channel]) + data)

    async def _feed(self, child: children.Child) -> None:
        """Hand on what the client types; comes back when it leaves."""
        decoder = websocket.Decoder()
        with contextlib.suppress(OSError, ssl.SSLError, PeerBroke):
            while data := await self._stream.read():
                for frame in decoder.feed(data):
                    if not await self._take(frame, child):
                        return

    async def _take(self, frame: Frame, child: children.Child) -> bool:
        """Act on one frame; False at the client's goodbye."""
        if frame.opcode is Opcode.PING:
            await self._send(frame.body, Opcode.PONG)
        if frame.opcode is not Opcode.BINARY or not frame.body:
            return frame.opcode is not Opcode.CLOSE
        channel, body = frame.body[0], frame.body[1:]
        if channel == _STDIN:
            await child.stdin.write(body)
        elif channel == _RESIZE:
            _resize(child, body)
        elif channel == _CLOSED and body == bytes([_STDIN]) and not child.has_terminal:
            child.stdin.close()
        return True

    async def _finish(self, status: Json) -> None:
        with contextlib.suppress(OSError, ssl.SSLError):
            await self._send(bytes([_ERROR]) + json.dumps(status).encode())
            await self._send((1000).to_bytes(2, "big"), Opcode.CLOSE)

    async def _send(self, body: bytes, opcode: Opcode = Opcode.BINARY) -> None:
        async with self._writing:
            await self._stream.write(websocket.encode(opcode, body))


def _resize(child: children.Child, body: bytes) -> None:
    with contextlib.suppress(ValueError, RecursionError):
        given: object = json.loads(body)
        if isinstance(given, dict):
            columns, rows = given.get("Width"), given.get("Height")
            if isinstance(columns, int) and isinstance(rows, int):
                child.resize(size_of(columns, rows))


def _status(status: int) -> Json:
    if status == 0:
        return {"metadata": {}, "status": "Success"}
    code = status if status > 0 else 128 - status
    return {
        "metadata": {},
        "status": "Failure",
        "reason": "NonZeroExitCode",
        "message": f"command terminated with non-zero exit code: exit status {code}",
        "details": {"causes": [{"reason": "ExitCode", "message": str(code)}]},
    }


def _failure(message: str) -> Json:
    return {
        "metadata": {},
        "status": "Failure",
        "reason": "InternalError",
        "message": message,
        "code": 500,
    }

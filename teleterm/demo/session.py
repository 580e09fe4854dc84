"""One SSH session on a node: a shell or a command joined to a channel, until either ends."""

import asyncio
import contextlib
import signal
from collections.abc import Sequence
from typing import Protocol

import asyncssh

from teleterm.demo.children import Child
from teleterm.demo.descriptors import DescriptorReader
from teleterm.demo.rooms import Room, size_of
from teleterm.osutil import tasks

# After a program's end, its output is copied until it ends too or has been quiet for this long.
_QUIET_S = 0.25
_MOMENT_S = 0.01
_GRACE_S = 2.0

ServerProcess = asyncssh.SSHServerProcess[bytes]


async def run(process: ServerProcess, child: Child, room: Room | None = None) -> None:
    """Copy both ways until the program ends or the client goes, then report and clean up.

    In a `room` the output goes to everybody in it.
    """
    writers: tuple[Writer, ...] = (room or process.stdout, process.stderr)
    copies = [
        _OutputCopy(reader, writer) for reader, writer in zip(child.outputs, writers, strict=False)
    ]
    outputs = {tasks.spawn(copy.run()) for copy in copies}
    feeder = tasks.spawn(_feed(process, child, room))
    ended = tasks.spawn(child.wait())
    gone = tasks.spawn(process.channel.wait_closed())
    try:
        await asyncio.wait({ended, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        status = await _end(child)
        child.release_terminal()
        await _finish(copies, outputs)
        for task in (feeder, gone, ended):
            task.cancel()
        await asyncio.wait({feeder})
        child.close()
        _report(process, status)


class Writer(Protocol):
    """Takes the output of a program."""

    def write(self, data: bytes) -> None:
        """Take some."""

    async def drain(self) -> None:
        """Wait until more may be written."""


class _OutputCopy:
    """Copies one output of a program to the client."""

    def __init__(self, reader: DescriptorReader, writer: Writer) -> None:
        self._reader = reader
        self._writer = writer
        self.copied_bytes = 0
        self.waits_for_client = False

    async def run(self) -> None:
        """Copy to the end of the output, or until the client has gone."""
        try:
            while data := await self._reader.read():
                self._writer.write(data)
                self.copied_bytes += len(data)
                self.waits_for_client = True
                await self._writer.drain()
                self.waits_for_client = False
        except (OSError, asyncssh.Error):
            self.waits_for_client = False


async def _finish(copies: Sequence[_OutputCopy], outputs: set[asyncio.Task[None]]) -> None:
    """Wait for what a program has left in its pipes; others may still hold them open."""
    pending = outputs
    while pending:
        before = sum(copy.copied_bytes for copy in copies)
        _, pending = await asyncio.wait(pending, timeout=_QUIET_S)
        is_quiet = before == sum(copy.copied_bytes for copy in copies)
        if is_quiet and not any(copy.waits_for_client for copy in copies):
            break
    for task in pending:
        task.cancel()
    await asyncio.wait(outputs)


async def _end(child: Child) -> int:
    """Give the exit status, telling the program to leave if it is still there."""
    with contextlib.suppress(TimeoutError):
        return await asyncio.wait_for(child.wait(), _MOMENT_S)
    child.hang_up()
    with contextlib.suppress(TimeoutError):
        return await asyncio.wait_for(child.wait(), _GRACE_S)
    child.kill()
    return await child.wait()


async def _feed(process: ServerProcess, child: Child, room: Room | None) -> None:
    while True:
        try:
            data = await process.stdin.read(64 * 1024)
        except asyncssh.TerminalSizeChanged as change:
            size = size_of(change.width, change.height)
            if room is not None:
                room.resize(size)
            else:
                child.resize(size)
            continue
        except asyncssh.SignalReceived as received:
            child.send_signal(received.signal)
            continue
        except asyncssh.BreakReceived:
            child.send_signal("INT")
            continue
        except (OSError, asyncssh.Error):
            return
        if data:
            await child.stdin.write(data)
        else:
            if not child.has_terminal:
                child.stdin.close()
            return


def _report(process: ServerProcess, status: int) -> None:
    with contextlib.suppress(OSError, asyncssh.Error):
        if status >= 0:
            process.exit(status)
        else:
            name = signal.Signals(-status).name.removeprefix("SIG")
            process.exit_with_signal(name)

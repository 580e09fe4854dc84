"""Joining two connections: what comes from one goes to the other, until either ends."""

import asyncio
import contextlib
import ssl
from dataclasses import dataclass

from teleterm.osutil import tasks

_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Both halves of a connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


async def splice(near: Stream, far: Stream) -> None:
    """Copy both ways; afterwards both connections are closed."""
    up = tasks.spawn(_pump(near.reader, far.writer), name="near to far")
    down = tasks.spawn(_pump(far.reader, near.writer), name="far to near")
    try:
        await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        up.cancel()
        down.cancel()
        for stream in (near, far):
            stream.writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, ssl.SSLError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()

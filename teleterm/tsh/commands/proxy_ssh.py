"""`tsh proxy ssh`: an SSH connection over standard input and output, as OpenSSH wants it."""

import asyncio
import os
import socket
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from teleterm.client.profile import join_address, split_address
from teleterm.model.errors import BadInput, TeletermError
from teleterm.tsh import context as contexts
from teleterm.tsh import refusals
from teleterm.tsh.grammar import Parsed

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient

_READ_BYTES = 64 * 1024


def run(parsed: Parsed) -> int:
    """Carry bytes until either side ends the connection."""
    typed = parsed.text("[user@]host")
    if not typed:
        raise BadInput("required argument '[user@]host' not provided", field="host")
    context = contexts.start(parsed)

    async def work(client: "ClusterClient") -> int:
        login, _, place = typed.rpartition("@")
        host, port = split_address(place)
        host = bare(host, (client.profile.name, client.cluster))
        transport = await client.transport()
        try:
            stream = await transport.proxy_ssh(
                join_address(host, port),
                client.cluster,
                timeout_s=client.profile.ssh_dial_timeout_s,
                resumes=not parsed.is_on("no-resume"),
            )
        except TeletermError as error:
            raise refusals.reworded(error, login or contexts.local_user(), host) from error
        stream.setblocking(True)
        threading.Thread(target=_send, args=(stream,), name="standard input", daemon=True).start()
        await asyncio.to_thread(_receive, stream)
        return 0

    return contexts.wait(context.with_cluster(work))


def bare(host: str, suffixes: tuple[str, ...]) -> str:
    """The node's name without the proxy or the cluster that follows it.

    The longest comes off: the proxy `localhost` may serve the cluster `demo.localhost`.
    """
    for suffix in sorted(suffixes, key=len, reverse=True):
        name = host.removesuffix(f".{suffix}")
        if suffix and name and name != host:
            return name
    return host


def _send(stream: socket.socket) -> None:
    """Blocks: carry standard input to the node; its end ends the connection."""
    with suppress(OSError):
        while data := os.read(sys.stdin.fileno(), _READ_BYTES):
            stream.sendall(data)
    with suppress(OSError):
        stream.shutdown(socket.SHUT_RDWR)


def _receive(stream: socket.socket) -> None:
    """Blocks: carry what the node says to standard output until it ends or nobody reads."""
    out = sys.stdout.fileno()
    with suppress(OSError), stream:
        while data := stream.recv(_READ_BYTES):
            view = memoryview(data)
            while view:
                view = view[os.write(out, view) :]

"""Port forwarding: what `-L`, `-R` and `-D` say, and the listeners for them."""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from teleterm.model.errors import BadInput
from teleterm.tsh.render import plain

if TYPE_CHECKING:
    import asyncssh

LOOPBACK = "127.0.0.1"
_PART = re.compile(r"\[[^\]]*\]|[^:\[\]]*")
_MAX_PORT = 65535


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """From a listening address to a target; no target for a SOCKS proxy."""

    bind: str
    port: int
    host: str = ""
    host_port: int = 0


def parse(text: str) -> Forward:
    """`[bind:]port:host:port`.

    Raises: BadInput.
    """
    parts = _split(text)
    if len(parts) == 3:
        parts = [LOOPBACK, *parts]
    if len(parts) != 4 or not parts[2]:
        raise _wrong(text)
    return Forward(
        bind=parts[0],
        port=_port(parts[1], text, lowest=0),
        host=parts[2],
        host_port=_port(parts[3], text, lowest=1),
    )


def parse_dynamic(text: str) -> Forward:
    """`[bind:]port`.

    Raises: BadInput.
    """
    parts = _split(text)
    if len(parts) == 1:
        parts = [LOOPBACK, *parts]
    if len(parts) != 2 or not _is_port(parts[1], lowest=0):
        raise _wrong(text, "1080")
    return Forward(bind=parts[0] or LOOPBACK, port=int(parts[1]))


async def start(
    connection: "asyncssh.SSHClientConnection",
    *,
    local: Sequence[Forward],
    remote: Sequence[Forward],
    dynamic: Sequence[Forward],
) -> None:
    """Open every listener; one that can't be opened is mentioned, the others work."""
    import asyncssh

    for forward in local:
        try:
            await connection.forward_local_port(
                forward.bind, forward.port, forward.host, forward.host_port
            )
        except OSError as error:
            _mention(forward, error)
    for forward in dynamic:
        try:
            await connection.forward_socks(forward.bind, forward.port)
        except OSError as error:
            _mention(forward, error)
    for forward in remote:
        try:
            await connection.forward_remote_port(
                forward.bind, forward.port, forward.host, forward.host_port
            )
        except (OSError, asyncssh.Error) as error:
            _mention(forward, error)


def _mention(forward: Forward, error: Exception) -> None:
    why = plain.cell(str(error))
    sys.stderr.write(f"Failed to bind to {forward.bind}:{forward.port}: {why}.\n")


def _split(text: str) -> list[str]:
    parts: list[str] = []
    at = 0
    while at <= len(text):
        match = _PART.match(text, at)
        if match is None:
            break
        parts.append(match[0].strip("[]"))
        at = match.end()
        if at < len(text) and text[at] != ":":
            return []
        at += 1
    return parts


def _port(digits: str, text: str, *, lowest: int) -> int:
    if not _is_port(digits, lowest=lowest):
        raise _wrong(text)
    return int(digits)


def _is_port(digits: str, *, lowest: int) -> bool:
    return digits.isascii() and digits.isdigit() and lowest <= int(digits) <= _MAX_PORT


def _wrong(text: str, example: str = "80:remote.host:80") -> BadInput:
    return BadInput(
        f"invalid port forwarding spec '{text}': expected format `{example}`",
        field="forward",
        value=text,
    )

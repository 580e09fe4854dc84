"""Requests of Teleport nodes that the SSH library has no call for.

Source: connections.md 1.4. These lines are the only ones that reach into the library: it looks its
handlers up by name and sends any request, but offers neither to others.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncssh
    from asyncssh.packet import SSHPacket

_EVENT, _PRESENCE = "x_teleport_event", "x_teleport_mfa_presence"
_LARGEST = 4096
_SUCCESS = 81  # SSH_MSG_REQUEST_SUCCESS


@dataclass(frozen=True, slots=True)
class SessionSize:
    """Columns and rows of the terminal that everybody in a session shares."""

    cols: int
    rows: int


def force_terminate(channel: "asyncssh.SSHClientChannel[bytes]") -> None:
    """End a session for everybody in it; nodes take this from moderators only."""
    channel._send_request(b"x-teleport-force-terminate")  # noqa: SLF001  # see above


async def keep_alive(connection: "asyncssh.SSHClientConnection") -> None:
    """Send a message that the node answers; gives when the answer is there."""
    await connection._make_global_request(b"keepalive@openssh.com")  # noqa: SLF001  # see above


async def session_size(
    connection: "asyncssh.SSHClientConnection", ident: str
) -> SessionSize | None:
    """The size of a session's terminal; None when the node doesn't know it."""
    answer = await connection._make_global_request(  # noqa: SLF001  # see above
        b"x-teleport-terminal-size", ident.encode()
    )
    kind, packet = answer
    if kind != _SUCCESS:
        return None
    found = _object(packet.get_remaining_payload())
    return _size(found.get("Width"), found.get("Height"))


def on_resize(
    connection: "asyncssh.SSHClientConnection", handle: Callable[[SessionSize], None]
) -> None:
    """Have `handle` called when somebody else has resized the terminal of our session."""

    def event(packet: "SSHPacket") -> None:
        found = _object(packet.get_remaining_payload())
        cols, _, rows = str(found.get("size", "")).partition(":")
        if found.get("event") == "resize" and cols.isdecimal() and rows.isdecimal():
            size = _size(int(cols), int(rows))
            if size is not None:
                handle(size)

    _answer(connection, _EVENT, event)


def on_presence(connection: "asyncssh.SSHClientConnection", handle: Callable[[], None]) -> None:
    """Have `handle` called when the node wants to hear that a moderator is still there."""

    def asked(packet: "SSHPacket") -> None:
        del packet
        handle()

    _answer(connection, _PRESENCE, asked)


def _answer(
    connection: "asyncssh.SSHClientConnection", name: str, handle: "Callable[[SSHPacket], None]"
) -> None:
    def process(packet: "SSHPacket") -> None:
        handle(packet)
        connection._report_global_response(True)  # noqa: SLF001  # see above

    setattr(connection, f"_process_{name}_global_request", process)


def _object(data: bytes) -> dict[str, object]:
    try:
        found: object = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _size(cols: object, rows: object) -> SessionSize | None:
    if not isinstance(cols, int) or not isinstance(rows, int):
        return None
    if not (1 <= cols <= _LARGEST and 1 <= rows <= _LARGEST):
        return None
    return SessionSize(cols, rows)

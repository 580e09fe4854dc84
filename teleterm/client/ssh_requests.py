"""Requests of Teleport nodes that the SSH library has no call for.

Source: connections.md 1.4. These lines are the only ones that reach into the library: it looks its
handlers up by name and sends any request, but offers neither to others.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncssh


def force_terminate(channel: "asyncssh.SSHClientChannel[bytes]") -> None:
    """End a session for everybody in it; nodes take this from moderators only."""
    channel._send_request(b"x-teleport-force-terminate")  # noqa: SLF001  # see above


async def keep_alive(connection: "asyncssh.SSHClientConnection") -> None:
    """Send a message that the node answers; gives when the answer is there."""
    await connection._make_global_request(b"keepalive@openssh.com")  # noqa: SLF001  # see above

"""Connecting to a node that was named on the command line."""

from typing import TYPE_CHECKING

from teleterm.model.errors import ErrorCode, Refused, TeletermError, Unreachable
from teleterm.tsh import refusals

if TYPE_CHECKING:
    import asyncssh

    from teleterm.client.cluster import ClusterClient
    from teleterm.client.ssh import SshTarget


async def node(
    client: "ClusterClient", target: "SshTarget", shown: str, *, forward_agent: str = ""
) -> "asyncssh.SSHClientConnection":
    """Log in to a node that people know as `shown`. The caller closes the connection.

    Raises: Refused (also AMBIGUOUS) in the words of the official program, network errors; for a
            locked user Refused (DENIED).
    """
    from teleterm.client import ssh

    try:
        return await ssh.connect(client, target, forward_agent=forward_agent)
    except Unreachable as error:
        raise await _reason(client, error) from error
    except TeletermError as error:
        raise refusals.reworded(error, target.login, shown) from error


async def _reason(client: "ClusterClient", error: Unreachable) -> TeletermError:
    """A proxy cuts off users who are locked, and says nothing; the auth service says it."""
    try:
        await (await client.auth()).current_user()
    except Refused as refused:
        if refused.code is ErrorCode.DENIED:
            return refused
    except TeletermError:
        pass
    return error

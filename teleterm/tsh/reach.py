"""Connecting to a node that was named on the command line."""

from typing import TYPE_CHECKING

from teleterm.model.errors import TeletermError
from teleterm.tsh import refusals

if TYPE_CHECKING:
    import asyncssh

    from teleterm.client.cluster import ClusterClient
    from teleterm.client.ssh import SshTarget


async def node(
    client: "ClusterClient", target: "SshTarget", shown: str, *, forward_agent: str = ""
) -> "asyncssh.SSHClientConnection":
    """Log in to a node that people know as `shown`. The caller closes the connection.

    Raises: Refused (also AMBIGUOUS) in the words of the official program, network errors.
    """
    from teleterm.client import ssh

    try:
        return await ssh.connect(client, target, forward_agent=forward_agent)
    except TeletermError as error:
        raise refusals.reworded(error, target.login, shown) from error

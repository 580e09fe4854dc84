"""Why a node could not be reached, in the words where scripts look for them."""

import sys
from typing import TYPE_CHECKING

from teleterm.model.errors import ErrorCode, Refused, TeletermError

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient


def reworded(error: TeletermError, login: str, shown: str) -> TeletermError:
    """The same failure in the words of the official program."""
    if "lock targeting" in error.details:
        return error  # who is locked out may not connect to anything
    if error.code is ErrorCode.DENIED and isinstance(error, Refused):
        words, hint = f"access denied to {login} connecting to {shown}", ""
    elif error.code is ErrorCode.AMBIGUOUS:
        why = "err-node-is-ambiguous\n\tambiguous host could match multiple nodes"
        words, hint = f"failed connecting to host {shown}: {why}", "Name it by its id: tsh ls -v"
    elif error.code is ErrorCode.NOT_FOUND:
        why = f"target host {shown} is offline or does not exist"
        if "remote cluster" in error.details:
            why = error.details.partition("remote cluster")[2].partition("\n")[0].strip()
            why = f"looking up remote cluster {why}\n\tnot found"
        words, hint = f"failed connecting to host {shown}: {why}", ""
    else:
        return error
    return Refused(words, code=error.code, hint=hint, details=error.details)


async def show_ambiguous(client: "ClusterClient", host: str, port: int) -> None:
    """List the nodes that a name may mean, on standard error, and how to choose one."""
    from teleterm.tsh.commands import ls

    auth = await client.auth()
    servers = await auth.ssh_targets(host, port)
    sys.stderr.write(
        "error: ambiguous host could match multiple nodes\n\n"
        f"{ls.details(servers)}"
        "Hint: try addressing the node by unique id (ex: tsh ssh user@node-id)\n"
        "Hint: use 'tsh ls -v' to list all nodes with their unique ids\n\n"
    )

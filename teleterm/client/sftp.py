"""One file to or from a server over SFTP, with its progress; errors in words."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from teleterm.client import copying
from teleterm.model.errors import BadInput, ErrorCode, Refused

if TYPE_CHECKING:
    import asyncssh

Progress = Callable[[bytes, bytes, int, int], None]
"""Called with source, destination, bytes copied and bytes in all, after each piece."""
_FOLDER = "Folders can't be copied this way; use tsh scp -r."


async def download(
    server: "asyncssh.SSHClientConnection", source: str, destination: str, progress: Progress
) -> None:
    """Copy `source` of the server to `destination` here.

    Raises: BadInput for a folder; Refused with the reason.
    """
    import asyncssh

    try:
        async with server.start_sftp_client() as sftp:
            if await sftp.isdir(source):
                raise BadInput(_FOLDER, field="source", value=source)

            async def carry(path: str, to: str) -> None:
                await sftp.get(path, to, follow_symlinks=True, progress_handler=progress)

            await _copy(copying.Node(sftp), copying.Here(), carry, source, destination)
    except (OSError, asyncssh.Error) as error:
        raise _explain(error, source, destination) from error


async def upload(
    server: "asyncssh.SSHClientConnection", source: str, destination: str, progress: Progress
) -> None:
    """Copy `source` of this computer to `destination` on the server.

    Raises: BadInput for a folder; Refused with the reason.
    """
    import asyncssh

    if await asyncio.to_thread(Path(source).is_dir):
        raise BadInput(_FOLDER, field="source", value=source)
    try:
        async with server.start_sftp_client() as sftp:

            async def carry(path: str, to: str) -> None:
                await sftp.put(path, to, follow_symlinks=True, progress_handler=progress)

            await _copy(copying.Here(), copying.Node(sftp), carry, source, destination)
    except (OSError, asyncssh.Error) as error:
        raise _explain(error, source, destination) from error


async def _copy(
    there: copying.Side, back: copying.Side, carry: copying.Carry, source: str, destination: str
) -> None:
    copier = copying.Copying(
        there=there, back=back, carry=carry, is_recursive=False, keeps_times=False
    )
    await copier.run([source], destination)


def _explain(error: Exception, source: str, destination: str) -> Refused:
    """Both names and the reason."""
    import asyncssh

    if isinstance(error, asyncssh.Error):
        reason = error.reason
    else:
        reason = (isinstance(error, OSError) and error.strerror) or str(error)
    is_gone = isinstance(error, FileNotFoundError | asyncssh.SFTPNoSuchFile)
    return Refused(
        f"{source} can't be copied to {destination}: {reason}.",
        code=ErrorCode.NOT_FOUND if is_gone else ErrorCode.DENIED,
        details=str(error),
    )

"""Files to and from servers: checks the paths of this computer, has the daemon copy."""

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from teleterm.bridge.contract import Done, Reply, TransferFile, TransferMoved
from teleterm.main import refusals
from teleterm.main.clusters import Clusters
from teleterm.main.desk import Desk, Refusal, Tell
from teleterm.model.errors import BadInput, TeletermError
from teleterm.osutil import downloads

if TYPE_CHECKING:
    from teleterm.main.daemon import Daemon


class Transfers:
    """Copies what the window names; each transfer is one ask that can be cancelled."""

    def __init__(self, daemon: "Daemon", clusters: Clusters, tell: Tell) -> None:
        self._daemon = daemon
        self._clusters = clusters
        self._tell = tell

    def register(self, desk: Desk) -> None:
        """Take the window's requests."""
        desk.on(TransferFile, self._copy)

    async def _copy(self, request: TransferFile) -> Reply:
        home = Path.home()
        if request.is_upload:
            source, destination = upload_paths(request.local_path, request.remote_path, home)
        else:
            source, destination = download_paths(request.remote_path, request.local_path, home)
        client = await self._daemon.client()
        try:
            await client.transfers.copy(
                request.server_uri,
                request.login,
                source=source,
                destination=destination,
                is_upload=request.is_upload,
                on_percent=lambda percent: self._tell(
                    TransferMoved(key=request.key, percent=percent)
                ),
            )
        except TeletermError as error:
            name = PurePosixPath(source).name
            subject = self._clusters.subject(request.server_uri, f"copy {name}", name=name)
            raise Refusal(refusals.explain(error, subject)) from None
        return Done()


def upload_paths(local: str, remote: str, home: Path) -> tuple[str, str]:
    """Source and destination of a file that goes to the server.

    Raises: BadInput when there is no such file here.
    """
    source = _here(local, home)
    if not source.is_file():
        raise BadInput(f"{local} is no file on this computer.", field="local_path", value=local)
    if not remote or remote in {"~", "~/"}:
        return str(source), source.name
    remote = remote.removeprefix("~/")
    return str(source), remote + source.name if remote.endswith("/") else remote


def download_paths(remote: str, local: str, home: Path) -> tuple[str, str]:
    """Source and destination of a file that comes from the server; nothing is written over.

    Raises: BadInput for a missing name, a folder that isn't there, a file that is.
    """
    source = remote.removeprefix("~/")
    name = PurePosixPath(source).name
    if not name or name in {".", "..", "~"}:
        raise BadInput("Enter the path of the file on the server.", field="remote_path")
    place = _here(local, home) if local else downloads.folder(home)
    if place.is_dir():
        place /= name
    if place.exists():
        raise BadInput(
            f"{place} is there already. Give another name.", field="local_path", value=local
        )
    if not place.parent.is_dir():
        raise BadInput(f"There is no folder {place.parent}.", field="local_path", value=local)
    return source, str(place)


def _here(text: str, home: Path) -> Path:
    return typed_path(text, home, what="file", field="local_path")


def typed_path(text: str, home: Path, *, what: str, field: str) -> Path:
    """A path of this computer as a person types it: from the home folder, or whole.

    Raises: BadInput for none, naming `what` is wanted.
    """
    if not text or "\0" in text:
        raise BadInput(f"Enter the path of a {what} on this computer.", field=field)
    return home / text.removeprefix("~/")

"""What a terminal gives away: its output as a file, links of its text to the browser."""

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from teleterm.bridge.contract import Done, OpenLink, Reply, SavePicture, SaveText, Text
from teleterm.main.desk import Desk
from teleterm.model.errors import BadInput, ErrorCode, TeletermError
from teleterm.osutil import downloads, pages

MAX_URL = 2048
SCHEMES = frozenset({"http", "https", "mailto", "ftp", "ftps", "sftp", "ssh", "tel", "news"})
"""What a click in a terminal may start; the window asks first for all but the first three."""
_PNG = b"\x89PNG\r\n\x1a\n"


class Keepsakes:
    """Saves into the downloads folder only, and never over a file that is there."""

    def __init__(
        self, home: Path | None = None, opener: Callable[[str], None] = pages.open_with_system
    ) -> None:
        self._home = home or Path.home()
        self._opener = opener

    def register(self, desk: Desk) -> None:
        """Take the window's requests."""
        desk.on(SaveText, self._save)
        desk.on(SavePicture, self._save_picture)
        desk.on(OpenLink, self._open)

    async def _save(self, request: SaveText) -> Reply:
        return Text(text=str(self.save(request.name, request.text)))

    async def _save_picture(self, request: SavePicture) -> Reply:
        if not request.png.startswith(_PNG):
            raise BadInput("This is no picture.", field="png")
        return Text(text=str(self._keep(request.name, request.png, "png")))

    def save(self, name: str, text: str) -> Path:
        """Write a text under a name like this one and give where it is.

        Raises: TeletermError when it can't be written.
        """
        return self._keep(name, text.encode("utf-8", "replace"), "txt")

    def _keep(self, name: str, data: bytes, suffix: str) -> Path:
        try:
            path, descriptor = downloads.create(self._home, name, f".{suffix}")
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
        except OSError as error:
            folder = downloads.folder(self._home)
            why = (error.strerror or str(error)).rstrip(".")
            message = f"The output could not be saved in {folder}: {why}."
            raise TeletermError(message, code=ErrorCode.UNKNOWN) from None
        return path

    async def _open(self, request: OpenLink) -> Reply:
        self._opener(checked_link(request.url))
        return Done()


def checked_link(url: str) -> str:
    """The address, if a program of the system may be started for it.

    Raises: BadInput.
    """
    scheme = url.partition(":")[0].lower()
    is_clean = len(url) <= MAX_URL and all(32 < ord(sign) != 127 for sign in url)
    try:
        has_place = bool(urlsplit(url).netloc) or scheme in {"mailto", "tel", "news"}
    except ValueError:
        has_place = False
    if scheme not in SCHEMES or not is_clean or not has_place:
        raise BadInput("This address isn't opened from here. Copy it instead.", field="url")
    return url

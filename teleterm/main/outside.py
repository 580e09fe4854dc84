"""What leaves the program: web pages in the browser, our own files in the system's editor."""

import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from teleterm.bridge.contract import Done, OpenExternal, OpenOwnFile, Reply
from teleterm.main.clusters import Clusters
from teleterm.main.desk import Desk
from teleterm.model.errors import BadInput
from teleterm.osutil import dirs, pages

_log = logging.getLogger("teleterm.main.outside")
DOCUMENTATION_HOSTS = frozenset({"goteleport.com", "teleport.dev"})
MAX_URL = 2048


class Outside:
    """Opens pages and files; refuses every address that isn't a page of ours or of a cluster."""

    def __init__(
        self,
        folders: dirs.Folders,
        clusters: Clusters,
        opener: Callable[[str], None] | None = None,
    ) -> None:
        self._folders = folders
        self._clusters = clusters
        self._opener = opener or pages.open_with_system

    def register(self, desk: Desk) -> None:
        """Take the window's requests."""
        desk.on(OpenExternal, self._open_external)
        desk.on(OpenOwnFile, self._open_own_file)

    async def open_file(self, which: str) -> Reply:
        """Open one of our own files; a notice's button may ask for it too."""
        places = {
            "config": self._folders.config_file,
            "logs": self._folders.logs,
            "state": self._folders.state_file,
        }
        if which not in places:
            raise BadInput(f'There is no file "{which}".', field="which", value=which)
        self._opener(str(places[which]))
        return Done()

    async def _open_own_file(self, request: OpenOwnFile) -> Reply:
        return await self.open_file(request.which)

    async def _open_external(self, request: OpenExternal) -> Reply:
        self._opener(checked_url(request.url, self._known_hosts()))
        return Done()

    def _known_hosts(self) -> frozenset[str]:
        """Hosts of clusters; their apps live below the same names."""
        hosts = {view.proxy_host.rsplit(":", 1)[0].lower() for view in self._clusters.views}
        return DOCUMENTATION_HOSTS | (hosts - {""})


def checked_url(url: str, hosts: frozenset[str]) -> str:
    """The address, if it is https and leads to one of `hosts` or below one.

    Raises: BadInput.
    """
    wrong = BadInput("This address isn't opened from here.", field="url", value=url[:200])
    if len(url) > MAX_URL or any(ord(sign) < 33 or ord(sign) == 127 for sign in url):
        raise wrong
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        raise wrong from None
    is_known = any(host == one or host.endswith(f".{one}") for one in hosts)
    if parts.scheme != "https" or not is_known or "@" in parts.netloc:
        raise wrong
    return url

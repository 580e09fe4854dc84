"""An X session behind xrdp, as the better of the demo's desktops: an RDP server with RemoteFX.

The X server is the one that xrdp's packages bring; xrdp joins it without its session manager, so
that nobody has to be root, and listens on a socket in the demo's own folder.
"""

import asyncio
import os
import shutil
import sys
from pathlib import Path

from teleterm.demo.desktop.session import MAX_HEIGHT, MAX_WIDTH, XSession
from teleterm.model.errors import ErrorCode, Unreachable
from teleterm.osutil import env

SERVER = Path("/usr/lib/xorg/Xorg")
CONFIG = Path("/etc/X11/xrdp/xorg.conf")
USER = "demo"
"""With a name, and any password, no login screen is shown before the session."""
_READY_S = 20.0
_AGAIN_S = 0.02
_MAX_PATH = 100
_INI = """[Globals]
ini_version=1
fork=false
port=unix://.{socket}
security_layer=rdp
crypt_level=none
autorun=Session
allow_channels=true
bitmap_cache=true
bitmap_compression=true
bulk_compression=false
max_bpp=32
new_cursors=true
use_fastpath=both
[Logging]
LogFile={folder}/xrdp.log
LogLevel=WARNING
EnableSyslog=false
[Session]
name=Session
lib=libxup.so
username={user}
password={user}
ip=127.0.0.1
port={folder}/xrdp_display_{display}
code=20
"""


def lacking() -> list[str]:
    """What this needs that isn't installed on this computer."""
    missing = [name for name in ("xrdp", "openbox") if not _program(name)]
    return missing + ([] if SERVER.exists() and CONFIG.exists() else ["xorgxrdp"])


def _program(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")


class XrdpSession(XSession):
    """Started by the first `start`; each visit connects for itself."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "rdp")

    @property
    def socket(self) -> Path:
        """Where the RDP server listens."""
        return self._folder / "rdp"

    def lacking(self) -> list[str]:
        """What it needs that isn't installed on this computer."""
        return lacking()

    async def _start_display(self) -> None:
        if len(str(self._folder)) > _MAX_PATH - len("/xrdp_disconnect_display_99"):
            raise Unreachable("The demo's folder has too long a name for this desktop's sockets.")
        await self._start_server(
            [str(SERVER), "-displayfd", "1", "-config", "xrdp/xorg.conf", "-noreset",
             "-nolisten", "tcp", "-logfile", str(self._folder / "xorg.log")],
        )  # fmt: skip
        ini = self._folder / "xrdp.ini"
        display = self._display.removeprefix(":")
        ini.write_text(
            _INI.format(socket=self.socket, folder=self._folder, display=display, user=USER)
        )
        self._spawn([_program("xrdp") or "xrdp", "--nodaemon", "--config", str(ini)])

    @property
    def _env(self) -> dict[str, str]:
        changes = {
            "DISPLAY": self._display,
            "HOME": str(self._folder),
            "LC_ALL": "C.UTF-8",
            "XRDP_SOCKET_PATH": str(self._folder),
            "XRDP_START_WIDTH": str(MAX_WIDTH),
            "XRDP_START_HEIGHT": str(MAX_HEIGHT),
        }
        return env.role_env(env.foreign_env(changes=changes))

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to the RDP server. Raises: Unreachable when it doesn't get ready."""
        ends_at = asyncio.get_running_loop().time() + _READY_S
        while True:
            try:
                return await _open(str(self.socket))
            except OSError as error:
                if asyncio.get_running_loop().time() > ends_at:
                    raise Unreachable(
                        "The RDP server of the demo's desktop doesn't answer.",
                        code=ErrorCode.NO_ANSWER,
                        details=str(error),
                    ) from None
            await asyncio.sleep(_AGAIN_S)


async def _open(path: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if sys.platform != "win32":
        return await asyncio.open_unix_connection(path)
    raise ConnectionRefusedError("no Unix sockets")

"""Where the warm parent of commands listens. Light: every `tsh` looks there first."""

import os
import stat
import sys
import zlib
from collections.abc import Mapping

from teleterm import __version__


def socket_path(environ: Mapping[str, str], home: str = "") -> str:
    """The socket for one profile folder and this very program; another version has another.

    Gives: the path, in a folder that only this user may enter; whether it is so, `is_private` says.
    """
    runtime = environ.get("XDG_RUNTIME_DIR", "")
    if runtime and os.path.isdir(runtime):  # noqa: PTH112 - pathlib costs every `tsh` 3 ms
        folder = f"{runtime}/teleterm"
    else:
        folder = f"/tmp/teleterm-{_user()}"  # noqa: S108 - see is_private
    home = home or environ.get("TELEPORT_HOME", "") or f"{environ.get('HOME', '')}/.tsh"
    names = (os.path.realpath(home), sys.prefix, sys.executable, __file__, __version__)
    return f"{folder}/tsh-{zlib.crc32(os.fsencode(chr(0).join(names))):08x}.sock"


def is_private(path: str) -> bool:
    """Whether the folder of a socket is a real one, ours, and closed to others."""
    try:
        found = os.lstat(path.rpartition("/")[0])
    except OSError:
        return False
    is_closed = not stat.S_IMODE(found.st_mode) & 0o077
    return stat.S_ISDIR(found.st_mode) and found.st_uid == _user() and is_closed


if sys.platform == "win32":

    def _user() -> int:
        return 0

else:

    def _user() -> int:
        return os.geteuid()

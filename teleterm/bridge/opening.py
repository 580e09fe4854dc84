"""The shell that the last session ended with: what the next start may open before all else.

Written by main to `state/opening.json`, handed at the start to the pty host (which opens the shell)
and to the window (which shows it while the rest of both is still being loaded). A file that
doesn't fit means an ordinary start.
"""

import msgspec
from msgspec import Struct

VERSION = 1
FILE_NAME = "opening.json"
MAX_BYTES = 64 * 1024


class Glance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the terminal looks that is on the screen; sizes and places in real pixels."""

    geometry: str
    """The window, as Tk writes it: `1280x800+0+0`."""
    ground: str
    """The window's own colour, `#rrggbb` like the others."""
    left: int
    top: int
    width: int
    height: int
    cols: int
    rows: int
    margin: int
    family: str
    font_px: int
    line_height: float
    minimum_contrast: float
    cursor_style: str
    has_emoji_hazard: bool
    foreground: str
    background: str
    cursor: str
    palette: tuple[str, ...]


class Shell(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The program, and how its environment differs from the one that the next start brings."""

    argv: tuple[str, ...]
    cwd: str
    sets: dict[str, str]
    drops: tuple[str, ...]
    path_first: str
    """The folder that goes in front of PATH."""
    scrollback: int
    linger_s: float
    note: str


class Opening(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Both, and the config file they were made for: its change in ns and its size, or zeros."""

    version: int
    config: tuple[int, int]
    shell: Shell
    glance: Glance


def read(data: bytes) -> Opening | None:
    """The opening in a file's bytes; None when it doesn't fit."""
    try:
        found = msgspec.json.decode(data[:MAX_BYTES], type=Opening)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    is_whole = found.version == VERSION and bool(found.shell.argv)
    return found if is_whole and found.glance.cols > 1 and found.glance.rows > 0 else None


def pack(opening: Opening) -> bytes:
    """The bytes of the file."""
    return msgspec.json.encode(opening)

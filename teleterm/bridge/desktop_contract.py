"""The two channels of a desktop's own process: to the window, and to main.

The process reads what a desktop sends, which nobody has checked, and hands the window plain
pictures and words. Frames as in `splitter`.
"""

from typing import TypeVar

import msgspec
from msgspec import Struct

from teleterm.bridge import splitter
from teleterm.bridge.splitter import Splitter

MAX_BODY_BYTES = 20 * 1024 * 1024
MAX_SIDE = 8192
M = TypeVar("M")


class Size(Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """How large the desktop is from now on, in pixels; nothing is on it yet."""

    width: int
    height: int


class Picture(Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """A part of the desktop; `form` is how `data` is encoded, with this very width and height."""

    left: int
    top: int
    width: int
    height: int
    form: str
    data: bytes


class Pointer(Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """How the pointer looks: the system's own, or none."""

    is_shown: bool


class Copied(Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """A text was copied, on either side."""

    text: str


class Notice(Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """Something that the desktop says; the session goes on."""

    text: str
    is_warning: bool


class Delay(Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """How long a message takes to the desktop's service and back, in milliseconds."""

    ms: int


class FolderTaken(Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """The desktop has taken the shared folder, or not."""

    is_ok: bool


class Ended(Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """The session is over, and why; nothing follows."""

    message: str
    hint: str = ""
    details: str = ""
    needs_login: bool = False


ToWindow = Size | Picture | Pointer | Copied | Notice | Delay | FolderTaken | Ended


class Moved(Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """The pointer is here."""

    x: int
    y: int


class Button(Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """A button of the mouse: 0 left, 1 middle, 2 right."""

    button: int
    is_down: bool


class Wheel(Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """The wheel, in its own small steps (120 a notch); positive is up or left."""

    is_vertical: bool
    delta: int


class Key(Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """A key by the number that this computer's window system gives it."""

    code: int
    is_down: bool


class Scancode(Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """A key by its scancode, for keys that a menu presses."""

    scancode: int
    is_down: bool


class Resize(Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """The window shows it as large as this now."""

    width: int
    height: int


class Announce(Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """A folder is shared under this name."""

    name: str


FromWindow = Moved | Button | Wheel | Key | Scancode | Copied | Resize | Announce


class Data(Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """A message of the desktop protocol, from or to the desktop."""

    data: bytes


FromMain = Data | Ended


def pack(message: ToWindow | FromWindow | Data) -> bytes:
    """One message as it goes over either channel. Raises: PeerBroke when it is too long."""
    return splitter.pack(message, limit_bytes=MAX_BODY_BYTES, what="desktop")


def window_reader() -> Splitter[ToWindow]:
    """For the window's end."""
    return _reader(msgspec.msgpack.Decoder[ToWindow](ToWindow))


def main_reader() -> Splitter[Data]:
    """For main's end."""
    return _reader(msgspec.msgpack.Decoder(Data))


def from_window_reader() -> Splitter[FromWindow]:
    """For the process's end towards the window."""
    return _reader(msgspec.msgpack.Decoder[FromWindow](FromWindow))


def from_main_reader() -> Splitter[FromMain]:
    """For the process's end towards main."""
    return _reader(msgspec.msgpack.Decoder[FromMain](FromMain))


def _reader(decoder: "msgspec.msgpack.Decoder[M]") -> Splitter[M]:
    return Splitter(decoder, limit_bytes=MAX_BODY_BYTES, what="desktop")

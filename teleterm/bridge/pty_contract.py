"""What main and the pty host say to each other over `ptyhost.sock`.

Shape: one request, one reply, in order, on a connection; framed like the bridge. Attached brings
       one descriptor along. The host takes a connection only from a process of its own user.
"""

import os
from collections.abc import Mapping

import msgspec
from msgspec import Struct

from teleterm.bridge import splitter
from teleterm.bridge.splitter import Splitter

PROTOCOL = 1
"""Grows when the messages change; an older host keeps the one it started with."""
MAX_BODY_BYTES = 4 * 1024 * 1024
SOCKET_NAME = "ptyhost.sock"
LOCK_NAME = "ptyhost.lock"


class Open(
    Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Start a program in a new pty; argv, env and cwd are complete, the host adds nothing.

    Shape: `raw_env` has the variables that are no UTF-8; an older host doesn't know the field, so
           it is left out where there are none.
    """

    argv: tuple[str, ...]
    env: dict[str, str]
    cwd: str
    cols: int
    rows: int
    scrollback: int
    meta: str = ""
    raw_env: dict[bytes, bytes] = {}

    def environment(self) -> dict[str, str]:
        """All variables, as os.environ has them."""
        raw = {os.fsdecode(name): os.fsdecode(value) for name, value in self.raw_env.items()}
        return self.env | raw


class Attach(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Hand over the frame channel of a terminal; an earlier holder's end is closed."""

    terminal_id: str


class Close(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Hang a terminal up (SIGHUP, 3 s, SIGKILL) and forget it."""

    terminal_id: str


class ListAll(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Which terminals are there?"""


class Shutdown(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Hang everything up and leave."""


def split_env(env: Mapping[str, str]) -> tuple[dict[str, str], dict[bytes, bytes]]:
    """`env` and `raw_env` of an Open: text goes as text, and what is no UTF-8 as bytes."""
    raw = {name: value for name, value in env.items() if not (_is_text(name) and _is_text(value))}
    return (
        {name: value for name, value in env.items() if name not in raw},
        {os.fsencode(name): os.fsencode(value) for name, value in raw.items()},
    )


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


Request = Open | Attach | Close | ListAll | Shutdown


class Opened(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The program runs."""

    terminal_id: str
    pid: int


class Attached(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """One descriptor comes along."""


class Done(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """It is done."""


class Terminal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A terminal of the host; one whose program has ended still shows its screen."""

    terminal_id: str
    meta: str
    pid: int
    cols: int
    rows: int
    is_alive: bool


class Listing(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """All terminals, oldest first."""

    protocol: int
    terminals: tuple[Terminal, ...]


class Refusal(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """It could not be done: a sentence for a person and a code of model.errors."""

    code: str
    message: str


Reply = Opened | Attached | Done | Listing | Refusal


def pack(message: Request | Reply) -> bytes:
    """One message with its length, as it goes over the wire."""
    return splitter.pack(message, limit_bytes=MAX_BODY_BYTES, what="pty host")


def host_reader() -> Splitter[Request]:
    """For the host: what main asks."""
    decoder = msgspec.msgpack.Decoder(Request)
    return Splitter(decoder, limit_bytes=MAX_BODY_BYTES, what="pty host")


def main_reader() -> Splitter[Reply]:
    """For main: what the host answers."""
    decoder = msgspec.msgpack.Decoder(Reply)
    return Splitter(decoder, limit_bytes=MAX_BODY_BYTES, what="pty host")

"""Desktops: main starts a session, the window gets the channel that its pictures come through."""

from msgspec import Struct


class OpenDesktop(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Begin a session; the answer brings the descriptor of its channel (desktop_contract) along.

    Shape: width and height in pixels, as large as the window shows it.
    """

    desktop_uri: str
    login: str
    width: int
    height: int


class DesktopOpened(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The session is being made; exactly one descriptor travels with this answer."""


class ShareFolder(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Let a session use a folder of this computer; `path` as a person types it."""

    desktop_uri: str
    login: str
    path: str


class SavePicture(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Keep a picture among the downloads; answered by its path."""

    name: str
    png: bytes

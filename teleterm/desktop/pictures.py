"""Checks of pictures before the window decodes them."""

import struct

from teleterm.bridge.desktop_contract import Picture
from teleterm.model.errors import PeerBroke
from teleterm.wire.tdp.codec import PNG_START
from teleterm.wire.tdp.messages import OldPngFrame, PngFrame

_HEADER = struct.Struct(">I4sIIBBBBB")
_PLAIN = {(8, 2), (8, 6), (8, 0), (8, 4), (8, 3)}
"""Bits and kind of color: what desktops send, and what costs a decoder at most 4 bytes a pixel."""


def checked(frame: PngFrame | OldPngFrame, width: int, height: int) -> Picture:
    """A picture that lies within the desktop and is as large as it says.

    Raises: PeerBroke.
    """
    data = frame.png
    start = len(PNG_START)
    if data[:start] != PNG_START or len(data) < start + _HEADER.size:
        raise PeerBroke("A desktop picture is no PNG.")
    size, kind, wide, high, bits, color, *ways = _HEADER.unpack_from(data, start)
    if size != 13 or kind != b"IHDR" or (bits, color) not in _PLAIN or any(ways):
        raise PeerBroke("A desktop picture is of a kind that no desktop sends.")
    if isinstance(frame, PngFrame) and (wide, high) != (
        frame.right - frame.left,
        frame.bottom - frame.top,
    ):
        raise PeerBroke("A desktop picture has another size than it should.")
    inside = frame.left + wide <= width and frame.top + high <= height
    if not (wide and high and inside):
        raise PeerBroke(f"A desktop picture lies outside the {width} by {height} pixels.")
    return Picture(frame.left, frame.top, wide, high, "png", data)

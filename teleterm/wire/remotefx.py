"""RemoteFX messages: a look at where they draw, before native code does.

Shape: blocks of a type (2 bytes), a length (4 bytes, with both) and a body; little endian.
Source: MS-RDPRFX 2.2.2.
"""

import struct

from teleterm.model.errors import PeerBroke

_BLOCK = struct.Struct("<HI")
_REGION = 0xCCC6
_CHANNELS = 0xCCC2
_KNOWN = range(0xCCC0, 0xCCC8)
_RECTANGLE = struct.Struct("<HHHH")
_REGION_HEAD = 5  # codec, channel, flags, count of rectangles
_CHANNEL = struct.Struct("<BHH")


def check(data: bytes, left: int, top: int, width: int, height: int) -> None:
    """Make sure that a message for that place draws within `width` times `height` pixels.

    Raises: PeerBroke.
    """
    at = 0
    while at < len(data):
        if at + _BLOCK.size > len(data):
            raise PeerBroke("A RemoteFX picture ends early.")
        kind, size = _BLOCK.unpack_from(data, at)
        if kind not in _KNOWN or size < _BLOCK.size or at + size > len(data):
            raise PeerBroke("A RemoteFX picture has a wrong block.")
        body = data[at + _BLOCK.size : at + size]
        if kind == _REGION:
            _check_region(body, left, top, width, height)
        elif kind == _CHANNELS:
            _check_channels(body, width, height)
        at += size


def _check_region(body: bytes, left: int, top: int, width: int, height: int) -> None:
    if len(body) < _REGION_HEAD:
        raise PeerBroke("A region of a RemoteFX picture ends early.")
    count = int.from_bytes(body[3:5], "little")
    if len(body) < _REGION_HEAD + count * _RECTANGLE.size:
        raise PeerBroke("A region of a RemoteFX picture ends early.")
    if not count and (left or top):
        raise PeerBroke("A RemoteFX picture without rectangles has a place.")
    for number in range(count):
        x, y, wide, high = _RECTANGLE.unpack_from(body, _REGION_HEAD + number * _RECTANGLE.size)
        if left + x + wide > width or top + y + high > height:
            raise PeerBroke(f"A RemoteFX picture lies outside the {width} by {height} pixels.")


def _check_channels(body: bytes, width: int, height: int) -> None:
    if len(body) < 1 + body[0] * _CHANNEL.size if body else True:
        raise PeerBroke("The channels of a RemoteFX picture end early.")
    for number in range(body[0]):
        _, wide, high = _CHANNEL.unpack_from(body, 1 + number * _CHANNEL.size)
        if not (0 < wide <= width and 0 < high <= height):
            raise PeerBroke("A channel of a RemoteFX picture is larger than the desktop.")

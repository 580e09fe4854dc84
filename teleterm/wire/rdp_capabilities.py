"""What an RDP client says it can do: fast path, RemoteFX, color pointers, acknowledged frames.

Shape:  kind and length (2 bytes each, the length with both), body; little endian.
Source: MS-RDPBCGR 2.2.7; MS-RDPRFX 2.2.1.1.
"""

import struct

MAX_REQUEST = 16 << 20
_GENERAL, _BITMAP, _ORDER, _CONTROL, _ACTIVATION, _POINTER, _SHARE, _COLORS = (
    1,
    2,
    3,
    5,
    7,
    8,
    9,
    10,
)
_SOUND, _INPUT, _FONT, _BRUSH, _CHANNEL = 12, 13, 14, 15, 20
_FRAGMENTS, _LARGE_POINTER, _SURFACES, _CODECS, _FRAMES = 26, 27, 28, 29, 30
_REMOTEFX = bytes.fromhex("122f777672bd6344afb3b73c9c6f7886")
_CODEC_ID = 3
_RLGR1, _RLGR3 = 1, 4


def of_client(width: int, height: int) -> tuple[int, bytes]:
    """How many sets there are, and the sets."""
    sets = [
        # fast path, long credentials, no header before compressed bitmaps
        (_GENERAL, struct.pack("<9HBB", 1, 3, 0x200, 0, 0, 0x405, 0, 0, 0, 0, 0)),
        (_BITMAP, struct.pack("<9HBBHH", 32, 1, 1, 1, width, height, 0, 1, 1, 0, 8, 1, 0)),
        (_ORDER, _orders()),
        (_CONTROL, struct.pack("<4H", 0, 0, 2, 2)),
        (_ACTIVATION, bytes(8)),
        (_POINTER, struct.pack("<3H", 1, 25, 25)),
        (_SHARE, bytes(4)),
        (_COLORS, struct.pack("<2H", 6, 0)),
        (_SOUND, bytes(4)),
        # scancodes, more buttons, fast path, unicode, fast path again
        (_INPUT, struct.pack("<2H4I", 0x3D, 0, 0x409, 4, 0, 12) + bytes(64)),
        (_FONT, struct.pack("<2H", 1, 0)),
        (_BRUSH, bytes(4)),
        (_CHANNEL, bytes(8)),
        (_FRAGMENTS, struct.pack("<I", MAX_REQUEST)),
        (_LARGE_POINTER, struct.pack("<H", 1)),
        (_SURFACES, struct.pack("<2I", 0x52, 0)),  # set, frame marker, stream
        (_CODECS, _codecs()),
        (_FRAMES, struct.pack("<I", 2)),
    ]
    return len(sets), b"".join(
        struct.pack("<HH", kind, 4 + len(body)) + body for kind, body in sets
    )


def _orders() -> bytes:
    """No drawing order at all: pictures only."""
    head = bytes(16) + struct.pack("<I6H", 0, 1, 20, 0, 1, 0, 0x22)
    return head + bytes(32) + struct.pack("<2H2I2HI", 0, 0, 0, 230400, 0, 0, 0)


def _codecs() -> bytes:
    tools = b"".join(
        struct.pack("<HHBBBB", 0x100, 64, 0, 1, 1, entropy) for entropy in (_RLGR1, _RLGR3)
    )
    kinds = struct.pack("<HIBHHH", 0xCBC1, 13 + len(tools), 1, 0xCFC0, 2, 8) + tools
    known = struct.pack("<HIH", 0xCBC0, 8, 1) + kinds
    properties = struct.pack("<III", 12 + len(known), 1, len(known)) + known
    return b"\x01" + _REMOTEFX + struct.pack("<BH", _CODEC_ID, len(properties)) + properties

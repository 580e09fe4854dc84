"""RDP's fast path from client to server: keys, characters, the mouse, the locks.

Shape:  action and count of events (1 byte), length (1 byte, with both), one event.
Source: MS-RDPBCGR 2.2.8.1.2.
"""

import struct

_KEY, _MOUSE, _SYNC, _UNICODE = 0, 1, 3, 4
_RELEASE, _EXTENDED = 1, 2
_MOVE, _DOWN = 0x0800, 0x8000
_BUTTONS = (0x1000, 0x4000, 0x2000)
_WHEEL, _SIDE_WHEEL, _TURN = 0x0200, 0x0400, 0x01FF
_LARGEST_TURN = 255


def key(scancode: int, *, is_down: bool) -> bytes:
    """A key by its scancode (set 1, 0xE0xx for extended ones)."""
    flags = (0 if is_down else _RELEASE) | (_EXTENDED if scancode >> 8 == 0xE0 else 0)
    return _event(_KEY, flags, bytes([scancode & 0xFF]))


def unit(code: int, *, is_down: bool) -> bytes:
    """A unit of UTF-16, for what no key gives."""
    return _event(_UNICODE, 0 if is_down else _RELEASE, struct.pack("<H", code & 0xFFFF))


def move(x: int, y: int) -> bytes:
    """The pointer is here."""
    return _mouse(_MOVE, x, y)


def button(number: int, x: int, y: int, *, is_down: bool) -> bytes:
    """A button of the mouse: 0 left, 1 middle, 2 right."""
    return _mouse(_BUTTONS[number] | (_DOWN if is_down else 0), x, y)


def wheel(delta: int, x: int, y: int, *, is_vertical: bool) -> bytes:
    """A wheel by 120 a notch; positive is up or left."""
    turned = max(-_LARGEST_TURN, min(delta, _LARGEST_TURN)) & _TURN
    return _mouse(turned | (_WHEEL if is_vertical else _SIDE_WHEEL), x, y)


def locks(*, scroll: bool, num: bool, caps: bool, kana: bool) -> bytes:
    """Which locks are on."""
    return _event(_SYNC, scroll | num << 1 | caps << 2 | kana << 3, b"")


def _mouse(flags: int, x: int, y: int) -> bytes:
    return _event(_MOUSE, 0, struct.pack("<HHH", flags, x & 0xFFFF, y & 0xFFFF))


def _event(kind: int, flags: int, body: bytes) -> bytes:
    return bytes([1 << 2, 3 + len(body), kind << 5 | flags]) + body

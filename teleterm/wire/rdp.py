"""RDP's connection sequence from the client's side, unencrypted: for a server on this computer.

Made for a service that hands a server's fast path on as it is. Asks for 32-bit color, RemoteFX,
color pointers and acknowledged frames; no channels but the one for input and pictures.
Source: MS-RDPBCGR 1.3.1.1 and 2.2.1; T.125 for the envelopes; MS-RDPRFX 2.2.1 for the codec.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass

from teleterm.model.errors import PeerBroke
from teleterm.wire import rdp_capabilities

MAX_BUFFER = 1 << 20
_TPKT = 3
_DATA = b"\x02\xf0\x80"
_USER_BASE = 1001
_SERVER_USER = 1002
_BLOCK = struct.Struct("<HH")
_CORE, _SECURITY, _NETWORK = 0xC001, 0xC002, 0xC003
_SERVER_NETWORK = 0x0C03
_DEMAND, _DEACTIVATE, _DATA_PDU = 1, 6, 7
_CONFIRM_TYPE, _DATA_TYPE = 0x13, 0x17
_SYNCHRONIZE, _CONTROL, _FONT_LIST, _FONT_MAP = 0x1F, 0x14, 0x27, 0x28
_COOPERATE, _REQUEST = 4, 1
_INFO_FLAGS = 0x013B  # mouse, no ctrl+alt+del, log on, unicode, whole screen, Windows key
_LAN = 6
_LICENSE_ASKED = b"\x01"
_NO_LICENSE = struct.pack("<BBHIIHH", 0xFF, 3, 16, 2, 2, 4, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a client asks a server for."""

    width: int
    height: int
    layout: int
    user: str
    password: str


@dataclass(frozen=True, slots=True)
class Active:
    """The session stands, with these channels; comes again when the server begins anew."""

    io_channel: int
    user_channel: int


@dataclass(frozen=True, slots=True)
class Update:
    """A fast-path PDU, as it is."""

    data: bytes


Event = Active | Update


class Sequence:
    """Fed with what the server sends; `write` takes what it is to be told.

    Raises: PeerBroke from `feed`, at bytes that no server sends here.
    """

    def __init__(self, wishes: Wishes, write: Callable[[bytes], object]) -> None:
        self._wishes = wishes
        self._write = write
        self._pending = bytearray()
        self._take: Callable[[bytes], Event | None] = self._confirmed
        self._io = self._user = 0
        self._joining: list[int] = []
        self._share = 0

    def begin(self) -> None:
        """Say the first word."""
        asked = struct.pack("<BBHI", 1, 0, 8, 0)
        self._write(_packet(struct.pack(">BBHHB", 6 + len(asked), 0xE0, 0, 0, 0) + asked))

    def feed(self, data: bytes) -> list[Event]:
        """Take the next bytes; gives what they bring."""
        self._pending += data
        found: list[Event] = []
        while (size := _size(self._pending)) and len(self._pending) >= size:
            packet = bytes(self._pending[:size])
            del self._pending[:size]
            if packet[0] & 3 != _TPKT:
                found.append(Update(packet))
            elif (event := self._take(packet[4:])) is not None:
                found.append(event)
        if len(self._pending) > MAX_BUFFER:
            raise PeerBroke("An RDP server sends a packet without an end.")
        return found

    def _confirmed(self, packet: bytes) -> None:
        if packet[1:2] != b"\xd0":
            raise PeerBroke("The RDP server refuses the connection.")
        self._write(_packet(_DATA + _connect_initial(self._wishes)))
        self._take = self._connected

    def _connected(self, packet: bytes) -> None:
        self._io = _io_channel(packet)
        self._write(_packet(_DATA + b"\x04\x01\x00\x01\x00"))  # erect domain
        self._write(_packet(_DATA + b"\x28"))  # attach user
        self._take = self._attached

    def _attached(self, packet: bytes) -> None:
        if len(packet) < 7 or packet[3] != 0x2E or packet[4]:
            raise PeerBroke("The RDP server takes no user.")
        self._user = _USER_BASE + int.from_bytes(packet[5:7], "big")
        self._joining = [self._user, self._io]
        self._take = self._joined
        self._join()

    def _join(self) -> None:
        channel = self._joining.pop(0)
        self._write(_packet(_DATA + struct.pack(">BHH", 0x38, self._user - _USER_BASE, channel)))

    def _joined(self, packet: bytes) -> None:
        if len(packet) < 5 or packet[3] != 0x3E or packet[4]:
            raise PeerBroke("The RDP server gives no channel.")
        if self._joining:
            self._join()
            return
        self._send(struct.pack("<HH", 0x40, 0) + _info(self._wishes))
        self._take = self._licensed

    def _licensed(self, packet: bytes) -> None:
        _, data = self._indication(packet)
        if data[4:5] == _LICENSE_ASKED:
            self._send(struct.pack("<HH", 0x80, 0) + _NO_LICENSE)
        else:
            self._take = self._shared

    def _shared(self, packet: bytes) -> Event | None:
        channel, data = self._indication(packet)
        if channel != self._io or len(data) < 6:
            return None
        kind = int.from_bytes(data[2:4], "little") & 15
        if kind == _DEMAND:
            self._activate(int.from_bytes(data[6:10], "little"))
        elif kind == _DATA_PDU and data[14:15] == bytes([_FONT_MAP]):
            return Active(self._io, self._user)
        return None

    def _activate(self, share: int) -> None:
        self._share = share
        count, sets = rdp_capabilities.of_client(self._wishes.width, self._wishes.height)
        source = b"teleterm\0"
        body = struct.pack("<IHHH", share, _SERVER_USER, len(source), len(sets) + 4)
        body += source + struct.pack("<HH", count, 0) + sets
        self._send(struct.pack("<HHH", len(body) + 6, _CONFIRM_TYPE, self._user) + body)
        self._data(_SYNCHRONIZE, struct.pack("<HH", 1, _SERVER_USER))
        self._data(_CONTROL, struct.pack("<HHI", _COOPERATE, 0, 0))
        self._data(_CONTROL, struct.pack("<HHI", _REQUEST, 0, 0))
        self._data(_FONT_LIST, struct.pack("<HHHH", 0, 0, 3, 50))

    def _data(self, kind: int, body: bytes) -> None:
        total = 18 + len(body)
        head = struct.pack("<HHH", total, _DATA_TYPE, self._user)
        head += struct.pack("<IBBHBBH", self._share, 0, 1, total, kind, 0, 0)
        self._send(head + body)

    def _send(self, data: bytes) -> None:
        head = struct.pack(">BHHBH", 0x64, self._user - _USER_BASE, self._io, 0x70,
                           0x8000 | len(data))  # fmt: skip
        self._write(_packet(_DATA + head + data))

    def _indication(self, packet: bytes) -> tuple[int, bytes]:
        if len(packet) < 10 or packet[3] != 0x68:
            raise PeerBroke("The RDP server ends the session.")
        at = 11 if packet[9] & 0x80 else 10
        return int.from_bytes(packet[6:8], "big"), packet[at:]


def _size(pending: bytearray) -> int:
    """How long the packet is that begins here; 0 when that isn't known yet."""
    if len(pending) < 4:
        return 0
    if pending[0] & 3 == _TPKT:
        size = int.from_bytes(pending[2:4], "big")
    elif pending[1] & 0x80:
        size = (pending[1] & 0x7F) << 8 | pending[2]
    else:
        size = pending[1]
    if size < 3:
        raise PeerBroke("An RDP server sends a packet without a length.")
    return size


def _packet(data: bytes) -> bytes:
    return struct.pack(">BBH", _TPKT, 0, 4 + len(data)) + data


def _block(kind: int, body: bytes) -> bytes:
    return _BLOCK.pack(kind, _BLOCK.size + len(body)) + body


def _ber(tag: bytes, body: bytes) -> bytes:
    return tag + b"\x82" + struct.pack(">H", len(body)) + body


def _connect_initial(wishes: Wishes) -> bytes:
    data = _block(_CORE, _core(wishes)) + _block(_SECURITY, bytes(8)) + _block(_NETWORK, bytes(4))
    conference = b"\x00\x05\x00\x14\x7c\x00\x01" + struct.pack(">H", 0x8000 | 14 + len(data))
    conference += b"\x00\x08\x00\x10\x00\x01\xc0\x00Duca" + struct.pack(">H", 0x8000 | len(data))
    parameters = (
        (34, 2, 0, 1, 0, 1, 65535, 2),
        (1, 1, 1, 1, 0, 1, 1056, 2),
        (65535, 64535, 65535, 1, 0, 1, 65535, 2),
    )
    body = b"\x04\x01\x01\x04\x01\x01\x01\x01\xff"
    for one in parameters:
        numbers = b"".join(_ber(b"\x02", value.to_bytes(4, "big")) for value in one)
        body += _ber(b"\x30", numbers)
    return _ber(b"\x7f\x65", body + _ber(b"\x04", conference + data))


def _core(wishes: Wishes) -> bytes:
    name = "teleterm".encode("utf-16-le").ljust(32, b"\0")
    body = struct.pack("<IHHHHII", 0x80004, wishes.width, wishes.height, 0xCA01, 0xAA03,
                       wishes.layout, 2600)  # fmt: skip
    body += name + struct.pack("<III", 4, 0, 12) + bytes(64)
    # the highest depth, all depths, and: error numbers, 32 bits, a connection's kind
    body += struct.pack("<HHIHHH", 0xCA01, 1, 0, 24, 15, 0x23) + bytes(64)
    return body + struct.pack("<BBI", _LAN, 0, 0)


def _io_channel(packet: bytes) -> int:
    """The channel of a server's Connect-Response. Raises: PeerBroke."""
    at = packet.find(b"McDn")
    if packet[3:5] != b"\x7f\x66" or at < 0:
        raise PeerBroke("The RDP server answers with no conference.")
    at += 6 if packet[at + 4 : at + 5] >= b"\x80" else 5
    while at + _BLOCK.size <= len(packet):
        kind, size = _BLOCK.unpack_from(packet, at)
        if kind == _SERVER_NETWORK and at + 6 <= len(packet):
            return int.from_bytes(packet[at + 4 : at + 6], "little")
        at += max(size, _BLOCK.size)
    raise PeerBroke("The RDP server names no channel.")


def _info(wishes: Wishes) -> bytes:
    texts = [one.encode("utf-16-le") for one in ("", wishes.user, wishes.password, "", "")]
    head = struct.pack("<II5H", 0, _INFO_FLAGS, *(len(one) for one in texts))
    address = "127.0.0.1\0".encode("utf-16-le")
    more = struct.pack("<HH", 2, len(address)) + address + struct.pack("<H", 2) + b"\0\0"
    return head + b"".join(one + b"\0\0" for one in texts) + more + bytes(172 + 4 + 4 + 2)

"""Updates of an RDP server, drawn into pictures; each frame's end is acknowledged."""

import ctypes
from collections.abc import Callable

from teleterm.bridge import desktop_contract as contract
from teleterm.desktop.freerdp import Area, Decoder
from teleterm.model.errors import PeerBroke
from teleterm.wire import fastpath, remotefx
from teleterm.wire.fastpath import Bitmap, FrameMarker, SurfaceBits, Update
from teleterm.wire.tdp.codec import Message
from teleterm.wire.tdp.messages import Activated, RdpResponse

RAW, REMOTEFX = 0, 3
"""Codecs: none, and the number that desktop services agree on with their servers."""


class RdpScreen:
    """One activation of a session: a decoder of its size, its channels."""

    def __init__(
        self,
        library: ctypes.CDLL,
        activated: Activated,
        show: Callable[[contract.ToWindow], None],
        answer: Callable[[Message], None],
    ) -> None:
        self._activated = activated
        self._show, self._answer = show, answer
        self._decoder = Decoder(library, activated.width, activated.height)
        self._reassembler = fastpath.Reassembler()

    def close(self) -> None:
        """Give the decoder back."""
        self._decoder.close()

    def take(self, pdu: bytes) -> None:
        """Draw what a PDU brings. Raises: PeerBroke."""
        for code, data in self._reassembler.feed(pdu):
            match code:
                case Update.SURFACE:
                    for command in fastpath.surface_commands(data):
                        self._surface(command)
                case Update.BITMAP:
                    for bitmap in fastpath.bitmaps(data):
                        self._bitmap(bitmap)
                case Update.POINTER_HIDDEN:
                    self._show(contract.Pointer(is_shown=False))
                case Update.POINTER_DEFAULT | Update.POINTER_NEW | Update.POINTER_COLOR:
                    self._show(contract.Pointer(is_shown=True))
                case _:
                    pass  # palettes, positions and cached shapes change no picture of ours

    def _surface(self, command: SurfaceBits | FrameMarker) -> None:
        if isinstance(command, FrameMarker):
            if command.is_end:
                channels = (self._activated.io_channel, self._activated.user_channel)
                self._answer(RdpResponse(fastpath.frame_acknowledge(command.frame, *channels)))
            return
        size = (self._decoder.width, self._decoder.height)
        if command.codec == REMOTEFX:
            remotefx.check(command.data, command.left, command.top, *size)
            for area in self._decoder.remotefx(command.data, command.left, command.top):
                self._draw(area)
        elif command.codec == RAW:
            area = self._inside(command.left, command.top, command.width, command.height)
            self._decoder.put(
                area, _rows(command.data, command.width, command.height, command.bits)
            )
            self._draw(area)
        else:
            raise PeerBroke(
                f"The desktop sends pictures of a codec not known here: {command.codec}."
            )

    def _bitmap(self, one: Bitmap) -> None:
        area = self._inside(one.left, one.top, one.right + 1 - one.left, one.bottom + 1 - one.top)
        if one.is_compressed:
            self._decoder.bitmap(one.data, one.bits, area, one.width, one.height)
        else:
            rows = _rows(one.data, one.width, one.height, one.bits)[::-1]
            self._decoder.put(area, rows[: area[3] - area[1]])
        self._draw(area)

    def _inside(self, left: int, top: int, width: int, height: int) -> Area:
        area = (left, top, left + width, top + height)
        if (
            width <= 0
            or height <= 0
            or area[2] > self._decoder.width
            or area[3] > self._decoder.height
        ):
            raise PeerBroke("A picture of the desktop lies outside it.")
        return area

    def _draw(self, area: Area) -> None:
        left, top, right, bottom = area
        head = b"P6 %d %d 255\n" % (right - left, bottom - top)
        self._show(
            contract.Picture(
                left, top, right - left, bottom - top, "ppm", head + self._decoder.cut(area)
            )
        )


def _rows(data: bytes, width: int, height: int, bits: int) -> list[bytes]:
    """Rows of red, green and blue out of blue, green, red and maybe a fourth byte.

    Raises: PeerBroke for other forms, and when rows are missing.
    """
    pixel = bits // 8
    if bits not in {24, 32} or len(data) < width * height * pixel:
        raise PeerBroke(f"A picture of the desktop has {bits} bits a pixel, or ends early.")
    rows: list[bytes] = []
    for number in range(height):
        row = data[number * width * pixel : (number + 1) * width * pixel]
        colors = bytearray(width * 3)
        colors[0::3], colors[1::3], colors[2::3] = row[2::pixel], row[1::pixel], row[0::pixel]
        rows.append(bytes(colors))
    return rows

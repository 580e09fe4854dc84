"""RemoteFX and RDP's older bitmaps, decoded by FreeRDP's library where the system has it.

It is native code on what a desktop sends, so it runs in the desktop's own process, behind the seal:
load it before. Source: freerdp/codec/{rfx,interleaved,planar,color}.h of FreeRDP 2 and 3.
"""

import ctypes

from teleterm.model.errors import PeerBroke

FILES = ("libfreerdp3.so.3", "libfreerdp2.so.2", "libfreerdp3.3.dylib", "libfreerdp2.2.dylib")
RGB24 = 0x18010888
BGRX32 = 0x20040888
_BY_BITS = {15: 0x0F014555, 16: 0x10014565, 24: 0x18020888}  # RGB15, RGB16, BGR24
_PIXEL = 3
_MAX_AREAS = 4096


_Rectangle = ctypes.c_uint16 * 4
_REGION_BYTES = 16 + ctypes.sizeof(ctypes.c_void_p)
"""A region is a rectangle and a pointer; more room than any version takes."""


def load() -> "ctypes.CDLL | None":
    """The library, None where there is none."""
    for name in FILES:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        _declare(library)
        return library
    return None


def _declare(library: ctypes.CDLL) -> None:
    pointer, number, flag = ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int
    library.rfx_context_new.restype = pointer
    library.rfx_context_new.argtypes = [flag]
    library.rfx_context_reset.restype = flag
    library.rfx_context_reset.argtypes = [pointer, number, number]
    library.rfx_context_set_pixel_format.restype = None
    library.rfx_context_set_pixel_format.argtypes = [pointer, number]
    library.rfx_context_free.restype = None
    library.rfx_context_free.argtypes = [pointer]
    library.rfx_process_message.restype = flag
    library.rfx_process_message.argtypes = [
        pointer, ctypes.c_char_p, number, number, number, pointer, number, number, number, pointer,
    ]  # fmt: skip
    library.region16_init.restype = None
    library.region16_init.argtypes = [pointer]
    library.region16_uninit.restype = None
    library.region16_uninit.argtypes = [pointer]
    library.region16_rects.restype = ctypes.POINTER(_Rectangle)
    library.region16_rects.argtypes = [pointer, ctypes.POINTER(number)]
    library.bitmap_interleaved_context_new.restype = pointer
    library.bitmap_interleaved_context_new.argtypes = [flag]
    library.interleaved_decompress.restype = flag
    library.interleaved_decompress.argtypes = [
        pointer, ctypes.c_char_p, number, number, number, number, pointer, number, number, number,
        number, number, number, pointer,
    ]  # fmt: skip
    library.freerdp_bitmap_planar_context_new.restype = pointer
    library.freerdp_bitmap_planar_context_new.argtypes = [number, number, number]
    for name in ("bitmap_interleaved_context_free", "freerdp_bitmap_planar_context_free"):
        free = getattr(library, name)
        free.restype, free.argtypes = None, [pointer]
    library.planar_decompress.restype = flag
    library.planar_decompress.argtypes = [
        pointer, ctypes.c_char_p, number, number, number, pointer, number, number, number, number,
        number, number, flag,
    ]  # fmt: skip


Area = tuple[int, int, int, int]
"""Left, top, right and bottom; the last two are not part of it."""


class Decoder:
    """The pixels of a desktop of that size, red green blue, into which pictures are decoded."""

    def __init__(self, library: ctypes.CDLL, width: int, height: int) -> None:
        self._library = library
        self.width, self.height = width, height
        self.stride = width * _PIXEL
        # made without what the seal's audit hook takes for a way around it
        self._pixels = (ctypes.c_char * (self.stride * height))()
        self._view = memoryview(self._pixels).cast("B")
        self._remotefx = library.rfx_context_new(0)
        self._interleaved = library.bitmap_interleaved_context_new(0)
        self._planar = library.freerdp_bitmap_planar_context_new(0, 64, 64)
        if not (self._remotefx and self._interleaved and self._planar):
            raise PeerBroke("The decoder of this desktop's pictures can't be made.")
        library.rfx_context_set_pixel_format(self._remotefx, BGRX32)
        library.rfx_context_reset(self._remotefx, width, height)

    def close(self) -> None:
        """Give back what the library holds of it."""
        self._library.rfx_context_free(self._remotefx)
        self._library.bitmap_interleaved_context_free(self._interleaved)
        self._library.freerdp_bitmap_planar_context_free(self._planar)
        self._remotefx = self._interleaved = self._planar = None

    def remotefx(self, data: bytes, left: int, top: int) -> list[Area]:
        """Decode a RemoteFX message; gives what it has changed.

        Raises: PeerBroke.
        """
        region = (ctypes.c_char * _REGION_BYTES)()
        self._library.region16_init(region)
        try:
            done = self._library.rfx_process_message(
                self._remotefx, data, len(data), left, top, self._pixels, RGB24, self.stride,
                self.height, region,
            )  # fmt: skip
            if not done:
                raise PeerBroke("A RemoteFX picture of the desktop is damaged.")
            return self._areas(region)
        finally:
            self._library.region16_uninit(region)

    def _areas(self, region: "ctypes.Array[ctypes.c_char]") -> list[Area]:
        count = ctypes.c_uint32()
        found = self._library.region16_rects(region, ctypes.byref(count))
        if not found or count.value > _MAX_AREAS:
            return [(0, 0, self.width, self.height)] if count.value else []
        areas = [
            (one[0], one[1], min(one[2], self.width), min(one[3], self.height))
            for one in found[: count.value]
        ]
        return [one for one in areas if one[0] < one[2] and one[1] < one[3]]

    def bitmap(self, data: bytes, bits: int, area: Area, width: int, height: int) -> None:
        """Decode a compressed bitmap into its place. Raises: PeerBroke."""
        left, top, right, bottom = area
        shown = (min(width, right - left), min(height, bottom - top))
        if bits == 32:
            done = self._library.planar_decompress(
                self._planar, data, len(data), width, height, self._pixels, RGB24, self.stride,
                left, top, *shown, 1,
            )  # fmt: skip
        elif bits in _BY_BITS:
            done = self._library.interleaved_decompress(
                self._interleaved, data, len(data), width, height, bits, self._pixels, RGB24,
                self.stride, left, top, *shown, None,
            )  # fmt: skip
        else:
            raise PeerBroke(f"A bitmap of the desktop has {bits} bits a pixel.")
        if not done:
            raise PeerBroke("A bitmap of the desktop is damaged.")

    def put(self, area: Area, rows: list[bytes]) -> None:
        """Put rows of pixels, red green blue, into their place."""
        left, top, right, _ = area
        size = (right - left) * _PIXEL
        for number, row in enumerate(rows):
            start = (top + number) * self.stride + left * _PIXEL
            self._view[start : start + min(size, len(row))] = row[:size]

    def cut(self, area: Area) -> bytes:
        """The pixels of an area, row by row."""
        left, top, right, bottom = area
        whole = self._view
        if left == 0 and right == self.width:
            return bytes(whole[top * self.stride : bottom * self.stride])
        return b"".join(
            whole[y * self.stride + left * _PIXEL : y * self.stride + right * _PIXEL]
            for y in range(top, bottom)
        )

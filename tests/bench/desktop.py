"""Pace of a desktop's pictures: through its process and onto a Tk canvas.

The recorded RemoteFX session (640 by 480, whole screens) and PNG of the demo's kind, as fast as
they go. Peer: the decoder alone in one process, so the ratio is what the way to the screen costs.
"""

import socket
import struct
import threading
import time
import tkinter as tk
import zlib
from pathlib import Path

from teleterm.bridge import desktop_contract as contract
from teleterm.bridge.desktop_contract import Data
from teleterm.desktop import freerdp
from teleterm.main import launch
from teleterm.wire import fastpath
from teleterm.wire.tdp.codec import PNG_START, Message, encode
from teleterm.wire.tdp.messages import Activated, FastPath, PngFrame

RECORDED = Path(__file__).parents[1] / "recorded" / "xrdp-remotefx.bin"
FRAMES = 200
WIDE = (1280, 800)
LIMIT_S = 60.0


def _png(width: int, height: int) -> bytes:
    rows = b"".join(
        b"\0" + bytes((x * y // 7) & 255 for x in range(width) for _ in range(3))
        for y in range(height)
    )
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 1)),
        (b"IEND", b""),
    )
    return PNG_START + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _drawn(message: Message, size: tuple[int, int], frames: int) -> float:
    """Seconds until so many frames are on the canvas."""
    root = tk.Tk()
    image = tk.PhotoImage(master=root, width=size[0], height=size[1])
    canvas = tk.Canvas(root, width=size[0], height=size[1], highlightthickness=0)
    canvas.create_image(0, 0, image=image, anchor="nw")
    canvas.pack()
    root.update()
    main, for_main = socket.socketpair()
    window, for_window = socket.socketpair()
    with main, window:
        with for_main, for_window:
            process = launch.desktop(for_main.fileno(), for_window.fileno(), *size)
        main.sendall(contract.pack(Data(encode(Activated(1003, 1007, *size)))))
        packed = contract.pack(Data(encode(message)))
        threading.Thread(target=_drain, args=(main,), daemon=True).start()
        reader, seen = contract.window_reader(), 0
        window.settimeout(LIMIT_S)
        feeding = threading.Thread(target=_feed, args=(main, packed, frames))
        began = time.perf_counter()
        feeding.start()
        while seen < frames:
            for one in reader.feed(window.recv(1 << 18)):
                if isinstance(one, contract.Picture):
                    place = (one.left, one.top, one.left + one.width, one.top + one.height)
                    image.tk.call(
                        str(image), "put", one.data, "-format", one.form, "-to", *place
                    )  # fmt: skip
                    root.update_idletasks()
                    seen += 1
        took = time.perf_counter() - began
        feeding.join()
    process.wait(LIMIT_S)
    root.destroy()
    return took


def _feed(main: socket.socket, packed: bytes, frames: int) -> None:
    for _ in range(frames):
        main.sendall(packed)


def _drain(main: socket.socket) -> None:
    try:
        while main.recv(1 << 16):
            pass
    except OSError:
        return


def _first_frame() -> bytes:
    """The PDUs of the recording up to the end of its first frame."""
    data, end = RECORDED.read_bytes(), 0
    seen = fastpath.Reassembler()
    while end < len(data):
        size = data[end + 1] if data[end + 1] < 0x80 else (data[end + 1] & 127) << 8 | data[end + 2]
        updates = seen.feed(data[end : end + size])
        end += size
        for code, body in updates:
            if code == fastpath.Update.SURFACE and any(
                isinstance(one, fastpath.FrameMarker) and one.is_end
                for one in fastpath.surface_commands(body)
            ):
                return data[:end]
    return data


def _decoded(frame: bytes, frames: int) -> float:
    """Seconds that the library alone takes for so many frames; 0 without it."""
    library = freerdp.load()
    if library is None:
        return 0.0
    decoder = freerdp.Decoder(library, 640, 480)
    surfaces = [
        one
        for code, body in fastpath.Reassembler().feed(frame)
        if code == fastpath.Update.SURFACE
        for one in fastpath.surface_commands(body)
        if isinstance(one, fastpath.SurfaceBits)
    ]
    began = time.perf_counter()
    for _ in range(frames):
        for one in surfaces:
            decoder.remotefx(one.data, one.left, one.top)
    return time.perf_counter() - began


def lines() -> list[str]:
    """What `make bench` prints of it."""
    png = PngFrame(0, 0, *WIDE, _png(*WIDE))
    took = _drawn(png, WIDE, FRAMES // 2)
    found = [f"desktop, PNG of {WIDE[0]}x{WIDE[1]}: {FRAMES / 2 / took:.0f} frames a second"]
    frame = _first_frame()
    alone = _decoded(frame, FRAMES)
    if not alone:
        return [*found, "desktop, RemoteFX: left out, FreeRDP's library is not installed"]
    took = _drawn(FastPath(frame), (640, 480), FRAMES)
    ratio = alone / took
    return [
        *found,
        f"desktop, RemoteFX of 640x480: {FRAMES / took:.0f} frames a second,"
        f" {ratio:.2f} x the decoder alone ({FRAMES / alone:.0f})",
    ]

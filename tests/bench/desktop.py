"""Pace of a desktop's pictures: through its process and onto a Tk canvas.

The recorded RemoteFX session (640 by 480, whole screens) and PNG of the demo's kind, as fast as
they go. Peer: the decoder alone in one process, so the ratio is what the way to the screen costs.
"""

import socket
import threading
import time
import tkinter as tk

from teleterm.bridge import desktop_contract as contract
from teleterm.bridge.desktop_contract import Data
from teleterm.desktop import freerdp
from teleterm.main import launch
from teleterm.wire import fastpath
from teleterm.wire.tdp.codec import Message, encode
from teleterm.wire.tdp.messages import Activated, FastPath, PngFrame
from tests.support.pictures import REMOTEFX, REMOTEFX_SIZE, make_png, pdus

FRAMES = 200
WIDE = (1280, 800)
LIMIT_S = 60.0


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
    found = b""
    seen = fastpath.Reassembler()
    for pdu in pdus(REMOTEFX.read_bytes()):
        found += pdu
        for code, body in seen.feed(pdu):
            if code == fastpath.Update.SURFACE and any(
                isinstance(one, fastpath.FrameMarker) and one.is_end
                for one in fastpath.surface_commands(body)
            ):
                return found
    return found


def _decoded(frame: bytes, frames: int) -> float:
    """Seconds that the library alone takes for so many frames; 0 without it."""
    library = freerdp.load()
    if library is None:
        return 0.0
    decoder = freerdp.Decoder(library, *REMOTEFX_SIZE)
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
    width, height = WIDE
    pixels = bytes((x * y // 7) & 255 for y in range(height) for x in range(width) for _ in "rgb")
    png = PngFrame(0, 0, *WIDE, make_png(*WIDE, pixels=pixels))
    took = _drawn(png, WIDE, FRAMES // 2)
    found = [f"desktop, PNG of {WIDE[0]}x{WIDE[1]}: {FRAMES / 2 / took:.0f} frames a second"]
    frame = _first_frame()
    alone = _decoded(frame, FRAMES)
    if not alone:
        return [*found, "desktop, RemoteFX: left out, FreeRDP's library is not installed"]
    took = _drawn(FastPath(frame), REMOTEFX_SIZE, FRAMES)
    ratio = alone / took
    return [
        *found,
        f"desktop, RemoteFX of 640x480: {FRAMES / took:.0f} frames a second,"
        f" {ratio:.2f} x the decoder alone ({FRAMES / alone:.0f})",
    ]

"""From a key press to its letter on the screen, as the X server sees both: `make bench`.

Keys go in by XTEST; the first rows of the terminal are read back until they differ.
"""

import ctypes
import ctypes.util
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.support.display import display
from tests.support.person import Person, Place, run, teleterm

KEYS = 120
PAUSE_S = 0.06
"""Between two keys, about as quick as somebody types."""
LIMIT_S = 2.0
ALL_PLANES, Z_PIXMAP = 0xFFFFFFFF, 2


class _Image(ctypes.Structure):
    """The first fields of an XImage."""

    _fields_ = [  # type: ignore[mutable-override]  # ctypes wants it so
        ("width", ctypes.c_int), ("height", ctypes.c_int), ("xoffset", ctypes.c_int),
        ("format", ctypes.c_int), ("data", ctypes.POINTER(ctypes.c_char)),
        ("byte_order", ctypes.c_int), ("bitmap_unit", ctypes.c_int),
        ("bitmap_bit_order", ctypes.c_int), ("bitmap_pad", ctypes.c_int),
        ("depth", ctypes.c_int), ("bytes_per_line", ctypes.c_int),
    ]  # fmt: skip


class Eye:
    """Reads pixels and presses keys on the display of this environment."""

    def __init__(self) -> None:
        self._x = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
        self._test = ctypes.CDLL(ctypes.util.find_library("Xtst") or "libXtst.so.6")
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._x.XDefaultRootWindow.restype = ctypes.c_ulong
        self._x.XGetImage.restype = ctypes.POINTER(_Image)
        self._display = ctypes.c_void_p(self._x.XOpenDisplay(os.environ["DISPLAY"].encode()))
        self._root = ctypes.c_ulong(self._x.XDefaultRootWindow(self._display))
        self._code = self._x.XKeysymToKeycode(self._display, ctypes.c_ulong(ord("x")))

    def look(self, place: Place) -> bytes:
        """The pixels of a place."""
        image = self._x.XGetImage(
            self._display, self._root, place.x, place.y, place.width, place.height,
            ctypes.c_ulong(ALL_PLANES), Z_PIXMAP,
        )  # fmt: skip
        found = image.contents
        data = ctypes.string_at(found.data, found.bytes_per_line * found.height)
        self._x.XDestroyImage(image)
        return data

    def press(self) -> None:
        """Press and release x."""
        for is_down in (1, 0):
            self._test.XTestFakeKeyEvent(self._display, self._code, is_down, ctypes.c_ulong(0))
        self._x.XFlush(self._display)

    def echo_s(self, place: Place) -> float:
        """Press a key and wait until the place looks different; gives how long that took.

        Raises: TimeoutError.
        """
        before = self.look(place)
        start = time.perf_counter()
        self.press()
        while time.perf_counter() < start + LIMIT_S:
            if self.look(place) != before:
                return time.perf_counter() - start
        raise TimeoutError("the key never showed")


def measure(person: Person, eye: Eye) -> list[float]:
    """The times of KEYS keys in the terminal in front, sorted, in milliseconds."""
    screen = person.place(".main.docs.d1.term.view.screen")
    place = Place(x=screen.x, y=screen.y, width=min(screen.width, 1000), height=60)
    return times_of(eye, place)


def times_of(eye: Eye, place: Place) -> list[float]:
    """The times of KEYS keys whose letters show in a place."""
    found = []
    for number in range(KEYS):
        if number % 60 == 0:
            run("xdotool", "key", "--clearmodifiers", "ctrl+u")
        time.sleep(PAUSE_S)
        found.append(eye.echo_s(place) * 1000)
    return sorted(found)


def control() -> list[float] | None:
    """The same for xterm, alone on this display: what the machine is worth just now."""
    if shutil.which("xterm") is None:
        return None
    argv = ["xterm", "-b", "0", "-geometry", "90x24+0+0", "-e", "env", "PS1=$ ", "sh"]
    process = subprocess.Popen(argv)
    try:
        place = Place(x=0, y=0, width=560, height=60)
        eye = Eye()
        blank = eye.look(place)
        ends_at = time.monotonic() + 20
        while eye.look(place) == blank and time.monotonic() < ends_at:
            time.sleep(0.1)
        run("xdotool", "mousemove", "100", "100")
        time.sleep(0.5)
        return times_of(eye, place)
    finally:
        process.terminate()
        process.wait(timeout=10)


def say(name: str, times: list[float]) -> None:
    """One line for people."""
    p95 = times[int(len(times) * 0.95)]
    sys.stdout.write(
        f"echo, {name}: median {statistics.median(times):.1f} ms, p95 {p95:.1f} ms, "
        f"worst {times[-1]:.1f} ms of {len(times)} keys\n"
    )


def bench() -> None:
    """Idle, beside a tab that floods lines, and beside one that redraws."""
    with tempfile.TemporaryDirectory(prefix="t") as folder, display("1280x800"):
        home = Path(folder) / "home"
        home.mkdir(mode=0o700)
        if (times := control()) is not None:
            say("xterm alone, for comparison", times)
        with teleterm(home):
            person, eye = Person(home), Eye()
            person.sees(r"ui: widget \.dlg_links ")
            person.key("Escape")
            person.key("ctrl+shift+grave")
            person.sees("ui: terminal live")
            person.types("PS1='$ '; clear\n")
            person.waits_to_read(r"\$\s*$")
            person.key("End")
            say("idle", measure(person, eye))
            for name, line in (
                ("beside a flood of lines", "yes"),
                ("beside a flood of redraws",
                 "while :; do printf '\\033[H\\033[3%dm%0500d' $((i++ % 8)) $i; done"),
            ):  # fmt: skip
                mark = person.mark()
                person.key("ctrl+shift+grave")
                person.sees("ui: terminal live", after=mark)
                person.types(f"{line}\n")
                person.key("alt+1")
                say(name, measure(person, eye))
                mark = person.mark()
                person.key("ctrl+Tab")
                person.sees("ui: tab shown", after=mark)
                person.key("ctrl+c")
                person.key("alt+1")


if __name__ == "__main__":
    bench()

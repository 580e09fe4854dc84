"""A desktop behind xrdp in a tab, beside xfreerdp on the same session, in one run: `make bench`.

Whole screens of 1280x800 that change 30 times a second, then typing. Frames are those that reach
the screen of this computer, told by a block whose shade changes with each; a key's time is from
XTEST to the block's change. CPU is what each process took, in parts of one processor.
"""

import contextlib
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from teleterm.demo.desktop.sessions import why_no_office
from teleterm.desktop import freerdp
from tests.bench.echo import Eye
from tests.bench.rdp_scene import BLOCK, HEIGHT, WIDTH
from tests.support.demo_home import ROOT, logged_in, unfolds_the_tree
from tests.support.demo_process import RunningDemo, running_demo
from tests.support.display import display
from tests.support.person import Person, Place, pid_of, run, teleterm

FILM_S = 8.0
KEYS = 60
PAUSE_S = 0.08
LIMIT_S = 5.0
LOOK_S = 0.001
TICKS = os.sysconf("SC_CLK_TCK")
Pids = dict[str, list[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was measured of one client."""

    frames_a_second: float
    film: dict[str, float]
    key_ms: list[float]
    typing: dict[str, float]


def lines() -> list[str]:
    """What `make bench` prints of it."""
    missing = [name for name in ("Xvfb", "xdotool", "xfreerdp") if not shutil.which(name)]
    if missing or why_no_office() or freerdp.load() is None:
        return [f"desktop beside xfreerdp: left out, {missing or why_no_office() or 'libfreerdp'}"]
    with tempfile.TemporaryDirectory() as folder, display("1700x1100"), running_demo() as demo:
        session = Path(demo.ready.ca_file).parent / "rdp"
        with _our_window(Path(folder), demo) as (place, pids):
            with _scene(session):
                ours = _measure(place, pids | _servers(session))
        with _xfreerdp(session) as (place, pids), _scene(session):
            theirs = _measure(place, pids | _servers(session))
    return [*_told("teleterm", ours), *_told("xfreerdp", theirs)]


def _told(name: str, seen: Seen) -> list[str]:
    keys = sorted(seen.key_ms)
    p95 = keys[int(len(keys) * 0.95)]
    return [
        f"desktop behind xrdp, {name}: {seen.frames_a_second:.1f} frames a second of"
        f" {WIDTH}x{HEIGHT}; CPU {_shares(seen.film)}",
        f"desktop behind xrdp, {name}: key to pixel {statistics.median(keys):.0f} ms,"
        f" p95 {p95:.0f} ms; CPU {_shares(seen.typing)}",
    ]


def _shares(taken: dict[str, float]) -> str:
    return ", ".join(f"{name} {share * 100:.0f}%" for name, share in taken.items())


@contextlib.contextmanager
def _our_window(folder: Path, demo: RunningDemo) -> Iterator[tuple[Place, Pids]]:
    home = logged_in(folder, demo.ready)
    with teleterm(home, SSL_CERT_FILE=demo.ready.ca_file, HOME=str(folder)) as main:
        person = Person(home)
        unfolds_the_tree(person)
        mark = person.mark()
        person.click_row(f"kind:desktops:{ROOT}", tree=True)
        person.sees(r"ui: resources shown desktops [1-9]", after=mark)
        person.click_row(f"{ROOT}/windows_desktops/office")
        person.key("Return")
        found = person.sees(r"ui: desktop size (\d+)x(\d+)", after=mark)
        window = run("xdotool", "search", "--onlyvisible", "--name", "teleterm").split()[-1]
        shape = re.findall(r"\d+", run("xdotool", "getwindowgeometry", "--shell", window))
        wide, high = int(shape[3]), int(shape[4])
        wide, high = wide + WIDTH - int(found[1]), high + HEIGHT - int(found[2])
        run("xdotool", "windowsize", window, str(wide), str(high))
        person.sees(rf"ui: desktop size {WIDTH}x{HEIGHT}", after=mark)
        name = re.findall(r"ui: widget (\S+\.screen) ", person.log.read())[-1]
        place = person.place(name)
        yield (
            place,
            {
                "window": [_window_of(main.pid)],
                "worker": [pid_of(home, "desktop")],
                "main": [main.pid],
                "daemon": [pid_of(home, "daemon")],
                "demo": [demo.process.pid],
            },
        )


def _window_of(main: int) -> int:
    """The window's process, which has a name of its own."""
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            name, fields = (folder / "stat").read_text().rsplit(")", 1)
            if int(fields.split()[1]) == main and "teleterm-ui" in name:
                return int(folder.name)
    raise AssertionError("there is no window")


@contextlib.contextmanager
def _xfreerdp(session: Path) -> Iterator[tuple[Place, Pids]]:
    argv = ["xfreerdp", f"/v:{session / 'rdp'}", "/u:demo", "/p:demo", "/sec:rdp", "/rfx",
            "/network:lan", "/bpp:32", f"/size:{WIDTH}x{HEIGHT}", "/cert:ignore"]  # fmt: skip
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        found = run("xdotool", "search", "--sync", "--onlyvisible", "--class", "xfreerdp")
        window = found.split()[-1]
        run("xdotool", "windowmove", "--sync", window, "10", "10", may_fail=True)
        shape = re.findall(r"\d+", run("xdotool", "getwindowgeometry", "--shell", window))
        place = Place(x=int(shape[1]), y=int(shape[2]), width=WIDTH, height=HEIGHT)
        yield place, {"xfreerdp": [process.pid]}
    finally:
        process.terminate()
        process.wait(LIMIT_S)


def _servers(session: Path) -> Pids:
    """The processes behind the service."""
    found: Pids = {"xrdp": [], "X server": []}
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            command = (folder / "cmdline").read_bytes()
            if str(session).encode() in command:
                for name, word in (("xrdp", b"xrdp.ini"), ("X server", b"xorg.log")):
                    if word in command:
                        found[name].append(int(folder.name))
    return found


@contextlib.contextmanager
def _scene(session: Path) -> Iterator[None]:
    """The film on the session's own display."""
    ini = (session / "xrdp.ini").read_text()
    number = re.findall(r"xrdp_display_(\d+)", ini)[0]
    program = Path(__file__).with_name("rdp_scene.py")
    process = subprocess.Popen(
        [sys.executable, str(program)],
        env=os.environ | {"DISPLAY": f":{number}"},
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield
    finally:
        process.kill()
        process.communicate()


def _measure(place: Place, pids: Pids) -> Seen:
    eye = Eye()
    run("xdotool", "mousemove", str(place.x + 600), str(place.y + 500), "click", "1")
    block = Place(x=place.x + BLOCK // 2, y=place.y + BLOCK // 2, width=1, height=1)
    key_ms: list[float] = []
    _press_until_seen(eye, block)
    before, began = _taken(pids), time.perf_counter()
    for _ in range(KEYS):
        took = _press(eye, block)
        assert took is not None, "a key was never seen"
        key_ms.append(took * 1000)
        time.sleep(PAUSE_S)
    typing = _share(pids, before, time.perf_counter() - began)
    run("xdotool", "key", "Escape")
    before, began = _taken(pids), time.perf_counter()
    frames, last = 0, _shade(eye, block)
    while time.perf_counter() - began < FILM_S:
        if (now := _shade(eye, block)) != last:
            frames, last = frames + 1, now
        time.sleep(LOOK_S)
    took_s = time.perf_counter() - began
    film = _share(pids, before, took_s)
    return Seen(frames_a_second=frames / took_s, film=film, key_ms=key_ms, typing=typing)


def _press_until_seen(eye: Eye, block: Place) -> None:
    for _ in range(10):
        if _press(eye, block) is not None:
            return
    raise AssertionError("the desktop answers no key")


def _press(eye: Eye, block: Place) -> float | None:
    """Seconds from a key to its shade."""
    before = _shade(eye, block)
    began = time.perf_counter()
    eye.press()
    while time.perf_counter() - began < LIMIT_S:
        if _shade(eye, block) != before:
            return time.perf_counter() - began
        time.sleep(LOOK_S)
    return None


def _shade(eye: Eye, block: Place) -> int:
    """Which of the four shades the block has."""
    return (eye.look(block)[0] + 42) // 85


def _taken(pids: Pids) -> dict[str, float]:
    """Seconds of processor that each has had."""
    return {name: sum(map(_seconds, found)) for name, found in pids.items()}


def _seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _share(pids: Pids, before: dict[str, float], took: float) -> dict[str, float]:
    return {name: (now - before[name]) / took for name, now in _taken(pids).items()}

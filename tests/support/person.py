"""A person in front of the program: looks at the screen, moves the mouse, types, waits.

Everything goes through the X server (xdotool, import, xclip); the one thing taken from inside is
the log, where the window says what it shows and, with UI_TRACE set, where its widgets are.
"""

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
DEADLINE_S = 60.0
LOOKED = "ui: looked"


class NeverSeen(AssertionError):
    """What was waited for never came; the message holds the end of the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a widget is on the screen, in pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> tuple[int, int]:
        """The point a person would click."""
        return self.x + self.width // 2, self.y + self.height // 2


class LogReader:
    """Follows a log file that may not be there yet."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.text = ""

    def read(self) -> str:
        """Everything logged so far."""
        if self._path.exists():
            self.text = self._path.read_text("utf-8", errors="replace")
        return self.text

    def wait_for(
        self, pattern: str, *, after: int = 0, timeout_s: float = DEADLINE_S
    ) -> re.Match[str]:
        """Wait until a line matches, looking only at what comes after offset `after`.

        Raises: NeverSeen.
        """
        compiled = re.compile(pattern)
        ends_at = time.monotonic() + timeout_s
        while time.monotonic() < ends_at:
            if found := compiled.search(self.read(), after):
                return found
            select.select([], [], [], 0.02)
        raise NeverSeen(f"no line like {pattern!r} in {self._path}:\n{self.end()}")

    def end(self) -> str:
        """The last lines, for a message."""
        lines = [line for line in self.text[-9000:].splitlines() if not line.endswith(LOOKED)]
        return "\n".join(lines)[-3000:]


class Person:
    """Somebody who uses the program of `home` on the display of this environment."""

    def __init__(self, home: Path, pictures: Path | None = None) -> None:
        self.home = home
        self.log = LogReader(home / "state" / "logs" / "main.log")
        self._pictures = pictures

    def mark(self) -> int:
        """Remember this moment: later waits may look only at what follows."""
        return len(self.log.read())

    def sees(self, pattern: str, *, after: int = 0, timeout_s: float = DEADLINE_S) -> re.Match[str]:
        """Wait for a line of the log."""
        return self.log.wait_for(pattern, after=after, timeout_s=timeout_s)

    def place(self, name: str, *, after: int = 0) -> Place:
        """Where a named widget is now."""
        pattern = rf"ui: widget {re.escape(name)} (-?\d+),(-?\d+) (\d+)x(\d+)"
        self._settles()
        self.sees(pattern, after=after)
        found = re.findall(pattern, self.log.read())[-1]
        x, y, width, height = (int(number) for number in found)
        return Place(x=x, y=y, width=width, height=height)

    def _settles(self) -> None:
        """Wait until the log knows where everything is that shows by now.

        The window looks every tenth of a second: the first look after now may have begun before.
        """
        after = self.mark()
        self.sees(rf"{LOOKED}\n(?s:.*){LOOKED}\n", after=after)

    def click(self, name: str, *, button: int = 1) -> None:
        """Click the middle of a named widget."""
        self.click_at(*self.place(name).middle, button=button)

    def click_named(self, ending: str) -> None:
        """Click the widget that is on the screen and whose name ends so."""
        self._settles()
        names = re.findall(rf"ui: (gone )?widget (\S*\.{re.escape(ending)})\b", self.log.read())
        if not names:
            names = [self._first_of(ending)]
        gone = {name for is_gone, name in names if is_gone}
        alive = [name for is_gone, name in names if not is_gone and name not in gone]
        self.click((alive or [names[-1][1]])[-1])

    def click_row(self, key: str, *, nth: int = 0, tree: bool = False) -> None:
        """Click a row of the table in front, or of the tree, by (a pattern of) its key."""
        owner = r"\.main\.sidebar\.tree" if tree else r"\.main\.docs\.\S+"
        pattern = rf"ui: row ({owner}) ({key}) (-?\d+),(-?\d+) (\d+)x(\d+)"
        self._settles()
        ends_at = time.monotonic() + DEADLINE_S
        while not (rows := self._rows_there(pattern)):
            if time.monotonic() > ends_at:
                raise NeverSeen(f"no row like {pattern!r} is there:\n{self.log.end()}")
            select.select([], [], [], 0.02)
        x, y, height = rows[nth]
        self.click_at(x + 120, y + height // 2)

    def _rows_there(self, pattern: str) -> list[tuple[int, int, int]]:
        """Left, top and height of the newest owner's rows that have not gone, from the top."""
        there: dict[tuple[str, str], tuple[int, int, int]] = {}
        newest = ""
        text = self.log.read()
        for found in re.finditer(rf"{pattern}|ui: gone row (\S+) (\S+)", text):
            *row, gone_owner, gone_key = found.groups()
            if gone_owner:
                there.pop((gone_owner, gone_key), None)
            else:
                owner, key, x, y, _, height = row
                there[owner, key] = (int(x), int(y), int(height))
                newest = owner
        mine = [place for (owner, _), place in there.items() if owner == newest]
        return sorted(mine, key=lambda place: place[1])

    def _first_of(self, ending: str) -> tuple[str, str]:
        found = self.sees(rf"ui: widget (\S*\.{re.escape(ending)})\b")
        return "", found.group(1)

    def click_at(self, x: int, y: int, *, button: int = 1, times: int = 1) -> None:
        """Click a point of the screen."""
        run("xdotool", "mousemove", str(x), str(y), "click", "--repeat", str(times), str(button))

    def key(self, *chords: str) -> None:
        """Press keys, named as xdotool names them: `ctrl+shift+k`, `Return`."""
        run("xdotool", "key", "--clearmodifiers", "--delay", "30", *chords)

    def types(self, text: str) -> None:
        """Type text; a line end is the Enter key."""
        for number, line in enumerate(text.split("\n")):
            if number:
                self.key("Return")
            if line:
                run("xdotool", "type", "--clearmodifiers", "--delay", "12", "--", line)

    def reads_terminal(self) -> str:
        """Select everything in the terminal in front, copy it, and give the clipboard."""
        self.key("ctrl+shift+a", "ctrl+shift+c")
        return run("xclip", "-selection", "clipboard", "-out", timeout_s=5, may_fail=True)

    def waits_to_read(self, pattern: str, *, timeout_s: float = DEADLINE_S) -> str:
        """Read the terminal until it shows `pattern`.

        Raises: NeverSeen with what the terminal shows.
        """
        ends_at = time.monotonic() + timeout_s
        text = ""
        while time.monotonic() < ends_at:
            text = self.reads_terminal()
            if re.search(pattern, text):
                return text
            select.select([], [], [], 0.1)
        raise NeverSeen(f"the terminal never showed {pattern!r}, but:\n{text[-2000:]}")

    def photographs(self, name: str, *, clears_selection: bool = False) -> Path | None:
        """Keep a picture of the window, if this person has an album, once it has settled."""
        if self._pictures is None:
            return None
        if clears_selection:
            self.key("ctrl+e")
        self._pictures.mkdir(parents=True, exist_ok=True)
        path = self._pictures / f"{name}.png"
        window = self.place(".main")
        crop = f"{window.width}x{window.height}+{window.x}+{window.y}"
        before = b""
        for _ in range(20):
            run("import", "-window", "root", "-depth", "8", "-crop", crop, "+repage", str(path))
            run("mogrify", "-strip", "-define", "png:exclude-chunks=date,time", str(path))
            if path.read_bytes() == before:
                break
            before = path.read_bytes()
            select.select([], [], [], 0.15)
        return path


def run(*argv: str, timeout_s: float = 30, may_fail: bool = False) -> str:
    """Run a program of the desktop and give what it printed."""
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=timeout_s)
    except subprocess.TimeoutExpired:
        if may_fail:
            return ""
        raise
    if done.returncode and not may_fail:
        raise AssertionError(f"{' '.join(argv)} failed: {done.stderr}")
    return done.stdout


@contextmanager
def teleterm(home: Path, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """The program with its state below `home`, ended at the end with everything it started."""
    env = os.environ | {"TELETERM_HOME": str(home), "UI_TRACE": "1"} | environment
    process = subprocess.Popen(
        [sys.executable, "-m", "teleterm", *arguments],
        cwd=REPOSITORY,
        env=env,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=10)


def pid_of(home: Path, word: str) -> int:
    """The oldest process of the program of `home` with this word in its command line.

    Raises: AssertionError when there is none.
    """
    mine = f"TELETERM_HOME={home}".encode()
    found = []
    for folder in Path("/proc").iterdir():
        try:
            is_mine = mine in (folder / "environ").read_bytes().split(b"\0")
            words = (folder / "cmdline").read_bytes().split(b"\0") if is_mine else []
        except OSError:
            continue
        if word.encode() in words:
            found.append(int(folder.name))
    assert found, f"no process {word!r} of {home}"
    return min(found)

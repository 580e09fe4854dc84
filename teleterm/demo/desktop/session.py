"""The X session that the demo's desktop shows: a server, a window manager, some programs.

It begins with the first visit and lasts as long as the demo, as a desktop does.
"""

import asyncio
import base64
import contextlib
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from teleterm.demo.desktop.keys import x_key
from teleterm.demo.desktop.screen import Screen
from teleterm.demo.keeper import noted
from teleterm.model.errors import ErrorCode, Unreachable
from teleterm.osutil import env, procs, tasks

NEEDED = ("Xvfb", "xdotool", "openbox")
MAX_WIDTH, MAX_HEIGHT = 1920, 1200
_READY_S = 20.0
_STOP_S = 2.0
_BUTTONS = {0: 1, 1: 2, 2: 3}
_UP, _DOWN, _LEFT, _RIGHT = 4, 5, 6, 7
_RC = """<?xml version="1.0" encoding="UTF-8"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <margins><right>{right}</right><bottom>{bottom}</bottom></margins>
  <theme><name>Clearlooks</name></theme>
  <desktops><number>1</number></desktops>
  <mouse>
    <context name="Titlebar">
      <mousebind button="Left" action="Press"><action name="Focus"/><action name="Raise"/></mousebind>
      <mousebind button="Left" action="Drag"><action name="Move"/></mousebind>
      <mousebind button="Left" action="DoubleClick"><action name="ToggleMaximize"/></mousebind>
    </context>
    <context name="Client">
      <mousebind button="Left" action="Press"><action name="Focus"/><action name="Raise"/></mousebind>
    </context>
    <context name="BRCorner">
      <mousebind button="Left" action="Drag"><action name="Resize"/></mousebind>
    </context>
    <context name="Close">
      <mousebind button="Left" action="Click"><action name="Close"/></mousebind>
    </context>
    <context name="Maximize">
      <mousebind button="Left" action="Click"><action name="ToggleMaximize"/></mousebind>
    </context>
  </mouse>
</openbox_config>
"""  # noqa: E501 - XML


class XSession:
    """Started by the first `start`; `stop` ends everything.

    `on_copied` is called in the loop with each text that is copied in the session. Here the server
    has no monitor and writes its picture into a file; another kind overrides `_start_display`.
    """

    def __init__(self, folder: Path, name: str = "desktop") -> None:
        self._folder = folder / name
        self._notes_root = folder
        self._running = contextlib.ExitStack()
        self._programs: procs.Process | None = None
        self._hands: procs.Process | None = None
        self._starting = asyncio.Lock()
        self._shown = asyncio.Event()
        self._display = ""
        self._is_up = False
        self.screen: Screen | None = None
        self.on_copied: Callable[[str], None] = lambda text: None

    @property
    def shared(self) -> Path:
        """Where a visitor's shared files are put."""
        return self._folder / "shared"

    async def start(self) -> None:
        """Have it run. Raises: Unreachable when a program is missing or doesn't get ready."""
        async with self._starting:
            if not self._is_up:
                await self._start()
                self._is_up = True

    def lacking(self) -> list[str]:
        """What it needs that isn't installed on this computer."""
        return [name for name in NEEDED if shutil.which(name) is None]

    async def _start(self) -> None:
        lacking = self.lacking()
        if lacking:
            raise Unreachable(
                f"{', '.join(lacking)} is not installed on this computer.",
                code=ErrorCode.CLIENT_MISSING,
            )
        self.shared.mkdir(parents=True, exist_ok=True)
        await self._start_display()
        self._spawn(["openbox", "--sm-disable", "--config-file", str(self._rc)])
        programs = self._spawn(_programs_argv(self._folder), stdin=procs.PIPE, stdout=procs.PIPE)
        await asyncio.to_thread(procs.read_line, programs, timeout_s=_READY_S)
        self._programs = programs
        tasks.spawn(self._listen(programs), name="desktop's clipboard")

    async def _start_display(self) -> None:
        await self._start_server(
            ["Xvfb", "-displayfd", "1", "-screen", "0", f"{MAX_WIDTH}x{MAX_HEIGHT}x24",
             "-fbdir", str(self._folder), "-nocursor", "-nolisten", "tcp"],
        )  # fmt: skip
        self._hands = self._spawn(["xdotool", "-"], stdin=procs.PIPE)
        self.screen = Screen(self._folder / "Xvfb_screen0")

    async def _start_server(self, argv: list[str]) -> None:
        """Start an X server that says its display's number on standard output."""
        server = self._spawn(argv, stdout=procs.PIPE)
        line = await asyncio.to_thread(procs.read_line, server, timeout_s=_READY_S)
        self._display = f":{line.decode().strip()}"
        self.set_area(MAX_WIDTH, MAX_HEIGHT)

    @property
    def _rc(self) -> Path:
        return self._folder / "rc.xml"

    @property
    def _env(self) -> dict[str, str]:
        changes = {"DISPLAY": self._display, "HOME": str(self._folder), "LC_ALL": "C.UTF-8"}
        return env.role_env(env.foreign_env(changes=changes))

    def _spawn(
        self, argv: list[str], *, stdin: int = procs.DEVNULL, stdout: int = procs.DEVNULL
    ) -> procs.Process:
        process = procs.spawn(
            argv,
            env=self._env,
            cwd=self._folder,
            stdin=stdin,
            stdout=stdout,
            stderr=procs.DEVNULL,
            start_new_session=True,
        )
        self._running.callback(_close, process)
        self._running.enter_context(noted(self._notes_root, process.pid))
        return process

    async def stop(self) -> None:
        """End it."""
        if self.screen is not None:
            self.screen.close()
            self.screen = None
        self._programs = self._hands = None
        self._is_up = False
        await asyncio.to_thread(self._running.close)

    # ---- what visitors do ----

    def set_area(self, width: int, height: int) -> None:
        """Keep windows within the upper left part that a visitor sees."""
        self._rc.write_text(_RC.format(right=MAX_WIDTH - width, bottom=MAX_HEIGHT - height))
        if self._programs is not None:
            procs.run(
                ["openbox", "--reconfigure"],
                timeout_s=_READY_S,
                env=self._env,
            )

    def move(self, x: int, y: int) -> None:
        """Put the pointer somewhere."""
        self._do(f"mousemove {min(x, MAX_WIDTH - 1)} {min(y, MAX_HEIGHT - 1)}")

    def button(self, button: int, *, is_down: bool) -> None:
        """Press or release a button of the mouse: left, middle, right are 0, 1, 2."""
        if button in _BUTTONS:
            self._do(f"{'mousedown' if is_down else 'mouseup'} {_BUTTONS[button]}")

    def wheel(self, axis: int, delta: int) -> None:
        """Turn a wheel; positive is up or left."""
        button = (_UP if delta > 0 else _DOWN) if axis == 0 else (_LEFT if delta > 0 else _RIGHT)
        self._do(f"click {button}")

    def key(self, scancode: int, *, is_down: bool) -> None:
        """Press or release a key."""
        name = x_key(scancode)
        if name:
            self._do(f"{'keydown' if is_down else 'keyup'} {name}")

    def copy(self, text: str) -> None:
        """Put a text on the session's clipboard."""
        self._tell("clip", text)

    def visited(self, on_copied: Callable[[str], None]) -> None:
        """Somebody comes, and is told what is on the clipboard, and of each text copied later."""
        self.on_copied = on_copied
        self._tell("visit", "")

    async def show_shared(self) -> None:
        """Show what has come into `shared`. Raises: TimeoutError."""
        self._shown.clear()
        self._tell("shared", "")
        async with asyncio.timeout(_READY_S):
            await self._shown.wait()

    def _do(self, line: str) -> None:
        if self._hands is not None and self._hands.stdin is not None:
            with contextlib.suppress(OSError):
                self._hands.stdin.write(f"{line}\n".encode())
                self._hands.stdin.flush()

    def _tell(self, verb: str, text: str) -> None:
        if self._programs is not None and self._programs.stdin is not None:
            with contextlib.suppress(OSError):
                self._programs.stdin.write(
                    f"{verb} {base64.b64encode(text.encode()).decode()}\n".encode()
                )
                self._programs.stdin.flush()

    async def _listen(self, programs: procs.Process) -> None:
        """Hear what is copied in the session."""
        pipe = programs.stdout
        while pipe is not None:
            line = await asyncio.to_thread(_line, pipe)
            if not line:
                return
            verb, _, rest = line.decode("ascii", "replace").strip().partition(" ")
            if verb == "clip":
                self.on_copied(base64.b64decode(rest).decode("utf-8", "replace"))
            elif verb == "shown":
                self._shown.set()


def _line(pipe: "procs.Pipe") -> bytes:
    try:
        return pipe.readline()
    except ValueError:  # closed meanwhile
        return b""


def _close(process: procs.Process) -> None:
    procs.end(process, grace_s=_STOP_S)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()


def _programs_argv(folder: Path) -> list[str]:
    if procs.is_packed():
        return procs.own_argv("--role", "demo-desktop", str(folder))
    return [sys.executable, "-m", "teleterm.demo.desktop.programs", str(folder)]

"""Whether the desktop is light or dark: asked at the start and now and then, outside the window."""

import asyncio
import os
import re
import shutil
import sys
from collections.abc import Callable
from typing import Literal

from teleterm.osutil.asking import answer_of

Mode = Literal["light", "dark"]
EVERY_S = 10.0
TIMEOUT_S = 3.0

_PORTAL = (
    "gdbus", "call", "--session", "--timeout", "2",
    "--dest", "org.freedesktop.portal.Desktop",
    "--object-path", "/org/freedesktop/portal/desktop",
    "--method", "org.freedesktop.portal.Settings.Read",
    "org.freedesktop.appearance", "color-scheme",
)  # fmt: skip
_SETTINGS = ("gsettings", "get", "org.gnome.desktop.interface", "color-scheme")
_DARWIN = ("defaults", "read", "-g", "AppleInterfaceStyle")


def questions(platform: str) -> tuple[tuple[str, ...], ...]:
    """The commands that may know, best first."""
    if platform == "darwin":
        return (_DARWIN,)
    return () if platform == "win32" else (_PORTAL, _SETTINGS)


def understood(argv: tuple[str, ...], status: int, out: str) -> Mode | None:
    """What a command's answer means; None when it says nothing.

    Source: freedesktop.org portal, org.freedesktop.appearance color-scheme: 1 dark, 2 light.
            macOS has AppleInterfaceStyle in its dark mode only.
    """
    if argv == _DARWIN:
        return "dark" if status == 0 and "dark" in out.lower() else "light"
    if status:
        return None
    if argv == _PORTAL:
        found = re.search(r"uint32 ([012])", out)
        modes: dict[str, Mode] = {"1": "dark", "2": "light"}
        return modes.get(found.group(1)) if found else None
    if "prefer-dark" in out:
        return "dark"
    return "light" if "prefer-light" in out else None


def from_environment(environ: "os._Environ[str] | dict[str, str]") -> Mode:
    """What the environment says; dark when it says nothing."""
    theme = environ.get("GTK_THEME", "").lower()
    if theme and "dark" not in theme:
        return "light"
    return "dark"


class SystemTheme:
    """Calls `on_change` when the desktop's mode has become another one."""

    def __init__(self, on_change: Callable[[Mode], object]) -> None:
        self._on_change = on_change
        self._mode: Mode | None = None
        self._useful = [argv for argv in questions(sys.platform) if shutil.which(argv[0])]

    async def follow(self, is_wanted: Callable[[], bool]) -> None:
        """Ask again and again, for as long as there is something to ask."""
        while True:
            if is_wanted():
                self._take(await self._ask())
            if not self._useful and sys.platform != "win32":
                return
            await asyncio.sleep(EVERY_S)

    def _take(self, mode: Mode) -> None:
        if mode != self._mode:
            self._mode = mode
            self._on_change(mode)

    async def _ask(self) -> Mode:
        registered = _from_registry()
        if registered is not None:
            return registered
        for argv in list(self._useful):
            mode = await _answer(argv)
            if mode is not None:
                self._useful = [argv]
                return mode
        self._useful = []
        return from_environment(os.environ)


async def _answer(argv: tuple[str, ...]) -> Mode | None:
    done = await answer_of(argv, timeout_s=TIMEOUT_S)
    if done is None:
        return None
    return understood(argv, done.status, done.out.decode("utf-8", "replace"))


if sys.platform == "win32":
    import winreg

    def _from_registry() -> Mode | None:
        place = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, place) as key:
                value, _ = winreg.QueryValueEx(key, "AppsUseLightTheme")
        except OSError:
            return "dark"
        return "light" if value else "dark"

else:

    def _from_registry() -> Mode | None:
        return None

"""The user's PATH on Windows: our folder is put into it, since links need a privilege there.

Source: packaging-security.md 3. What others wrote there stays letter by letter, with its kind.
"""

import ntpath
import sys
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from teleterm.model.errors import ErrorCode, Refused
from teleterm.osutil.links import Plan

REG_EXPAND_SZ = 2
"""The kind of a value with %NAMES% in it, which PATH is unless somebody made it otherwise."""


class PathValue(Protocol):
    """Where the user's PATH is kept."""

    def read(self) -> tuple[str, int]:
        """Its text and the kind of the value; an empty one when there is none."""

    def write(self, text: str, kind: int) -> None:
        """Keep another text, and tell the running programs."""


class PathBackend:
    """Programs are found because their folder is in PATH: at its end, so that nobody loses."""

    def __init__(self, value: PathValue) -> None:
        self._value = value

    def look(self, name: str, target: Path, ours: Mapping[str, str]) -> Plan:
        """What making `name` available would change; `ours` says nothing that PATH doesn't."""
        text, kind = self._value.read()
        is_there = _same(target.parent) in map(_same, _entries(text))
        told = "is already in your PATH." if is_there else "will be added to your PATH."
        return Plan(
            name=name,
            path=target,
            target=target,
            state="ours" if is_there else "new",
            text=f"{target.parent} {told}",
            seen=(kind, zlib.crc32(text.encode())),
            is_on_path=True,
            path_line="",
        )

    def make(self, plan: Plan) -> None:
        """Add the folder, unless a plan before did."""
        text, kind = self._value.read()
        if _same(plan.target.parent) in map(_same, _entries(text)):
            return
        if (kind, zlib.crc32(text.encode())) != plan.seen:
            raise Refused(
                "Your PATH changed meanwhile, so it was left alone.", code=ErrorCode.DENIED
            )
        self._value.write(";".join([*_entries(text), str(plan.target.parent)]), kind)

    def remove(self, path: Path, target: Path) -> bool:
        """Take the folder out; whether it was there."""
        text, kind = self._value.read()
        kept = [one for one in _entries(text) if _same(one) != _same(target.parent)]
        if kept == _entries(text):
            return False
        self._value.write(";".join(kept), kind)
        return True


def _entries(text: str) -> list[str]:
    return [one for one in text.split(";") if one]


def _same(folder: str | Path) -> str:
    """A folder's name in the form in which two of them may be compared."""
    return ntpath.normcase(ntpath.normpath(ntpath.expandvars(str(folder).strip('"'))))


if sys.platform == "win32":
    import winreg

    def broadcast() -> None:
        """Tell every window that the environment changed, so that new terminals have it."""
        import ctypes

        everybody, setting_change, abort_if_hung = 0xFFFF, 0x001A, 0x0002
        ctypes.windll.user32.SendMessageTimeoutW(
            everybody, setting_change, 0, "Environment", abort_if_hung, 2000, None
        )

    class UserPath:
        """HKEY_CURRENT_USER's; `tell` is called after each change."""

        def __init__(self, tell: Callable[[], object] = broadcast) -> None:
            self._tell = tell

        def read(self) -> tuple[str, int]:
            """Its text and kind."""
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, "Environment") as key:
                    text, kind = winreg.QueryValueEx(key, "Path")
            except FileNotFoundError:
                return "", REG_EXPAND_SZ
            return str(text), kind

        def write(self, text: str, kind: int) -> None:
            """Keep another text."""
            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, "Environment") as key:
                winreg.SetValueEx(key, "Path", 0, kind, text)
            self._tell()

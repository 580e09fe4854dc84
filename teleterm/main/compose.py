"""The user's table of dead keys and Compose sequences, read from Xlib's Compose files.

Source: Compose(5) of libX11: one sequence a line, `include`, `%H` `%L` `%S`, XCOMPOSEFILE.
"""

import asyncio
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from teleterm.bridge.contract import ComposeSequence, ComposeTable, GetComposeTable, Reply
from teleterm.main.desk import Desk

LOCALES = Path("/usr/share/X11/locale")
FALLBACK = "en_US.UTF-8"
MAX_BYTES = 4_000_000
MAX_DEPTH = 5
MAX_TEXT = 32
_LINE = re.compile(r'\s*((?:<[\w]+>\s*)+):\s*"((?:[^"\\]|\\.)*)"')
_INCLUDE = re.compile(r'\s*include\s+"([^"]+)"')
_KEY = re.compile(r"<(\w+)>")
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|(.))")


class Compose:
    """Answers the window's question for one first key; files are read again at each."""

    def __init__(self, environ: Mapping[str, str] | None = None, locales: Path = LOCALES) -> None:
        self._environ = os.environ if environ is None else environ
        self._locales = locales

    def register(self, desk: Desk) -> None:
        """Take the window's question."""
        desk.on(GetComposeTable, self._get)

    async def _get(self, request: GetComposeTable) -> Reply:
        found = await asyncio.to_thread(self.sequences, request.first)
        return ComposeTable(
            sequences=tuple(ComposeSequence(keys=keys, text=text) for keys, text in found.items())
        )

    def sequences(self, first: str) -> dict[tuple[str, ...], str]:
        """All sequences that begin with this key; a later line wins, as in Xlib.

        Gives: an empty table when there is no file that can be read.
        """
        found: dict[tuple[str, ...], str] = {}
        for line in self._lines(self._own_file(), 0):
            match = _LINE.match(line) if f"<{first}>" in line else None
            if match:
                keys = tuple(_KEY.findall(match[1]))
                text = _unescaped(match[2])
                if keys[0] == first and len(keys) > 1 and text.isprintable() and text:
                    found[keys] = text[:MAX_TEXT]
        return found

    def _own_file(self) -> Path:
        named = self._environ.get("XCOMPOSEFILE", "")
        home = Path(self._environ.get("HOME", "/nonexistent")) / ".XCompose"
        for path in ([Path(named)] if named else []) + [home]:
            if path.is_file():
                return path
        return self._locale_file()

    def _locale_file(self) -> Path:
        """The file of the locale, by compose.dir's lines `file: locale`."""
        name = next(
            (value for key in ("LC_ALL", "LC_CTYPE", "LANG") if (value := self._environ.get(key))),
            FALLBACK,
        )
        for line in _read(self._locales / "compose.dir"):
            file, _, locale = line.replace(":", " ").partition(" ")
            if locale.strip() == name and not file.startswith(("#", "/")):
                return self._locales / file
        return self._locales / FALLBACK / "Compose"

    def _lines(self, path: Path, depth: int) -> Iterator[str]:
        for line in _read(path):
            include = _INCLUDE.match(line)
            if include is None:
                yield line
            elif depth < MAX_DEPTH:
                yield from self._lines(self._expanded(include[1]), depth + 1)

    def _expanded(self, name: str) -> Path:
        places = {
            "%H": self._environ.get("HOME", ""),
            "%L": str(self._locale_file()),
            "%S": str(self._locales),
        }
        return Path(re.sub("%[HLS]", lambda found: places[found[0]], name))


def _read(path: Path) -> list[str]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES)
    except OSError:
        return []
    return data.decode("utf-8", "replace").splitlines()


def _unescaped(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        if match[1]:
            return chr(int(match[1], 16))
        if match[2]:
            return chr(int(match[2], 8))
        return {"n": "\n", "t": "\t", "r": "\r"}.get(match[3], match[3])

    return _ESCAPE.sub(one, text)

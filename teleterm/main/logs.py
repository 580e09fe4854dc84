"""Log files: five of four megabytes each, every line cleaned of secrets first."""

import contextlib
import logging
import os
import re
import sys
import threading
from pathlib import Path
from typing import BinaryIO

MAX_BYTES = 4 * 1024 * 1024
KEPT = 5
_SECRETS = (
    re.compile(r"(?i)(authorization:?\s+\S+\s+)\S+"),
    re.compile(r"(?i)\b((?:password|passwd|otp|totp(?:_code|_secret)?|token|secret|pin|puk)"
               r"[\"']?\s*[:=]\s*[\"']?)[^\s\"',;&}]+"),
    re.compile(r"(-----BEGIN [A-Z ]*PRIVATE KEY-----)[\s\S]*?(?:-----END [A-Z ]*-----|\Z)"),
    re.compile(r"(\beyJ[\w-]{8,}\.)[\w-]+\.[\w-]+"),
)  # fmt: skip


def redact(text: str) -> str:
    """The text with passwords, codes, tokens and private keys taken out."""
    for pattern in _SECRETS:
        text = pattern.sub(r"\1***", text)
    return text


class LogFile:
    """A file that rotates; lines may come from any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._file = _opened(path)

    def write(self, text: str) -> None:
        """Write a line."""
        data = (redact(text).rstrip("\n") + "\n").encode("utf-8", "replace")
        with self._lock, contextlib.suppress(OSError, ValueError):
            if self._file.tell() + len(data) > MAX_BYTES:
                self._rotate()
            self._file.write(data)
            self._file.flush()

    def close(self) -> None:
        """Close the file; later lines are dropped."""
        with self._lock:
            self._file.close()

    def _rotate(self) -> None:
        self._file.close()
        with contextlib.suppress(OSError):
            self._move_on()
        self._file = _opened(self._path)

    def _move_on(self) -> None:
        names = [self._path.with_name(f"{self._path.name}.{n}") for n in range(1, KEPT)]
        for older, newer in zip(reversed(names), [*reversed(names[:-1]), self._path], strict=True):
            if newer.exists():
                newer.replace(older)


def _opened(path: Path) -> BinaryIO:
    """The file to append to; without one, say so and write nowhere: the program goes on.

    Blocks: not even where a named pipe stands that nobody reads.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NONBLOCK", 0)
    try:
        return os.fdopen(os.open(path, flags, 0o600), "ab")
    except OSError as error:
        sys.stderr.write(f"teleterm: no log is kept: {path}: {error.strerror}.\n")
        return Path(os.devnull).open("ab")


class FileHandler(logging.Handler):
    """Logging's way into a LogFile."""

    def __init__(self, file: LogFile) -> None:
        super().__init__()
        self._file = file
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        self._file.write(self.format(record))


def set_up(folder: Path, level: str) -> None:
    """Send what main logs to logs/main.log; warnings to standard error as well."""
    root = logging.getLogger()
    root.handlers.clear()
    root.addHandler(FileHandler(LogFile(folder / "main.log")))
    shown = logging.StreamHandler(sys.stderr)
    shown.setLevel(logging.ERROR)
    root.addHandler(shown)
    set_level(level)


def set_level(level: str) -> None:
    """Apply the setting log.level."""
    names = {"error": logging.ERROR, "warn": logging.WARNING, "debug": logging.DEBUG}
    logging.getLogger().setLevel(names.get(level, logging.INFO))
    logging.getLogger("asyncio").setLevel(logging.WARNING)
    logging.getLogger("grpc").setLevel(logging.WARNING)

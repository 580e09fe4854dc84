"""The config file on disk: made at first start, read, changed in place, watched by its times."""

import json
import logging
import os
from dataclasses import dataclass, field
from pathlib import Path

from teleterm.main.config import jsonc, keys
from teleterm.main.config.jsonc import Json
from teleterm.model.errors import BadInput, ErrorCode
from teleterm.osutil import atomic, plain_files

_log = logging.getLogger("teleterm.main.config")
SCHEMA_NAME = "schema_app_config.json"
MAX_BYTES = 1024 * 1024
FIRST_TEXT = f'{{\n  "$schema": "{SCHEMA_NAME}"\n}}\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the file said: good values, and a line for each wrong key."""

    values: dict[str, Json] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def check(text: str) -> Reading:
    """Read a text and check every key.

    Raises: jsonc.JsonError when it isn't JSON at all.
    """
    values: dict[str, Json] = {}
    problems: list[str] = []
    unknown: list[str] = []
    for member in jsonc.parse(text).members:
        key = keys.find(member.key)
        if key is None:
            if member.key != "$schema":
                unknown.append(f"line {member.line}: {member.key}")
        elif key.accepts(member.value):
            values[member.key] = member.value
        else:
            found = json.dumps(member.value, ensure_ascii=False)[:60]
            problems.append(f"line {member.line}: {key.name} {key.rule}, found {found}")
    return Reading(values=values, problems=tuple(problems), unknown=tuple(unknown))


class ConfigFile:
    """The settings as they are now; a broken file leaves the last good ones in force."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._values: dict[str, Json] = {}
        self._stamp: tuple[int, int, int] = (0, 0, 0)
        self.problems: tuple[str, ...] = ()
        self.is_broken = False
        """Whether `problems` tell why nothing of the file could be used."""

    def load(self) -> None:
        """Read the file, making it when there is none; `problems` says what is wrong with it."""
        try:
            self._make_files()
        except OSError as error:  # a full or read-only disk: the defaults will do
            _log.warning("can't write into %s: %s", self.path.parent, error)
        self._read()

    def _make_files(self) -> None:
        if not self.path.exists():
            self._write(FIRST_TEXT)
        schema = json.dumps(keys.schema(), indent=1, ensure_ascii=False) + "\n"
        place = self.path.with_name(SCHEMA_NAME)
        try:
            is_there = plain_files.read(place) == schema.encode()
        except OSError:
            is_there = False
        if not is_there:
            atomic.write(place, schema.encode())

    def reload_if_changed(self) -> bool:
        """Read the file again when it changed on disk; whether anything is different now."""
        if self._look() == self._stamp:
            return False
        before = (self._values, self.problems)
        self._read()
        return before != (self._values, self.problems)

    def get(self, name: str) -> Json:
        """The value of a key, or its default."""
        if name in self._values:
            return self._values[name]
        key = keys.find(name)
        return key.default if key else None

    def text(self, name: str) -> str:
        """A value that is text."""
        value = self.get(name)
        return value if isinstance(value, str) else ""

    def flag(self, name: str) -> bool:
        """A value that is true or false."""
        return self.get(name) is True

    def number(self, name: str) -> float:
        """A value that is a number."""
        value = self.get(name)
        return value if isinstance(value, (int, float)) else 0

    def keymap(self) -> dict[str, str]:
        """The changed shortcuts: action and key."""
        start = len(keys.KEYMAP_PREFIX)
        return {
            name[start:]: value
            for name, value in self._values.items()
            if name.startswith(keys.KEYMAP_PREFIX) and isinstance(value, str)
        }

    def set(self, name: str, value: Json) -> None:
        """Change one key in the file; only the text of its value changes.

        Raises: BadInput when the key is unknown, the value doesn't fit, or the file is broken.
        """
        key = keys.find(name)
        if key is None:
            raise BadInput(f'There is no setting "{name}".', field="key", value=name)
        if not key.accepts(value):
            found = json.dumps(value, ensure_ascii=False)[:60]
            raise BadInput(f"{name} {key.rule}, found {found}.", field=name, value=found)
        try:
            text = jsonc.replace_value(self._text(), name, value)
        except (jsonc.JsonError, UnicodeDecodeError) as error:
            raise BadInput(
                f"Can't change {self.path.name}: it is broken.",
                code=ErrorCode.DAMAGED_FILE,
                details=str(error),
            ) from None
        self._write(text)
        self._read()

    def _text(self) -> str:
        return plain_files.read(self.path, max_bytes=MAX_BYTES).decode("utf-8")

    def _write(self, text: str) -> None:
        """Write the file itself; people keep it elsewhere and put a link here."""
        atomic.write(Path(os.path.realpath(self.path)), text.encode())

    def _look(self) -> tuple[int, int, int]:
        try:
            found = self.path.stat()
        except OSError:
            return (0, 0, 0)
        return (found.st_mtime_ns, found.st_size, found.st_ino)

    def _read(self) -> None:
        self._stamp = self._look()
        self.is_broken = True
        try:
            reading = check(self._text())
        except FileNotFoundError:
            reading = Reading()
        except jsonc.JsonError as error:
            self.problems = (f"line {error.line}, column {error.column}: {error.message}",)
            return
        except UnicodeDecodeError as error:
            self.problems = (f"byte {error.start} is not UTF-8",)
            return
        except OSError as error:
            self.problems = (error.strerror or str(error),)
            return
        for line in reading.unknown:
            _log.warning("%s: unknown key, %s", self.path.name, line)
        self._values = reading.values
        self.problems = reading.problems
        self.is_broken = False

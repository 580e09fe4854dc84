"""`keys`: what keys send, a JSON object a line to hexadecimal a line."""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import replace

from teleterm.terminal.frame import Modes
from teleterm.terminal.keys import encode_key

_MODIFIERS = {
    "shift": "shift",
    "alt": "alt",
    "option": "alt",
    "meta": "alt",
    "ctrl": "ctrl",
    "control": "ctrl",
    "super": "super",
    "command": "super",
    "cmd": "super",
}
# Spelled without case and signs; numbers are those of DECSET.
_FLAGS = {
    "appcursor": "app_cursor",
    "applicationcursor": "app_cursor",
    "applicationcursorkeys": "app_cursor",
    "cursorkeys": "app_cursor",
    "decckm": "app_cursor",
    "1": "app_cursor",
    "appkeypad": "app_keypad",
    "applicationkeypad": "app_keypad",
    "keypad": "app_keypad",
    "decnkm": "app_keypad",
    "deckpam": "app_keypad",
    "66": "app_keypad",
    "newline": "newline",
    "lnm": "newline",
    "20": "newline",
    "backarrow": "backarrow",
    "decbkm": "backarrow",
    "67": "backarrow",
    "metasendsescape": "meta_sends_escape",
    "1036": "meta_sends_escape",
    "vt52": "vt52",
}
_NUMBERS = {
    "modifyotherkeys": "modify_other_keys",
    "formatotherkeys": "format_other_keys",
    "kitty": "kitty",
    "kittykeyboard": "kitty",
    "kittyflags": "kitty",
    "kittykeyboardflags": "kitty",
}
_NAME_WITH_NUMBER = re.compile(r"([a-z]+?)(\d+)\Z")

_Value = str | int | bool | None
_Modes = list[_Value] | dict[str, _Value] | str


class KeyLineError(ValueError):
    """A line that isn't a key; the text says what is wrong with it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the flags: there are none."""
    parser.set_defaults(unused=None)


def main(_options: argparse.Namespace) -> int:
    """Encode the keys on standard input."""
    for number, raw in enumerate(sys.stdin.buffer, 1):
        line = raw.decode("utf-8", "replace")
        if not line.strip():
            continue
        try:
            encoded = encode_line(line)
        except KeyLineError as error:
            sys.stderr.write(f"Line {number}: {error}\n")
            return 2
        sys.stdout.write(encoded.hex() + "\n")
    return 0


def encode_line(line: str) -> bytes:
    """Give the bytes for one line of JSON.

    Shape:  {"key": name or character, "mods": ["ctrl", …] or "ctrl+shift",
            "modes": ["app_cursor", "kitty_1", …] or {"app_cursor": true, "kitty": 1}}.
    Raises: KeyLineError.
    """
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise KeyLineError("this isn't JSON") from error
    if not isinstance(found, dict) or not isinstance(found.get("key"), str):
        raise KeyLineError('there is no "key"')
    mods, modes = found.get("mods") or [], found.get("modes") or []
    if not isinstance(mods, str | list):
        raise KeyLineError('"mods" is neither a list nor a string')
    if not isinstance(modes, str | list | dict):
        raise KeyLineError('"modes" is neither a list, an object nor a string')
    return encode_key(found["key"], _read_mods(mods), read_modes(modes))


def _read_mods(given: str | list[str]) -> set[str]:
    names = given.split("+") if isinstance(given, str) else given
    mods = set()
    for name in names:
        known = _MODIFIERS.get(str(name).strip().lower())
        if known is None:
            raise KeyLineError(f'"{name}" isn\'t a modifier')
        mods.add(known)
    return mods


def read_modes(given: _Modes) -> Modes:
    """Read modes by name or DECSET number; those that don't touch keys say nothing."""
    modes = Modes()
    if isinstance(given, dict):
        for name, value in given.items():
            modes = _with(modes, _plain(name), value)
        return modes
    for entry in given.split(",") if isinstance(given, str) else given:
        name, separator, value = str(entry).replace(":", "=").partition("=")
        plain = _plain(name)
        numbered = _NAME_WITH_NUMBER.match(plain)
        if separator:
            modes = _with(modes, plain, value)
        elif numbered is not None:
            modes = _with(modes, numbered[1], numbered[2])
        else:
            modes = _with(modes, plain, True)
    return modes


def _plain(name: str) -> str:
    plain = re.sub(r"[^a-z0-9]", "", str(name).lower())
    return plain.removesuffix("mode") or plain


def _with(modes: Modes, name: str, value: _Value) -> Modes:
    is_on = value not in (False, None, 0, "0", "false", "")
    flag = _FLAGS.get(name)
    if flag is not None:
        return replace(modes, **{flag: is_on})
    number = _NUMBERS.get(name)
    if number is not None:
        digits = str(int(value)) if isinstance(value, bool | int) else str(value or 0)
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
            raise KeyLineError(f'"{value}" isn\'t a number')
        return replace(modes, **{number: int(digits)})  # type: ignore[arg-type]  # these are int
    return modes

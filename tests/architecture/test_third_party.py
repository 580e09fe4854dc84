"""What each room may import from outside: the third-party column of the table of rooms."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "teleterm"

GRPC = {"grpc", "google"}
ALLOWED: dict[str, set[str]] = {
    "model": set(),
    "osutil": {"platformdirs"},
    "terminal": {"pyte", "wcwidth", "ptyprocess", "pexpect"},
    "wire": {"cryptography"},
    "bridge": {"msgspec"},
    "desktop": set(),
    "ptyhost": {"msgspec", "pexpect", "ptyprocess", "winpty"},
    "client": {
        "asyncssh", "cryptography", "fido2", "msgspec", "truststore", "yaml",
        *GRPC,
    },
    "tshdclient": {"cryptography", *GRPC},
    "tshd": {"cryptography", *GRPC},
    "tsh": {"asyncssh", "yaml"},
    "main": {"httpx", "msgspec", "truststore", "tuf"},
    "ui": {"msgspec", "tkinter"},
    # tkinter is for the programs of its desktop, which run in a process of their own
    "demo": {"asyncssh", "cryptography", "fido2", "h2", "msgspec", "tkinter", *GRPC},
}  # fmt: skip
"""Rooms and the packages from outside the standard library that each may name, and tkinter."""

WINDOW_ONLY = {"tkinter", "_tkinter"}


def imports_of(path: Path) -> Iterator[str]:
    """The top-level packages that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0]


def strangers_of(room: str) -> set[str]:
    """Every package that a room imports and that isn't ours or the standard library's."""
    found = {name for path in (ROOT / room).rglob("*.py") for name in imports_of(path)}
    return {
        name
        for name in found
        if name != "teleterm" and (name not in sys.stdlib_module_names or name in WINDOW_ONLY)
    }


@pytest.mark.parametrize("room", ALLOWED)
def test_a_room_names_only_its_packages(room: str) -> None:
    assert strangers_of(room) <= ALLOWED[room]


def test_every_room_is_in_the_table() -> None:
    rooms = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] not in "._"}
    assert rooms - {"protogen"} == set(ALLOWED)

"""Rules of the window's source: colours by token, sizes by dp(), a name for all one can act on."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

UI = Path(__file__).parents[2] / "teleterm" / "ui"
COLOR = re.compile(r"#(?:[0-9a-fA-F]{3}){1,4}")
MAY_NAME_COLORS = {"theme/tokens.py"}
"""The table of colours itself."""
ACTIVE = {
    "Button", "Canvas", "Checkbutton", "Entry", "Field", "Listbox", "Menubutton", "Radiobutton",
    "RowList", "Scale", "Spinbox", "Table", "Text", "button", "icon_button",
}  # fmt: skip
"""What makes a widget that a person, or a test, may act on."""
MESSAGES = {("desktop", "Button")}
"""Messages of a contract that are called like a widget."""
SIZES = {"padx", "pady", "ipadx", "ipady", "minsize", "wraplength"}
SMALL = 1
"""Nothing and a hairline's one are the same at every scale."""

FILES = sorted(UI.rglob("*.py"))
IDS = [str(path.relative_to(UI)) for path in FILES]


def nodes(path: Path) -> Iterator[ast.AST]:
    """Everything in a file."""
    yield from ast.walk(ast.parse(path.read_text("utf-8")))


def called(node: ast.Call) -> str:
    """The last part of what is called."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_colours_come_from_the_tokens(path: Path) -> None:
    if str(path.relative_to(UI)) in MAY_NAME_COLORS:
        return
    found = [
        (node.lineno, node.value)
        for node in nodes(path)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and COLOR.fullmatch(node.value)
    ]
    assert found == []


def literal_sizes(node: ast.expr) -> Iterator[int]:
    """The whole numbers written in a size, not those that dp() scales."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield node.value
    elif isinstance(node, ast.Tuple):
        for one in node.elts:
            yield from literal_sizes(one)


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_sizes_are_scaled(path: Path) -> None:
    found = [
        (node.lineno, keyword.arg, size)
        for node in nodes(path)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg in SIZES
        for size in literal_sizes(keyword.value)
        if size > SMALL
    ]
    assert found == []


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_what_one_can_act_on_has_a_name(path: Path) -> None:
    found = [
        (node.lineno, called(node))
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and called(node) in ACTIVE
        and (path.parent.name, called(node)) not in MESSAGES
        and not any(keyword.arg in {"name", None} for keyword in node.keywords)
    ]
    assert found == []

"""Calls that are allowed in one place only, or nowhere."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2] / "teleterm"

STARTERS = {"subprocess", "pty"}
STARTER_PLACES = ("osutil/procs.py", "ptyhost/", "terminal/")
"""Only here are processes started, so that every child gets the environment meant for it."""

NOWHERE = {"pickle", "marshal", "multiprocessing", "shelve"}
TCL_SCRIPT_PLACES = ("ui/seal/", "ui/terminal/")
"""Constant Tcl scripts live here; nowhere is one made from text."""


def files() -> Iterator[tuple[str, ast.Module]]:
    """Every file of ours but generated code, with its place below `teleterm/`."""
    for path in sorted(ROOT.rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        if not place.startswith("protogen/"):
            yield place, ast.parse(path.read_text("utf-8"))


def imported(tree: ast.Module) -> set[str]:
    """Top-level names of all modules that a file imports."""
    names = {
        a.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names
    }
    return names | {
        n.module.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module
    }


def test_processes_start_in_one_place() -> None:
    guilty = [
        place
        for place, tree in files()
        if imported(tree) & STARTERS and not place.startswith(STARTER_PLACES)
    ]
    assert guilty == []


def test_nothing_unpickles_anywhere() -> None:
    assert [place for place, tree in files() if imported(tree) & NOWHERE] == []


def test_nothing_evaluates_text() -> None:
    guilty = [
        f"{place}:{node.lineno}"
        for place, tree in files()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"eval", "exec", "compile"}
    ]
    assert guilty == []


def test_no_tcl_script_is_made_from_text() -> None:
    guilty = []
    for place, tree in files():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            is_script = node.func.attr in {"eval", "evalfile"} or (
                node.func.attr == "call"
                and bool(node.args)
                and isinstance(node.args[0], ast.Constant)
                and node.args[0].value in {"eval", "uplevel", "proc", "subst"}
            )
            constant = all(isinstance(argument, (ast.Constant, ast.Name)) for argument in node.args)
            if is_script and not (place.startswith(TCL_SCRIPT_PLACES) and constant):
                guilty.append(f"{place}:{node.lineno}")
    assert guilty == []

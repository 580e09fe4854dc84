"""Whatever the window ever imports is there before it is sealed: afterwards it can't be.

Source: packaging-security.md 7, step 2. The walks of tests/e2e/test_by_keyboard.py and
test_by_mouse.py look for refusals in a sealed window; this reads the places no walk comes to.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
BEFORE_THE_SEAL = """
import importlib, sys
import teleterm.ui.start, teleterm.bridge.window_end, teleterm.ui.app
from teleterm.ui.seal import seal
for name in seal.LATE_IMPORTS:
    importlib.import_module(name)
print(*sorted(sys.modules))
"""
STARTING = ("teleterm/ui/start.py", "teleterm/ui/seal/", "teleterm/ui/early.py")
"""These run before the seal, with all they import."""


@cache
def loaded() -> frozenset[str]:
    """The modules of a window that is about to be sealed."""
    done = subprocess.run(
        [sys.executable, "-c", BEFORE_THE_SEAL],
        capture_output=True,
        text=True,
        check=True,
        cwd=REPOSITORY,
        timeout=60,
    )
    return frozenset(done.stdout.split())


def late_imports(source: str) -> Iterator[tuple[int, str]]:
    """Line and module of each import that waits for a call."""
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        for node in ast.walk(function):
            match node:
                case ast.Import(names=names):
                    yield from ((node.lineno, one.name) for one in names)
                case ast.ImportFrom(module=str(module), names=names, level=0):
                    yield node.lineno, module
                    for one in names:
                        yield from _submodule(node.lineno, f"{module}.{one.name}")
                case _:
                    pass


def _submodule(line: int, name: str) -> Iterator[tuple[int, str]]:
    """The module of a package that `from package import name` may mean."""
    try:
        is_module = find_spec(name) is not None
    except ModuleNotFoundError:
        is_module = False
    if is_module:
        yield line, name


def test_no_module_of_the_window_waits_with_an_import() -> None:
    late = []
    for name in sorted(loaded()):
        path = REPOSITORY / Path(*name.split("."))
        source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        place = source.relative_to(REPOSITORY).as_posix()
        if not name.startswith("teleterm") or place.startswith(STARTING):
            continue
        late += [
            f"{place}:{line}: {module}"
            for line, module in late_imports(source.read_text("utf-8"))
            if module not in loaded()
        ]
    assert late == []


def test_a_late_import_is_found() -> None:
    source = "import os\ndef show():\n    from xml import sax\n    import json.tool\n"
    assert list(late_imports(source)) == [(3, "xml"), (3, "xml.sax"), (4, "json.tool")]


def test_every_module_of_the_window_is_there_before_the_seal() -> None:
    files = [path.relative_to(REPOSITORY) for path in (REPOSITORY / "teleterm/ui").rglob("*.py")]
    names = {
        ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        for path in files
        if not path.as_posix().startswith(STARTING)
    }
    assert names - loaded() == set()

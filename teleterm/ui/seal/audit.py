"""A tripwire below the window's Python: what it never needs raises PermissionError.

It sees neither Tcl nor native code, so it is the last of the fences, not the wall.
"""

import os
import sys
from collections.abc import Callable

HARMLESS = frozenset(
    {
        "array.__new__",
        "builtins.id",
        "object.__delattr__",
        "object.__getattr__",
        "object.__setattr__",
        "sys._getframe",
        "sys.excepthook",
        "sys.unraisablehook",
        "_thread.start_new_thread",
        "_thread.start_joinable_thread",
        "threading.excepthook",
        "time.sleep",
        "cpython._PySys_ClearAuditHooks",
        "cpython.PyInterpreterState_Clear",
        "cpython.PyInterpreterState_New",
        "gc.get_objects",
    }
)
"""Events that a window raises in its daily work, and that reach nothing outside it."""

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_on_refusal: list[Callable[[str], None]] = []


def on_refusal(tell: Callable[[str], None]) -> None:
    """Call `tell` with the name of each refused event, from whatever thread raised it."""
    _on_refusal[:] = [tell]


def install(readable: tuple[str, ...]) -> None:
    """Refuse from now on every audited event but the harmless ones and reading below `readable`.

    Raises: nothing itself; the refused action raises PermissionError.
    """
    roots = tuple(os.path.realpath(path) + os.sep for path in readable)

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event in HARMLESS or (event == "open" and _only_reads(arguments, roots)):
            return
        for tell in _on_refusal:
            tell(event)
        raise PermissionError(f"the sealed window may not do this: {event}")

    sys.addaudithook(hook)


def _only_reads(arguments: tuple[object, ...], roots: tuple[str, ...]) -> bool:
    """Whether an `open` event reads a file below one of `roots` (tracebacks show source lines)."""
    path, _mode, flags = (*arguments, None, None, None)[:3]
    if not isinstance(path, str) or not isinstance(flags, int) or flags & _WRITING:
        return False
    return os.path.normpath(path).startswith(roots)

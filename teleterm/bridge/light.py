"""Imports that cost less than they do by default, for processes that somebody waits for."""

import sys


def load_msgspec() -> None:
    """Import msgspec without typing_extensions, which is a third of its time.

    msgspec asks that package first for names that `typing` has itself since Python 3.11, and goes
    on without it; so it is told that the package isn't there, and only it.
    """
    if "msgspec" in sys.modules or "typing_extensions" in sys.modules:
        return
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]  # means: not to be found
    try:
        import msgspec  # noqa: F401 - for those who import it after us
    finally:
        del sys.modules["typing_extensions"]

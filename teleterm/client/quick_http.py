"""Loads the HTTP library without its command line, which nobody here uses."""

import sys

_COMMAND_LINE = "httpx._main"


def load() -> None:
    """Import httpx; half as long as a plain import takes where rich and click are installed.

    The library itself does without its command line where those two are missing.
    """
    if "httpx" in sys.modules:
        return
    sys.modules[_COMMAND_LINE] = None  # type: ignore[assignment]  # documented: makes an import fail
    try:
        import httpx  # noqa: F401  # loading it is the purpose
    finally:
        del sys.modules[_COMMAND_LINE]

"""Loads the HTTP library without the parts that nobody here uses."""

import sys

_UNUSED = ("httpx._main", "h2")
"""Its command line, and HTTP/2, which the web API is not asked in."""


def load() -> None:
    """Import httpx; half as long as a plain import takes where rich, click and h2 are installed.

    The library itself does without these where they are missing.
    """
    if "httpx" in sys.modules:
        return
    missing = [name for name in _UNUSED if name not in sys.modules]
    for name in missing:
        sys.modules[name] = None  # type: ignore[assignment]  # documented: makes an import fail
    try:
        import httpcore  # noqa: F401  # httpx would load it later, with all there is
        import httpx  # noqa: F401  # loading it is the purpose
    finally:
        for name in missing:
            del sys.modules[name]

"""Loads the SSH library without the parts that a command never uses but always waits for."""

import ctypes.util
import sys


def load() -> None:
    """Import asyncssh; half as long as a plain import takes.

    It looks for security keys (fido2) and for liboqs, the latter by starting a compiler's tools.
    Here neither is used: keys come from the login, and ML-KEM comes from cryptography.
    """
    if "asyncssh" in sys.modules:
        return
    find = ctypes.util.find_library
    missing = "fido2" not in sys.modules
    _set_find_library(lambda _: None)
    if missing:
        sys.modules["fido2"] = None  # type: ignore[assignment]  # documented: makes an import fail
    try:
        import asyncssh  # noqa: F401  # loading it is the purpose
    finally:
        _set_find_library(find)
        if missing:
            del sys.modules["fido2"]


def _set_find_library(find: object) -> None:
    vars(ctypes.util)["find_library"] = find

"""Flags that every command takes and that change nothing here: refused where that would matter."""

import sys
from typing import TYPE_CHECKING

from teleterm.model.errors import BadInput, ErrorCode, Refused

if TYPE_CHECKING:
    from teleterm.tsh.grammar import Parsed

_CERTIFICATES = ("", "standard")
_NO_RELAY = ("", "none", "default")
_CURRENT_AND_FUTURE = 3  # MCL_CURRENT | MCL_FUTURE of mlockall(2), on Linux and macOS


def check(parsed: "Parsed", *, is_headless: bool) -> None:
    """Refuse values nobody knows, and those that ask for what isn't here.

    Raises: BadInput, Refused (NOT_IMPLEMENTED).
    """
    kind = parsed.text("cert-format")
    if kind == "oldssh":
        raise Refused(
            "Certificates for OpenSSH older than 7.0 are not supported.",
            code=ErrorCode.NOT_IMPLEMENTED,
            hint="Leave out --cert-format.",
        )
    if kind not in _CERTIFICATES:
        raise BadInput(
            f'invalid certificate format parameter: "{kind}"', field="cert-format", value=kind
        )
    if parsed.text("relay") not in _NO_RELAY:
        raise Refused(
            "Relays are not supported: connections go through the proxy.",
            code=ErrorCode.NOT_IMPLEMENTED,
            hint="Leave out --relay (or TELEPORT_RELAY), or use --relay=none.",
        )
    if parsed.text("callback") and not parsed.text("bind-addr"):
        raise BadInput("--callback must be used with --bind-addr", field="callback")
    _lock_memory(parsed.text("mlock"), is_headless=is_headless)


def _lock_memory(mode: str, *, is_headless: bool) -> None:
    """Keep keys out of the swap file, if that is wanted.

    Raises: Refused when it must be so and can't.
    """
    if mode == "strict":
        if not _lock():
            raise Refused(
                "This program's memory can't be locked, and --mlock=strict insists on it.",
                hint="Raise the limit (ulimit -l), or use --mlock=best_effort.",
            )
    elif mode == "best_effort" or (mode == "auto" and is_headless):
        _lock()


def _lock() -> bool:
    is_locked = False
    if sys.platform != "win32":
        import ctypes

        lock = getattr(ctypes.CDLL(None), "mlockall", None)
        is_locked = lock is not None and lock(_CURRENT_AND_FUTURE) == 0
    return is_locked

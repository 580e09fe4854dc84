"""`tsh daemon stop --pid=N`: ends a daemon on Windows; elsewhere a signal does that."""

import sys

from teleterm.tsh.grammar import Parsed


def run(parsed: Parsed) -> int:
    """Raise Ctrl-Break on the console of the daemon; nothing to do on other systems."""
    if sys.platform == "win32":
        _break(parsed.number("pid"))
    return 0


def _break(pid: int) -> None:
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.FreeConsole()
        if kernel.AttachConsole(pid):
            # 1 is Ctrl-Break, group 0 everything on that console: this process too.
            kernel.GenerateConsoleCtrlEvent(1, 0)

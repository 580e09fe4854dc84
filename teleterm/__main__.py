"""Picks a role and imports that role only, so that each process stays as light as it can."""

import gc
import os
import sys

from teleterm.bridge import light
from teleterm.osutil import streams

COLLECT_EVERY = 20_000
"""Imports make many objects that stay, so look through them less often than every 700."""


def run() -> None:
    """Start the role that the command line names; the main process when it names none."""
    streams.fill_closed()
    os.umask(0o077)
    gc.set_threshold(COLLECT_EVERY, 20, 20)
    sys.exit(start(sys.argv[1:]))


def start(argv: list[str]) -> int:
    """Run a role to its end and give its exit status."""
    if argv[:1] == ["--role"]:
        return _role(argv[1] if len(argv) > 1 else "", argv[2:])
    if argv == ["--self-test"]:
        from teleterm.main import selftest

        return selftest.run()
    from teleterm import roles

    early = roles.start(argv)
    early.wait()
    from teleterm.main import entry

    return entry.run(argv, early)


def _role(name: str, arguments: list[str]) -> int:
    light.load_msgspec()
    if name == "ui" and len(arguments) == 2 and arguments[0] == "--fd" and arguments[1].isdigit():
        from teleterm.ui import start as window

        return window.main(int(arguments[1]))
    if name == "ptyhost" and sys.platform != "win32":
        from teleterm.ptyhost import host

        return host.main(arguments) or 0
    if name == "desktop" and len(arguments) == 4 and all(one.isdigit() for one in arguments):
        return _desktop(arguments)
    if name == "demo-desktop":
        from teleterm.demo.desktop import programs

        return programs.main(arguments)
    if name == "seal":
        from teleterm.ui.seal import check

        return check.main()
    if name == "alert":
        return _alert(" ".join(arguments))
    sys.stderr.write(f'teleterm: there is no role "{name}" with these arguments\n')
    return 2


def _desktop(arguments: list[str]) -> int:
    """A desktop's process, which reaches nothing once its parts are loaded."""
    from teleterm.desktop import freerdp, worker
    from teleterm.ui.seal import seal

    seal.before_tk()
    library = freerdp.load()
    seal.close()
    return worker.main(arguments, library)


def _alert(text: str) -> int:
    """Show a text when the window itself keeps dying: plain Tk, nothing of ours."""
    import tkinter
    from tkinter import messagebox

    from teleterm.ui.seal import seal

    seal.before_tk()

    try:
        root = tkinter.Tk()
    except tkinter.TclError:
        sys.stderr.write(f"teleterm: {text}\n")
        return 1
    root.withdraw()
    messagebox.showerror("teleterm", text)
    root.destroy()
    return 0


if __name__ == "__main__":
    run()

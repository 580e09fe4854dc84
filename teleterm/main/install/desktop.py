"""The desktop's menu entry, icon and, on request, the handler of teleport:// links.

Source: freedesktop.org Desktop Entry 1.5, Icon Theme and MIME Applications; on Windows and macOS
the installer does this (docs/packaging.md).
"""

import os
import shutil
import sys
from pathlib import Path

from teleterm.main import launchers
from teleterm.main.install import record
from teleterm.model.errors import ErrorCode, Refused, TeletermError
from teleterm.osutil import atomic, dirs, env, procs

ENTRY, ICON = "teleterm.desktop", "teleterm.svg"
SCHEME = "x-scheme-handler/teleport"
NOTE = "link_handler_before"
ASK_S = 10.0
_QUOTED = str.maketrans({"\\": r"\\\\", '"': r"\"", "$": r"\\$", "`": r"\\`", "%": "%%"})


def run(folders: dirs.Folders, *, takes_links: bool) -> int:
    """Write entry and icon, and become the handler if asked; says what was done.

    Raises: Refused on systems where the installer does this.
    """
    system: str = sys.platform
    if system in {"win32", "darwin"}:
        raise Refused(
            "On this system the menu entry comes with the installed program.",
            code=ErrorCode.NOT_IMPLEMENTED,
        )
    folders.prepare()
    launchers.write(folders)
    for path in place(launchers.program(folders, "teleterm"), user_data(), takes_links=takes_links):
        sys.stdout.write(f"wrote {path}\n")
    if takes_links:
        before = become_handler(folders.data)
        if before:
            sys.stdout.write(f"{before} opened these links before; uninstalling gives them back\n")
    return 0


def user_data() -> Path:
    """Where the desktop looks for entries and icons of this user."""
    named = os.environ.get("XDG_DATA_HOME", "")
    return Path(named) if named.startswith("/") else Path.home() / ".local" / "share"


def place(program: Path, shared: Path, *, takes_links: bool) -> list[Path]:
    """Write the menu entry and the icon; gives their places."""
    template = _asset("linux.desktop.in").read_text("utf-8")
    quoted = f'"{str(program).translate(_QUOTED)}"'
    text = template.replace("@PROGRAM@", f"{quoted} link %u" if takes_links else quoted)
    if takes_links:
        text += f"MimeType={SCHEME};\n"
    entry = shared / "applications" / ENTRY
    icon = shared / "icons" / "hicolor" / "scalable" / "apps" / ICON
    for path, data in ((entry, text.encode()), (icon, _asset("icon.svg").read_bytes())):
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write(path, data, mode=0o644)
    return [entry, icon]


def become_handler(data: Path) -> str:
    """Let the desktop open teleport:// links with us; notes who did before.

    Gives:  the entry that did, if any.
    Raises: Refused where the desktop's tool is missing or says no.
    """
    before = _ask("xdg-mime", "query", "default", SCHEME).strip()
    _ask("xdg-mime", "default", ENTRY, SCHEME)
    if before and before != ENTRY:
        install = record.read(data)
        record.write(data, _noted(install, before))
        return before
    return ""


def give_back(data: Path, shared: Path) -> list[Path]:
    """Remove entry and icon, and let who opened links before open them again.

    Gives: what was removed.
    """
    before = str(record.read(data).rest.get(NOTE) or "")
    gone = []
    entry = shared / "applications" / ENTRY
    for path in (entry, shared / "icons" / "hicolor" / "scalable" / "apps" / ICON):
        if path.is_file() and (path != entry or b"Name=teleterm" in path.read_bytes()):
            path.unlink()
            gone.append(path)
    if before and gone:
        try:
            _ask("xdg-mime", "default", before, SCHEME)
        except TeletermError as error:
            sys.stderr.write(f"teleterm: {error.message}\n")
    return gone


def _noted(install: record.Install, before: str) -> record.Install:
    from dataclasses import replace

    return replace(install, rest={**install.rest, NOTE: before})


def _ask(*argv: str) -> str:
    """Run a tool of the desktop.

    Raises: Refused.
    """
    if shutil.which(argv[0]) is None:
        raise Refused(
            f'Can\'t change who opens links: "{argv[0]}" is missing.',
            code=ErrorCode.CLIENT_MISSING,
            hint="Install xdg-utils.",
        )
    done = procs.run(list(argv), env=env.foreign_env(), timeout_s=ASK_S)
    if done.status:
        raise Refused(
            "The desktop did not take the change of who opens links.",
            details=done.err.decode("utf-8", "replace"),
        )
    return done.out.decode("utf-8", "replace")


def _asset(name: str) -> Path:
    """A file that ships with the program: packed beside it, in a checkout where it is kept."""
    root = procs.checkout_root()
    if procs.is_packed():
        return Path(sys.prefix) / "teleterm" / "assets" / name
    return root / ("assets" if name == "icon.svg" else "installer") / name

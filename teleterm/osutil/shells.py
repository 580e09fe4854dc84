"""The shells of this computer: the user's own, and those that the system lists."""

import os
import shutil
import sys
from pathlib import Path, PurePath

from teleterm.model.errors import BadInput, ErrorCode, Unreachable

_LIST = Path("/etc/shells")
_WINDOWS = ("pwsh.exe", "powershell.exe", "cmd.exe", "wsl.exe")


def system() -> str:
    """The path of the user's own shell."""
    if sys.platform == "win32":
        return shutil.which("pwsh.exe") or shutil.which("powershell.exe") or "cmd.exe"
    else:
        named = os.environ.get("SHELL", "")
        return named if named and os.access(named, os.X_OK) else _from_accounts()


def available() -> dict[str, str]:
    """Names and paths of the shells that a person may choose."""
    found: dict[str, str] = {}
    if sys.platform == "win32":
        for name in _WINDOWS:
            path = shutil.which(name)
            if path:
                found[PurePath(name).stem] = path
    else:
        lines = _LIST.read_text("utf-8", "replace").splitlines() if _LIST.exists() else []
        for line in [*lines, system()]:
            path = line.split("#")[0].strip()
            if path.startswith("/") and os.access(path, os.X_OK):
                found.setdefault(PurePath(path).name, path)
    return found


def find(wanted: str, *, custom: str = "") -> tuple[str, ...]:
    """The command line of a shell by its name: `system`, `custom`, or one of `available`.

    Raises: BadInput for a name that isn't one; Unreachable when the custom one isn't there.
    """
    if wanted in {"", "system"}:
        return (system(),)
    if wanted == "custom":
        path = shutil.which(str(Path(custom).expanduser())) if custom else None
        if path is None:
            raise Unreachable(
                f'The shell "{custom}" is not there. See terminal.customShell in the settings.',
                code=ErrorCode.CLIENT_MISSING,
            )
        return (path,)
    known = available()
    name = wanted if wanted in known else PurePath(wanted).name
    if name not in known or wanted not in {name, known[name]}:
        raise BadInput(f'There is no shell "{wanted}" here.', field="shell", value=wanted)
    return (known[name],)


def _from_accounts() -> str:
    if sys.platform != "win32":
        import pwd

        try:
            shell = pwd.getpwuid(os.getuid()).pw_shell
        except KeyError:
            shell = ""
        if shell and os.access(shell, os.X_OK):
            return shell
    return "/bin/sh"

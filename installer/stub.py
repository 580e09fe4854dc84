"""The single file's first step: install the tree it carries if need be, then start that tree.

Shape: this program's archive stands at the end of the file; before it the footer (magic,
       offset and length of the payload, its size unpacked, SHA-256, version), before that the
       payload.
"""

import errno
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from installer import footer
from teleterm.main.install import firstrun
from teleterm.model.errors import TeletermError
from teleterm.osutil import dirs

if TYPE_CHECKING:
    from typing_extensions import Buffer

EXIT_FAILED = 3
DIALOGS = (
    ("zenity", "--error", "--title=teleterm", "--no-markup", "--text={}"),
    ("kdialog", "--title", "teleterm", "--error", "{}"),
    ("xmessage", "-center", "{}"),
    ("notify-send", "-u", "critical", "teleterm", "{}"),
    ("x-terminal-emulator", "-e", "sh", "-c", 'printf "%s\\n" "$1"; read -r key', "teleterm", "{}"),
    ("xterm", "-e", "sh", "-c", 'printf "%s\\n" "$1"; read -r key', "teleterm", "{}"),
)
"""Programs that can show a sentence: the stub itself has no window."""
WRONG_SYSTEM = "This file is for another kind of computer than this one. Download the one for it."


class Slice(io.RawIOBase):
    """A part of a file, read from its beginning to its end."""

    def __init__(self, path: Path, start: int, length: int) -> None:
        super().__init__()
        self._file = path.open("rb")
        self._file.seek(start)
        self._left = length

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: "Buffer", /) -> int:
        """Read on."""
        view = memoryview(buffer).cast("B")
        data = self._file.read(min(len(view), self._left))
        view[: len(data)] = data
        self._left -= len(data)
        return len(data)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


def main(argv: list[str]) -> int:
    """Install and start; gives the exit status when there is nothing to start."""
    os.umask(0o077)
    try:
        found = footer.find(Path(sys.executable))
        payload = firstrun.Payload(
            version=found.version,
            unpacked_bytes=found.unpacked,
            open_it=lambda: _open_checked(Path(sys.executable), found),
        )
        place = firstrun.choose(data_folder(), payload)
        return start(place, argv)
    except TeletermError as error:
        return refuse(f"{error.message}{' ' + error.hint if error.hint else ''}")
    except footer.NoPayload as error:
        return refuse(f"This program can't be installed: {error}.")
    except OSError as error:
        if error.errno == errno.ENOEXEC:
            return refuse(WRONG_SYSTEM)
        return refuse(f"Can't start the installed program: {error.strerror or error}.")


def data_folder() -> Path:
    """Where trees are installed: as the tree itself finds it.

    Raises: BadInput when TELETERM_HOME is not an absolute path.
    """
    return dirs.find().data


def _open_checked(path: Path, found: "footer.Footer") -> io.BufferedReader:
    """The payload, once its bytes were compared with the footer's digest."""
    import hashlib

    from teleterm.main.install import tree

    with Slice(path, found.offset, found.length) as part:
        if hashlib.file_digest(part, "sha256").digest() != found.sha256:
            raise tree.Damaged("The download is damaged.", hint="Download the file again.")
    return io.BufferedReader(Slice(path, found.offset, found.length), 1024 * 1024)


def start(place: Path, argv: list[str]) -> int:
    """Become the tree's program; for a window start it and leave: nothing of ours stays."""
    name = "tsh" if Path(sys.argv[0]).name.startswith("tsh") else "teleterm"
    env = clean_environment()
    if sys.platform == "win32":
        program = str(place / f"{name}.exe")
        return os.spawnve(os.P_WAIT, program, [program, *argv], env)  # noqa: S606 - our own tree
    else:
        program = str(place / name)
        if name == "teleterm" and is_window(argv):
            os.posix_spawn(program, [program, *argv], env, setsid=True)
            return 0
        os.execve(program, [program, *argv], env)  # noqa: S606 - our own tree


def is_window(argv: list[str]) -> bool:
    """Whether a window is asked for and can be shown."""
    wanted = not argv or argv[0] in {"--demo", "ssh", "link"} or argv[0].startswith("teleport://")
    return has_display() and wanted


def has_display() -> bool:
    """Whether there is a desktop to show something on."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def clean_environment() -> dict[str, str]:
    """The user's environment: nothing of this bootloader's reaches the tree."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("_PYI_")}
    original = env.pop("LD_LIBRARY_PATH_ORIG", None)
    if original is not None:
        env["LD_LIBRARY_PATH"] = original
    elif env.get("LD_LIBRARY_PATH") == sys.prefix:
        del env["LD_LIBRARY_PATH"]
    env["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
    return env


def refuse(text: str) -> int:
    """Say it on the terminal, and in a dialog of the desktop where nobody reads a terminal."""
    sys.stderr.write(f"teleterm: {text}\n")
    if sys.platform == "linux" and has_display() and not sys.stderr.isatty():
        show(text)
    return EXIT_FAILED


if sys.platform == "linux":

    def show(text: str) -> None:
        """Show a sentence with the first program of the desktop that can."""
        import shutil

        for name, *arguments in DIALOGS:
            path = shutil.which(name)
            if path:
                filled = [one.replace("{}", text) for one in arguments]
                own = [
                    (os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(3)
                ]  # who reads what we say shouldn't wait for the dialog
                os.posix_spawn(path, [name, *filled], clean_environment(), file_actions=own)
                return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

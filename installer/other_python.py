"""Building with another Python than the one that builds: in an environment made for this once."""

import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
OPTION = "--python"


def build(python: Path, argv: list[str]) -> int:
    """Make an environment of `python` with what pins.txt names, and build in it.

    Shape: `argv` is what build.py was given; `--python` itself isn't handed on.
    Gives: the exit status of the build.
    """
    with tempfile.TemporaryDirectory(prefix="teleterm-python-") as folder:
        made = str(Path(folder) / "bin" / "python")
        pip = [made, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        commands = (
            [str(python), "-m", "venv", folder],
            [*pip, "--only-binary", ":all:", "-r", str(HERE / "pins.txt")],
            [made, str(HERE / "build.py"), *without_option(argv)],
        )
        for command in commands:
            done = subprocess.run(command, check=False)
            if done.returncode:
                return done.returncode
    return 0


def without_option(argv: list[str]) -> list[str]:
    """The arguments but `--python` and its value."""
    kept = [one for one in argv if not one.startswith(f"{OPTION}=")]
    if OPTION in kept:
        place = kept.index(OPTION)
        del kept[place : place + 2]
    return kept

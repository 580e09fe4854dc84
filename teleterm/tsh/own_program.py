"""How other programs start this one."""

import os
from collections.abc import Sequence
from pathlib import Path


def words(argv0: str, python: str) -> Sequence[str]:
    """The command and its first arguments: by its own file, or as a module of Python."""
    if Path(argv0).name == "__main__.py":
        return (python, "-m", "teleterm.tsh")
    return (os.path.abspath(argv0),)  # noqa: PTH100  # links stay: they may be what is updated

"""New files for the person, in the downloads folder and never over a file that is there."""

import os
import re
from pathlib import Path

MAX_NAME = 100
MAX_TRIES = 1000


def folder(home: Path) -> Path:
    """Where a person looks for what a program gave them."""
    downloads = home / "Downloads"
    return downloads if downloads.is_dir() else home


def plain(name: str) -> str:
    """A name without what could lead elsewhere or hide what it is."""
    kept = re.sub(r"[^\w .@()-]+", " ", name).strip(" .")
    return kept[:MAX_NAME].strip(" .") or "terminal"


def create(home: Path, name: str, suffix: str) -> tuple[Path, int]:
    """Make a new file named like this and give where it is and a descriptor to write to.

    Raises: OSError when it can't be made; FileExistsError when too many have the name.
    """
    stem = plain(name)
    for number in range(MAX_TRIES):
        path = folder(home) / (f"{stem} ({number}){suffix}" if number else f"{stem}{suffix}")
        try:
            return path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
    raise FileExistsError(f"{folder(home)} has too many files named {stem}.")

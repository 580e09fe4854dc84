"""Whether a file is still the one that was looked at."""

import os


def of(path: str | os.PathLike[str]) -> tuple[int, int]:
    """When a file was changed (ns) and its size; zeros for a file that isn't there."""
    try:
        found = os.stat(path)  # noqa: PTH116 - pathlib is heavy, and this is on the start's path
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size

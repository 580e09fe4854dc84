"""The terminal engine beside @xterm/headless: the same payloads, by turns, in one run.

    python tests/bench/engine_peer.py

The package comes from npm once, into a folder of the user's cache.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import platformdirs

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from teleterm.terminal.cli.payloads import PAYLOADS  # noqa: E402 - the path comes first
from teleterm.terminal.engine import Engine  # noqa: E402

PACKAGE = "@xterm/headless@6.0.0"
SIZES = ((80, 24), (200, 50))
BYTES = 4_000_000
CHUNK = 65_536
TURNS = 3
PASSES = 3
"""In one process: the first ones let the peer compile itself, the best one counts."""


class NoPeerError(Exception):
    """The peer can't be had; the text says why."""


def folder_with_peer() -> Path:
    """The folder that the package is installed in, installing it the first time.

    Raises: NoPeerError.
    """
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise NoPeerError("there is no node with npm here")
    folder = Path(platformdirs.user_cache_dir("teleterm-bench")) / "xterm-headless-6.0.0"
    if not (folder / "node_modules" / "@xterm" / "headless" / "package.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            subprocess.run(
                [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder), PACKAGE],
                check=True, capture_output=True, timeout=180,
            )  # fmt: skip
        except (subprocess.SubprocessError, OSError) as error:
            raise NoPeerError(f"npm couldn't install {PACKAGE}") from error
    return folder


def our_seconds(data: bytes, cols: int, rows: int) -> float:
    """Processor time of the engine: the best of some passes."""
    best = float("inf")
    for _ in range(PASSES):
        engine = Engine(cols, rows)
        start = time.process_time()
        for at in range(0, len(data), CHUNK):
            engine.feed(data[at : at + CHUNK])
        best = min(best, time.process_time() - start)
    return best


def their_seconds(folder: Path, file: Path, cols: int, rows: int) -> float:
    """Processor time of the peer: the best of some passes in one process."""
    script = Path(__file__).with_suffix(".mjs")
    ran = subprocess.run(
        ["node", str(script), str(folder), str(file), str(cols), str(rows), str(PASSES)],
        check=True, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    return min(map(float, ran.stdout.split()))


def report() -> Iterator[str]:
    """A line for each payload and size; one that says so if there is no peer."""
    try:
        folder = folder_with_peer()
    except NoPeerError as error:
        yield f"beside xterm.js: not measured ({error})"
        return
    with tempfile.TemporaryDirectory(prefix="tt-") as place:
        file = Path(place) / "payload"
        for cols, rows in SIZES:
            for name, make in PAYLOADS.items():
                data = make(BYTES, cols, rows)
                file.write_bytes(data)
                ratios = []
                ours = theirs = float("inf")
                for _ in range(TURNS):
                    here = our_seconds(data, cols, rows)
                    there = their_seconds(folder, file, cols, rows)
                    ratios.append(there / here)
                    ours, theirs = min(ours, here), min(theirs, there)
                size = len(data) / 1e6
                yield (
                    f"{name:15} {cols}x{rows}: {statistics.median(ratios):5.2f} times xterm.js"
                    f" ({min(ratios):.2f}-{max(ratios):.2f};"
                    f" {size / ours:.1f} and {size / theirs:.1f} MB/s)"
                )


if __name__ == "__main__":
    for line in report():
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

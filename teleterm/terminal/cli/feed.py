"""`feed`: the screen after the bytes on standard input."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from teleterm.terminal.dump import json_of_screen, text_of_screen
from teleterm.terminal.engine import Engine

_CHUNK_BYTES = 65_536
_RESIZE = re.compile(r"(\d+):(\d+)x(\d+)\Z")

_Resize = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Fed:
    """How much was fed, and the seconds that feeding alone took."""

    bytes: int
    wall: float
    cpu: float


def parse_resize(text: str) -> _Resize:
    """Read OFFSET:COLSxROWS."""
    found = _RESIZE.match(text)
    if found is None:
        raise argparse.ArgumentTypeError(f'"{text}" isn\'t OFFSET:COLSxROWS, like 120:80x24')
    return int(found[1]), size_in_cells(found[2]), size_in_cells(found[3])


def size_in_cells(text: str) -> int:
    """Read a number of columns or rows.

    Raises: argparse.ArgumentTypeError when a terminal can't have so few or many.
    """
    if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 4 and 1 <= int(text) <= 2000):
        raise argparse.ArgumentTypeError(f'"{text}" isn\'t a number from 1 to 2000')
    return int(text)


def line_limit(text: str) -> int:
    """Read how many lines to keep.

    Raises: argparse.ArgumentTypeError when it isn't a number, or below 0.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise argparse.ArgumentTypeError(f'"{text}" isn\'t a number of lines')
    return int(text)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the flags."""
    parser.add_argument("--cols", type=size_in_cells, default=80)
    parser.add_argument("--rows", type=size_in_cells, default=24)
    parser.add_argument("--scrollback", type=line_limit, default=10_000)
    parser.add_argument(
        "--resize", type=parse_resize, action="append", default=[], metavar="OFFSET:COLSxROWS"
    )
    parser.add_argument("--replies", type=Path, metavar="FILE")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--timing", action="store_true")


def main(options: argparse.Namespace) -> int:
    """Feed standard input, and print the screen."""
    engine = Engine(options.cols, options.rows, scrollback=options.scrollback)
    try:
        with Path(options.replies or os.devnull).open("wb") as replies:
            fed = feed(engine, sys.stdin.buffer.read, options.resize, replies.write)
    except OSError as error:
        reason = error.strerror or error
        sys.stderr.write(f'Can\'t write the replies to "{options.replies}": {reason}.\n')
        return 2
    shown = json_of_screen(engine) + "\n" if options.format == "json" else text_of_screen(engine)
    sys.stdout.buffer.write(shown.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()
    if options.timing:
        sys.stderr.write(json.dumps(asdict(fed) | {"rss_kb": resident_kb()}) + "\n")
    return 0


def feed(
    engine: Engine,
    read: Callable[[int], bytes],
    resizes: list[_Resize],
    reply: Callable[[bytes], object],
) -> Fed:
    """Feed what `read` gives in pieces, resizing where told; `reply` gets the answers.

    Only one piece is held at a time, however much comes. Reading isn't timed.
    """
    at = 0
    wall = cpu = 0.0
    left = sorted(resizes)
    while True:
        room = min(left[0][0] - at, _CHUNK_BYTES) if left else _CHUNK_BYTES
        piece = read(room) if room > 0 else b""
        is_at_end = room > 0 and not piece
        started = time.perf_counter(), time.process_time()
        if piece:
            engine.feed(piece)
            reply(engine.take_replies())
            engine.take_events()
            at += len(piece)
        while left and (is_at_end or left[0][0] <= at):
            _, cols, rows = left.pop(0)
            engine.resize(cols, rows)
        wall += time.perf_counter() - started[0]
        cpu += time.process_time() - started[1]
        if is_at_end:
            return Fed(at, wall, cpu)


def resident_kb() -> int:
    """Give the memory this process holds, in KiB; 0 where that can't be known."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    return 0

"""`feed`: the screen after the bytes on standard input."""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from pathlib import Path

from teleterm.terminal.dump import json_of_screen, text_of_screen
from teleterm.terminal.engine import Engine

_CHUNK_BYTES = 65_536
_RESIZE = re.compile(r"(\d+):(\d+)x(\d+)\Z")

_Resize = tuple[int, int, int]


def parse_resize(text: str) -> _Resize:
    """Read OFFSET:COLSxROWS."""
    found = _RESIZE.match(text)
    if found is None:
        raise argparse.ArgumentTypeError(f'"{text}" isn\'t OFFSET:COLSxROWS, like 120:80x24')
    return int(found[1]), int(found[2]), int(found[3])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the flags."""
    parser.add_argument("--cols", type=int, default=80)
    parser.add_argument("--rows", type=int, default=24)
    parser.add_argument("--scrollback", type=int, default=10_000)
    parser.add_argument(
        "--resize", type=parse_resize, action="append", default=[], metavar="OFFSET:COLSxROWS"
    )
    parser.add_argument("--replies", type=Path, metavar="FILE")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--timing", action="store_true")


def main(options: argparse.Namespace) -> int:
    """Feed standard input, and print the screen."""
    data = sys.stdin.buffer.read()
    engine = Engine(options.cols, options.rows, scrollback=options.scrollback)
    wall, cpu = time.perf_counter(), time.process_time()
    replies = feed(engine, data, options.resize)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    if options.replies is not None:
        Path(options.replies).write_bytes(replies)
    shown = json_of_screen(engine) + "\n" if options.format == "json" else text_of_screen(engine)
    sys.stdout.buffer.write(shown.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()
    if options.timing:
        measured = {"bytes": len(data), "wall": wall, "cpu": cpu, "rss_kb": resident_kb()}
        sys.stderr.write(json.dumps(measured) + "\n")
    return 0


def feed(engine: Engine, data: bytes, resizes: list[_Resize]) -> bytes:
    """Feed `data` in pieces, resizing where told; gives the replies."""
    replies = bytearray()
    at = 0
    for offset, cols, rows in [*sorted(resizes), (len(data), 0, 0)]:
        end = min(offset, len(data))
        while at < end:
            engine.feed(data[at : min(at + _CHUNK_BYTES, end)])
            replies += engine.take_replies()
            at = min(at + _CHUNK_BYTES, end)
        if cols:
            engine.resize(cols, rows)
    return bytes(replies)


def resident_kb() -> int:
    """Give the memory this process holds, in KiB; 0 where that can't be known."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    return 0

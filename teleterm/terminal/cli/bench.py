"""`bench`: the engine's pace on the standard payloads, beside pyte in the same run."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

import pyte

from teleterm.terminal.cli.payloads import PAYLOADS
from teleterm.terminal.engine import Engine

_CHUNK_BYTES = 65_536
_OURS_BYTES = 2_000_000
_PYTE_BYTES = 60_000
_REPEATS = 3
_SIZES = ((80, 24), (200, 50))


@dataclass(frozen=True, slots=True)
class Measured:
    """Bytes a second of processor time for one payload."""

    payload: str
    cols: int
    rows: int
    engine_rate: float
    pyte_rate: float

    @property
    def ratio(self) -> float:
        """How many times pyte's pace."""
        return self.engine_rate / self.pyte_rate


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Define the flags."""
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", choices=sorted(PAYLOADS))


def main(options: argparse.Namespace) -> int:
    """Measure and print."""
    for cols, rows in _SIZES:
        for name in PAYLOADS:
            if options.only not in (None, name):
                continue
            measured = measure(name, cols, rows)
            if options.json:
                row = asdict(measured) | {"ratio": measured.ratio}
                sys.stdout.write(json.dumps(row) + "\n")
            else:
                sys.stdout.write(
                    f"{name:15} {cols}x{rows}: {measured.engine_rate / 1e6:7.2f} MB/s, "
                    f"{measured.ratio:6.1f} times pyte\n"
                )
            sys.stdout.flush()
    return 0


def measure(name: str, cols: int, rows: int) -> Measured:
    """Time one payload in one size: the best of a few runs for the engine, one for pyte."""
    ours = PAYLOADS[name](_OURS_BYTES, cols, rows)
    theirs = PAYLOADS[name](_PYTE_BYTES, cols, rows)
    screen = pyte.HistoryScreen(cols, rows, history=10_000)
    stream = pyte.ByteStream(screen)
    pyte_rate = _rate(stream.feed, theirs)
    engine_rate = max(_rate(Engine(cols, rows).feed, ours) for _ in range(_REPEATS))
    return Measured(name, cols, rows, engine_rate, pyte_rate)


def _rate(feed: Callable[[bytes], None], data: bytes) -> float:
    start = time.process_time()
    for at in range(0, len(data), _CHUNK_BYTES):
        feed(data[at : at + _CHUNK_BYTES])
    return len(data) / max(time.process_time() - start, 1e-9)

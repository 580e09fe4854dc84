"""Seconds a megabyte of what a hostile program may write; the goal is 2 at 80x24.

python tests/bench/engine_hostile.py [name of a case]…
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from teleterm.terminal.engine import Engine  # noqa: E402 - the path comes first
from tests.support import hostile  # noqa: E402

SIZES = ((80, 24), (200, 50))
BYTES = 60_000
WORST = 5
GOAL_S = 2.0


def seconds_a_megabyte(name: str, cols: int, rows: int) -> float:
    """Processor time for one case."""
    data = hostile.make(name, BYTES)
    engine = Engine(cols, rows)
    start = time.process_time()
    engine.feed(data)
    return (time.process_time() - start) * 1e6 / len(data)


def report(names: list[str]) -> Iterator[str]:
    """A line for each size: how many cases are over the goal, and the slowest."""
    for cols, rows in SIZES:
        found = sorted((seconds_a_megabyte(name, cols, rows), name) for name in names)[::-1]
        over = sum(seconds > GOAL_S for seconds, _ in found)
        worst = ", ".join(f"{name} {seconds:.1f}" for seconds, name in found[:WORST])
        yield (
            f"hostile input {cols}x{rows}: {over} of {len(found)} cases over {GOAL_S:.0f} s a MB;"
            f" slowest: {worst}"
        )


def everything() -> list[str]:
    """The names of all cases."""
    return [*hostile.CASES, *hostile.BYTES]


if __name__ == "__main__":
    for line in report(sys.argv[1:] or everything()):
        sys.stdout.write(line + "\n")

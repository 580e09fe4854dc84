"""Starts of the packed program as ratios: `BUNDLE_DIR=dist python tests/bench/bundle.py`.

Peers in the same run, by turns: a bare Python, and the same window started from the checkout.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from tests.support.bundle import clean_environment, end_all, mains  # noqa: E402 - as above
from tests.support.person import LogReader  # noqa: E402
from tests.support.shell_home import home_with_a_shell  # noqa: E402

RUNS = 9
PAINTED = r"(\S+ \S+),(\d{3}) INFO ui: ui: painted first prompt"
READY = r"(\S+ \S+),(\d{3}) INFO ui: ui: window ready"


def main() -> int:
    """Install once, then start by turns."""
    out = Path(os.environ["BUNDLE_DIR"]).resolve()
    single = next(out.glob("teleterm-*.tar.xz"))
    single = single.with_name(single.name.removesuffix(".tar.xz"))
    with tempfile.TemporaryDirectory(prefix="tt-") as place:
        packed = home_with_a_shell(Path(place) / "p")
        plain = home_with_a_shell(Path(place) / "c")
        first = seconds(lambda: quietly(packed, str(single), "version"))
        say(f"first run of the single file: {first:.2f} s")
        current = packed / "data" / "current"
        tell_commands(packed, current, single)
        if os.environ.get("DISPLAY"):
            tell_windows(packed, [str(current / "teleterm")], plain)
    return 0


def tell_commands(home: Path, current: Path, single: Path) -> None:
    """`tsh version` from the tree and through the single file."""
    link = home / "tsh"
    link.symlink_to(single)
    kinds = {
        "python -c pass": [sys.executable, "-I", "-c", "pass"],
        "tsh version, tree": [str(current / "tsh"), "version", "--client"],
        "tsh version, single file": [str(link), "version", "--client"],
    }
    taken: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(RUNS):
        for name, argv in kinds.items():
            taken[name].append(seconds(partial(quietly, home, *argv)))
    bare = statistics.median(taken["python -c pass"])
    for name, found in taken.items():
        middle = statistics.median(found)
        spread = f"{min(found):.4f}-{max(found):.4f}"
        say(f"{name}: {middle / bare:.1f} x bare ({middle:.4f} s, {spread})")


def tell_windows(packed: Path, program: list[str], plain: Path) -> None:
    """The window's two moments, from the tree and from the checkout."""
    kinds = {"checkout": (plain, [sys.executable, "-m", "teleterm"]), "tree": (packed, program)}
    moments: dict[str, list[tuple[float, float]]] = {name: [] for name in kinds}
    bare = []
    for turn in range(RUNS + 2):
        bare.append(seconds(partial(quietly, packed, sys.executable, "-I", "-c", "pass")))
        for name, (home, argv) in kinds.items():
            found = start(home, argv)
            if turn >= 2:
                moments[name].append(found)
    base = statistics.median(bare)
    say(f"python -c pass: {base:.4f} s")
    for place, moment in enumerate(("first prompt painted", "window ready")):
        middles = {}
        for name, pairs in moments.items():
            taken = [pair[place] for pair in pairs]
            middles[name] = statistics.median(taken)
            say(
                f"{moment}, {name}: {middles[name] / base:.1f} x bare"
                f" ({middles[name]:.3f} s, {min(taken):.3f}-{max(taken):.3f})"
            )
        say(f"{moment}: the tree takes {1000 * (middles['tree'] - middles['checkout']):+.0f} ms")


def start(home: Path, argv: list[str]) -> tuple[float, float]:
    """Seconds to the first painted prompt and to the window's being ready, by its own clock."""
    log = home / "state" / "logs" / "main.log"
    log.unlink(missing_ok=True)
    env = clean_environment(home, UI_TRACE="")
    if argv[0] == sys.executable:
        env["PYTHONPATH"] = str(REPOSITORY)
    begun = time.time()
    process = subprocess.Popen(argv, env=env, cwd="/", start_new_session=True)
    reader = LogReader(log)
    moments = [stamp(reader, pattern) - begun for pattern in (PAINTED, READY)]
    reader.wait_for("ui: layout saved with a shell in front")
    process.terminate()
    process.wait(timeout=30)
    if mains(home):
        end_all(home)
    return moments[0], moments[1]


def stamp(reader: LogReader, pattern: str) -> float:
    """The moment a line of the log was written."""
    found = reader.wait_for(pattern)
    day = datetime.strptime(found[1], "%Y-%m-%d %H:%M:%S").astimezone()
    return day.timestamp() + int(found[2]) / 1000


def seconds(action: Callable[[], None]) -> float:
    """How long `action` takes, wall clock."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def quietly(home: Path, *argv: str) -> None:
    """Run to the end."""
    subprocess.run(argv, env=clean_environment(home), check=True, capture_output=True, timeout=60)


def say(line: str) -> None:
    """One line of the report."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())

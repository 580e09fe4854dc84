"""The window beside a flood: how late its timers come, and how long a busy screen takes to paint.

    python tests/bench/painting.py

One process has the window, as in the program; the flood comes through a real pty host.
"""

import statistics
import subprocess
import sys
import tempfile
import time
import tkinter as tk
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from teleterm.ptyhost.paints import paint_of  # noqa: E402 - the path comes first
from teleterm.terminal.cli.payloads import full_screen, log_lines  # noqa: E402
from teleterm.terminal.engine import Engine  # noqa: E402
from teleterm.ui.terminal.coloring import Coloring  # noqa: E402
from teleterm.ui.terminal.painter import Painter  # noqa: E402
from tests.bench.engine_peer import NoPeerError, folder_with_peer  # noqa: E402
from tests.support.display import display  # noqa: E402
from tests.support.terminal_stage import Stage, make_behaviour, stage  # noqa: E402

TICK_MS = 5
FLOOD_S = 6.0
FRAMES = 60
LINES = 10_000

_OURS = """
import sys
from teleterm.terminal.engine import Engine
def resident():
    for line in open("/proc/self/status"):
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
data = open(sys.argv[1], "rb").read()
engine = Engine(80, 24, scrollback=10_000)
engine.feed(b"a")
before = resident()
for at in range(0, len(data), 65536):
    engine.feed(data[at : at + 65536])
print(before, resident())
"""
_THEIRS = """
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
const [folder, file] = process.argv.slice(2);
const { Terminal } = createRequire(folder + "/")("@xterm/headless");
const terminal = new Terminal({ cols: 80, rows: 24, scrollback: 10000, allowProposedApi: true });
const data = readFileSync(file);
await new Promise((done) => terminal.write("a", done));
global.gc();
const before = process.memoryUsage().rss;
for (let at = 0; at < data.length; at += 65536) {
  await new Promise((done) => terminal.write(data.subarray(at, at + 65536), done));
}
global.gc();
console.log(before / 1024, process.memoryUsage().rss / 1024, terminal.buffer.active.length);
"""


def report() -> Iterator[str]:
    """A line for each flood, one for painting, one for the memory of the scrollback."""
    with display("1280x800"):
        for name, command in (
            ("lines", "yes 'the same line again and again and again'"),
            ("redraws", "while :; do cat {payload}; done"),
        ):
            yield from _lateness(name, command)
        yield _painting()
    yield _memory()


def _lateness(name: str, command: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="tt-") as place:
        payload = Path(place) / "payload"
        payload.write_bytes(full_screen(2_000_000, 80, 24))
        with stage(Path(place)) as shown:
            shown.opens("/bin/sh", "-c", command.format(payload=payload))
            shown.until(lambda: shown.view.text().strip())
            late = _timer(shown)
    p50, p99 = statistics.median(late), statistics.quantiles(late, n=100)[98]
    yield (
        f"timer of {TICK_MS} ms beside a flood of {name}: {p50:.1f} ms late in the median,"
        f" {p99:.1f} at p99 (goal 40; {len(late)} ticks)"
    )


def _timer(shown: Stage) -> list[float]:
    late: list[float] = []
    ends_at = time.perf_counter() + FLOOD_S

    def tick(due: float) -> None:
        now = time.perf_counter()
        late.append((now - due) * 1000)
        if now < ends_at:
            shown.root.after(TICK_MS, tick, now + TICK_MS / 1000)

    shown.root.after(TICK_MS, tick, time.perf_counter() + TICK_MS / 1000)
    while time.perf_counter() < ends_at:
        shown.root.tk.dooneevent(0)
    return late


def _painting() -> str:
    """From a frame in which every row is new to the moment the display has it."""
    engine = Engine(80, 24)
    data = full_screen(400_000, 80, 24)
    step = len(data) // FRAMES
    taken: list[float] = []
    rows = 0
    with tempfile.TemporaryDirectory(prefix="tt-") as place, stage(Path(place)) as shown:
        canvas = tk.Canvas(shown.root, width=800, height=440)
        canvas.place(x=0, y=0)
        behaviour = make_behaviour()
        done: list[int] = []
        painter = Painter(
            canvas,
            shown.view.faces,
            Coloring(behaviour.colors, behaviour.minimum_contrast),
            done.append,
        )
        for number in range(FRAMES):
            engine.feed(data[number * step : (number + 1) * step])
            paint = paint_of(engine.frame(full=number == 0), number)
            start = time.perf_counter()
            painter.show(paint)
            shown.until(lambda number=number: number in done)  # type: ignore[misc]
            canvas.winfo_pointerx()  # a question that the display answers after it has drawn
            taken.append((time.perf_counter() - start) * 1000)
            rows = len(paint.changed)
    return (
        f"busy 80x24 painted: {statistics.median(taken):.1f} ms in the median,"
        f" {max(taken):.1f} at most (goal 10; {rows} rows new in the last frame)"
    )


def _memory() -> str:
    with tempfile.TemporaryDirectory(prefix="tt-") as place:
        file = Path(place) / "lines"
        data = log_lines(LINES * 90, 80, 24).split(b"\r\n")[:LINES]
        file.write_bytes(b"\r\n".join(data))
        before, after = map(int, _printed([sys.executable, "-c", _OURS, str(file)]).split())
        ours = (
            f"{LINES} lines kept: {after / 1024:.0f} MB resident, {after - before} KB of it lines"
        )
        try:
            folder = folder_with_peer()
        except NoPeerError as error:
            return f"{ours}; beside xterm.js: not measured ({error})"
        script = Path(place) / "theirs.mjs"
        script.write_text(_THEIRS)
        words = _printed(["node", "--expose-gc", str(script), str(folder), str(file)]).split()
        base, full = float(words[0]), float(words[1])
    return (
        f"{ours}; {after / full:.2f} and {(after - before) / (full - base):.2f} x xterm.js"
        f" ({full / 1024:.0f} MB, {full - base:.0f} KB; goal 0.33)"
    )


def _printed(argv: list[str]) -> str:
    return subprocess.run(
        argv, cwd=REPOSITORY, check=True, capture_output=True, text=True, timeout=120
    ).stdout


if __name__ == "__main__":
    for line in report():
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

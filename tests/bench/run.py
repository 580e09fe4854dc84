"""Speed and memory as ratios, each beside a named peer in the same run: `make bench`.

Nothing here passes or fails: machines are shared and noisy, so numbers are for people to read.
    OFFICIAL_TSH=/path/to/tsh   also compares our tsh with it, on the demo cluster
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from tests.support.person import LogReader, NeverSeen, teleterm  # noqa: E402 - the path comes first

RUNS = 7


def say(line: str) -> None:
    """One line of the report."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def seconds(action: Callable[[], None]) -> float:
    """How long `action` takes, wall clock."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def quietly(*argv: str, **environment: str) -> None:
    """Run a command to its end and drop what it prints."""
    subprocess.run(
        argv,
        env=os.environ | environment,
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
        timeout=60,
    )


def beside(name: str, ours: Callable[[], None], peer_name: str, peer: Callable[[], None]) -> None:
    """Time two actions by turns and print the ratio of their medians."""
    mine: list[float] = []
    theirs: list[float] = []
    for _ in range(RUNS):
        theirs.append(seconds(peer))
        mine.append(seconds(ours))
    ratio = statistics.median(mine) / statistics.median(theirs)
    say(
        f"{name}: {ratio:.2f} x {peer_name}"
        f" ({statistics.median(mine):.3f} s, {min(mine):.3f}-{max(mine):.3f};"
        f" peer {statistics.median(theirs):.3f} s, {min(theirs):.3f}-{max(theirs):.3f})"
    )


def bench_engine() -> None:
    """The terminal's throughput beside pyte."""
    quietly_run = subprocess.run(
        [sys.executable, "-m", "teleterm.terminal", "bench"],
        cwd=REPOSITORY, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    say(quietly_run.stdout.rstrip() or quietly_run.stderr.rstrip())


def home_with_a_shell(folder: Path) -> Path:
    """A state folder whose window opens with one local shell."""
    (folder / "config").mkdir(parents=True)
    (folder / "state").mkdir()
    (folder / "config" / "app_config.json").write_text('{"session.restore": "always"}')
    layout = {
        "documents": [{"kind": "shell", "title": "sh", "fields": {"shell": "/bin/sh", "cwd": "/"}}],
        "active": 0,
    }
    state = {"version": 1, "layout": layout}
    (folder / "state" / "app_state.json").write_text(json.dumps(state))
    for path in (folder, folder / "config", folder / "state"):
        path.chmod(0o700)
    return folder


def start_to_prompt() -> float:
    """Seconds from starting the program to the first painted prompt."""
    with tempfile.TemporaryDirectory(prefix="tt-") as place:
        home = home_with_a_shell(Path(place) / "h")
        start = time.perf_counter()
        with teleterm(home):
            LogReader(home / "state" / "logs" / "main.log").wait_for("ui: painted first prompt")
            return time.perf_counter() - start


def bench_start() -> None:
    """Window to first prompt painted, beside a bare interpreter."""
    bare = [seconds(lambda: quietly(sys.executable, "-c", "pass")) for _ in range(RUNS)]
    try:
        prompts = [start_to_prompt() for _ in range(RUNS)]
    except NeverSeen as error:
        say(f"start to prompt: not measured: {str(error).splitlines()[0]}")
        return
    ratio = statistics.median(prompts) / statistics.median(bare)
    say(
        f"start to prompt painted: {ratio:.1f} x python -c pass"
        f" ({statistics.median(prompts):.3f} s, {min(prompts):.3f}-{max(prompts):.3f};"
        f" bare {statistics.median(bare):.3f} s)"
    )


@contextmanager
def demo() -> Iterator[dict[str, str]]:
    """The demo cluster, as its ready line describes it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "teleterm.tsh", "demo", "start", "--format", "json"],
        cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        ready: dict[str, str] = json.loads(process.stdout.readline())
        yield ready
    finally:
        process.stdin.close()
        process.wait(timeout=30)


def bench_tsh() -> None:
    """`tsh ls` and `tsh ssh node true` beside the official program, on the demo cluster."""
    official = os.environ.get("OFFICIAL_TSH", "")
    if not official:
        say("tsh beside the official one: not measured (OFFICIAL_TSH names no program)")
        return
    from tests.support.login import login_with_tsh

    with demo() as cluster, tempfile.TemporaryDirectory(prefix="tt-") as home:
        env = {
            "TELEPORT_HOME": home,
            "SSL_CERT_FILE": cluster["ca_file"],
            "TELEPORT_TOOLS_VERSION": "off",
        }
        ours = [sys.executable, "-m", "teleterm.tsh"]
        login_with_tsh(ours, cluster, env)
        node = json.loads(json.dumps(cluster["nodes"]))[0]
        target = f"{node['logins'][0]}@{node['hostname']}"
        for name, words in (("tsh ls", ["ls"]), ("tsh ssh node true", ["ssh", target, "true"])):
            beside(
                name,
                partial(quietly, *ours, *words, **env),
                "the official tsh",
                partial(quietly, official, *words, **env),
            )


def main() -> int:
    """Run every bench."""
    say(f"Python {sys.version.split()[0]}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")
    bench_engine()
    bench_start()
    bench_tsh()
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    say(f"largest child: {peak_mb:.0f} MB resident")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Speed and memory as ratios, each beside a named peer in the same run: `make bench`.

Nothing here passes or fails: machines are shared and noisy, so numbers are for people to read.
    OFFICIAL_TSH=/path/to/tsh   also compares our tsh with it, on the demo cluster
"""

import json
import os
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from tests.bench import (  # noqa: E402 - the path comes first
    desktop,
    desktop_rdp,
    echo,
    engine_hostile,
    engine_peer,
    gateway,
    many,
    memory,
    painting,
)
from tests.support.daemon_process import running_daemon  # noqa: E402
from tests.support.demo_process import Ready, running_demo  # noqa: E402
from tests.support.login import login_with_tsh  # noqa: E402
from tests.support.person import LogReader, NeverSeen, run, teleterm  # noqa: E402
from tests.support.shell_home import home_with_a_shell  # noqa: E402

RUNS = 7
START_RUNS = 15
OFFICIAL = os.environ.get("OFFICIAL_TSH", "")
OURS = [sys.executable, "-m", "teleterm.tsh"]


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


def has_display() -> bool:
    """Whether a window can be shown."""
    return bool(os.environ.get("DISPLAY"))


def bench_engine() -> None:
    """The terminal's throughput beside pyte and xterm.js, and its time for hostile input."""
    quietly_run = subprocess.run(
        [sys.executable, "-m", "teleterm.terminal", "bench"],
        cwd=REPOSITORY, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    say(quietly_run.stdout.rstrip() or quietly_run.stderr.rstrip())
    for line in chain(engine_peer.report(), engine_hostile.report(engine_hostile.everything())):
        say(line)


PAINTED = re.compile(r"(\S+ \S+),(\d{3}) INFO ui: ui: painted first prompt")


def start_to_prompt(home: Path) -> float:
    """Seconds from starting the program to the first painted prompt, by the window's own clock.

    The line bears the time at which the display had drawn the prompt; it is written later.
    """
    log = home / "state" / "logs" / "main.log"
    log.unlink(missing_ok=True)
    start = time.time()
    with teleterm(home, UI_TRACE=""):
        reader = LogReader(log)
        painted = reader.wait_for(PAINTED.pattern)
        reader.wait_for("ui: layout saved with a shell in front")
    day = datetime.strptime(painted[1], "%Y-%m-%d %H:%M:%S").astimezone()
    return day.timestamp() + int(painted[2]) / 1000 - start


def bench_start() -> None:
    """A second start, with the shell of the last session, beside a bare interpreter."""
    bare = [seconds(lambda: quietly(sys.executable, "-c", "pass")) for _ in range(START_RUNS)]
    with tempfile.TemporaryDirectory(prefix="tt-") as place:
        home = home_with_a_shell(Path(place) / "h")
        try:
            first = start_to_prompt(home)
            prompts = [start_to_prompt(home) for _ in range(START_RUNS)]
        except NeverSeen as error:
            say(f"start to prompt: not measured: {str(error).splitlines()[0]}")
            return
    ratio = statistics.median(prompts) / statistics.median(bare)
    say(
        f"start to prompt painted: {ratio:.1f} x python -c pass"
        f" ({statistics.median(prompts):.3f} s, {min(prompts):.3f}-{max(prompts):.3f};"
        f" bare {statistics.median(bare):.4f} s; the very first start {first:.3f} s)"
    )


@contextmanager
def logged_in() -> Iterator[tuple[Ready, dict[str, str]]]:
    """A demo cluster and the environment of somebody logged in to it."""
    with running_demo() as demo, tempfile.TemporaryDirectory(prefix="tt-") as home:
        env = {
            "TELEPORT_HOME": home,
            "SSL_CERT_FILE": demo.ready.ca_file,
            "TELEPORT_TOOLS_VERSION": "off",
        }
        login_with_tsh(OURS, demo.ready, env)
        yield demo.ready, env


def bench_tsh(cluster: Ready, env: dict[str, str]) -> None:
    """Our `tsh` beside the official program: alone, and while a daemon runs."""
    _bench_commands(cluster, env, "")
    with tempfile.TemporaryDirectory(prefix="tt-") as place:
        with running_daemon(Path(place), environ=env):
            quietly(*OURS, "status", **env)  # the first command starts the warm parent
            _bench_commands(cluster, env, " beside a daemon")


def _bench_commands(cluster: Ready, env: dict[str, str], where: str) -> None:
    node = cluster.nodes[0]
    target = f"{node.logins[0]}@{node.hostname}"
    for words in (["version"], ["status"], ["ls"], ["ssh", target, "true"]):
        ours = partial(quietly, *OURS, *words, **env)
        if OFFICIAL:
            peer, name = partial(quietly, OFFICIAL, *words, **env), "the official tsh"
        else:
            peer, name = partial(quietly, sys.executable, "-c", "pass"), "python -c pass"
        beside(f"tsh {' '.join(words)}{where}", ours, name, peer)


@contextmanager
def local_proxy(tsh: list[str], env: dict[str, str]) -> Iterator[int]:
    """`tsh proxy db --tunnel` for the demo's database; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    process = subprocess.Popen(
        [*tsh, "proxy", "db", "--tunnel", f"--port={port}", "--db-user=alice",
         "--db-name=orders", "orders"],
        env=os.environ | env, cwd=REPOSITORY, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        process.stdout.readline()
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stdout.close()


def bench_gateway(env: dict[str, str]) -> None:
    """Our local database proxy beside the official one."""
    if not shutil.which("psql"):
        say("database proxy: not measured (there is no PostgreSQL here)")
        return
    measured: dict[str, tuple[float, float]] = {}
    for name, tsh in (("ours", OURS), *((("official", [OFFICIAL]),) if OFFICIAL else ())):
        with local_proxy(tsh, env) as port:
            gateway.connections_per_s(port, "alice", "orders")
            rates = [gateway.bytes_per_s(port, "alice", "orders") for _ in range(5)]
            opened = [gateway.connections_per_s(port, "alice", "orders") for _ in range(5)]
        measured[name] = (statistics.median(rates) / 1e6, statistics.median(opened))
    for place, what in enumerate(("MB a second", "connections a second")):
        ours = measured["ours"][place]
        line = f"database proxy, {what}: {ours:.1f}"
        if "official" in measured:
            theirs = measured["official"][place]
            line += f", {ours / theirs:.2f} x the official tsh proxy db ({theirs:.1f})"
        say(line)


def bench_memory_of_shells() -> None:
    """All processes with ten local shells of 10,000 lines each."""
    with tempfile.TemporaryDirectory(prefix="tt-") as place:
        marks = Path(place) / "marks"
        home = memory.home_with_tabs(Path(place) / "h", memory.shell_tabs(marks))

        def are_full() -> bool:
            return len(list(marks.glob("done.*"))) == memory.TABS

        what = f"{memory.TABS} local shells of {memory.LINES} lines"
        _measure_memory(what, home, are_full, typed=memory.FILL)


def bench_memory_of_ssh(cluster: Ready, env: dict[str, str]) -> None:
    """All processes with ten SSH tabs, the daemon and each `tsh ssh` included."""
    listed = subprocess.run(
        [*OURS, "ls", "--format=json"],
        env=os.environ | env, cwd=REPOSITORY, capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    found = json.loads(listed.stdout)
    nodes = [(one["metadata"]["name"], one["spec"]["hostname"]) for one in found]
    name = cluster.proxy.partition(":")[0]
    with tempfile.TemporaryDirectory(prefix="tt-") as place:
        tabs = memory.ssh_tabs(f"/clusters/{name}", nodes, cluster.user)
        home = memory.home_with_tabs(Path(place) / "h", tabs)
        tsh_home = home / "data" / "tsh"
        shutil.copytree(env["TELEPORT_HOME"], tsh_home, dirs_exist_ok=True)
        marks = Path(place) / "marks"
        marks.mkdir()

        def have_answered() -> bool:
            return len(list(marks.iterdir())) == memory.TABS

        _measure_memory(
            f"{memory.TABS} SSH tabs", home, have_answered,
            typed=f"touch {marks}/$$", SSL_CERT_FILE=cluster.ca_file,
        )  # fmt: skip


def _is_live(log: LogReader, count: int) -> bool:
    return log.read().count("ui: terminal live") >= count


def _measure_memory(
    what: str,
    home: Path,
    is_done: Callable[[], bool],
    typed: str = "",
    **environment: str,
) -> None:
    """Open every tab by keyboard, wait until all are as they shall be, and count."""
    with teleterm(home, **environment) as process:
        log = LogReader(home / "state" / "logs" / "main.log")
        try:
            for number in range(memory.TABS):
                memory.wait_until(
                    partial(_is_live, log, number + 1),
                    f"tab {number + 1}",
                )
                if typed:
                    run("xdotool", "type", typed)
                    run("xdotool", "key", "Return")
                run("xdotool", "key", "ctrl+Tab")
            memory.wait_until(is_done, "all tabs done")
        except memory.TooSlow as error:
            say(f"memory of {what}: not measured (waited in vain for {error})")
            return
        pids = memory.descendants(process.pid)
        say(f"memory of {what}: {memory.pss_mb(pids):.0f} MB PSS ({memory.names(pids)})")


def main() -> int:
    """Run every bench."""
    if not os.environ.get("DISPLAY"):
        say("start and memory of the window: left out (DISPLAY is not set; try xvfb-run -a)")
    if not OFFICIAL:
        say("beside the official tsh: left out (OFFICIAL_TSH names no program)")
    say(f"Python {sys.version.split()[0]}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")
    bench_engine()
    if has_display():
        bench_start()
        echo.bench()
        for line in chain(painting.report(), desktop.lines(), desktop_rdp.lines()):
            say(line)
        bench_memory_of_shells()
    with logged_in() as (cluster, env):
        bench_tsh(cluster, env)
        bench_gateway(env)
        if has_display():
            bench_memory_of_ssh(cluster, env)
    if sys.platform == "linux":
        for line in many.report():
            say(line)
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    say(f"largest child: {peak_mb:.0f} MB resident")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

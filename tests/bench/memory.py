"""Memory of the whole program, window to shells, counted as the kernel shares it out (PSS)."""

import json
import select
import time
from collections.abc import Callable, Sequence
from pathlib import Path

TABS = 10
LINES = 10_000
DEADLINE_S = 60.0


class TooSlow(Exception):
    """What was waited for did not come."""


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Look again and again until it holds.

    Raises: TooSlow.
    """
    ends_at = time.monotonic() + DEADLINE_S
    while not holds():
        if time.monotonic() > ends_at:
            raise TooSlow(what)
        select.select([], [], [], 0.05)


def descendants(pid: int) -> list[int]:
    """A process and all below it."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(words[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def pss_mb(pids: Sequence[int]) -> float:
    """Their proportional set size, in MB of 1024 KiB."""
    total_kb = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total_kb += sum(
            int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")
        )
    return total_kb / 1024


def names(pids: Sequence[int]) -> str:
    """How many processes of which name there are, for a person to judge the count by."""
    counts: dict[str, int] = {}
    for pid in pids:
        try:
            name = Path(f"/proc/{pid}/comm").read_text().strip()
        except OSError:
            continue
        counts[name] = counts.get(name, 0) + 1
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))


def home_with_tabs(folder: Path, documents: Sequence[dict[str, object]]) -> Path:
    """A state folder whose window opens with these tabs."""
    for path in (folder, folder / "config", folder / "state"):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "config" / "app_config.json").write_text('{"session.restore": "always"}')
    layout = {"documents": documents, "active": 0}
    state = {"version": 1, "layout": layout, "are_links_offered": True}
    (folder / "state" / "app_state.json").write_text(json.dumps(state))
    return folder


FILL = "./fill"
"""Typed into each local shell."""


def shell_tabs(folder: Path) -> list[dict[str, object]]:
    """Local shells in `folder`, where FILL prints the lines and leaves a mark."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    script = folder / "fill"
    line = "a line of a log as it might be, number"
    script.write_text(f"#!/bin/sh\nseq -f '{line} %.0f' {LINES}\n: > {folder}/done.$$\n")
    script.chmod(0o700)
    fields = {"shell": "/bin/sh", "cwd": str(folder)}
    return [{"kind": "shell", "title": f"sh {n}", "fields": fields} for n in range(TABS)]


def ssh_tabs(cluster: str, nodes: Sequence[tuple[str, str]], login: str) -> list[dict[str, object]]:
    """Shells on nodes (uuid and name), by turns."""
    found: list[dict[str, object]] = []
    for number in range(TABS):
        uuid, hostname = nodes[number % len(nodes)]
        uri = f"{cluster}/servers/{uuid}"
        fields = {
            "cluster": cluster,
            "server_uri": uri,
            "hostname": hostname,
            "login": login,
        }
        title = f"{login}@{hostname}"
        found.append({"kind": "ssh", "title": title, "fields": fields})
    return found

"""`~/.pg_service.conf`: one section for each database somebody logged in to.

Source: connections.md 2.5. Other sections of the file stay as they are, line for line.
"""

from collections.abc import Mapping
from pathlib import Path

from teleterm.osutil import atomic

_MODE = 0o600


def path(environ: Mapping[str, str]) -> Path:
    """Where PostgreSQL's clients look."""
    chosen = environ.get("PGSERVICEFILE", "")
    return Path(chosen) if chosen else Path.home() / ".pg_service.conf"


def remember(environ: Mapping[str, str], section: str, values: Mapping[str, str]) -> None:
    """Write or replace a section."""
    lines = _without(_lines(environ), section)
    if lines and lines[-1].strip():
        lines.append("")
    lines.append(f"[{section}]")
    lines.extend(f"{key}={value}" for key, value in values.items())
    _write(environ, lines)


def forget(environ: Mapping[str, str], section: str) -> None:
    """Remove a section; nothing happens when it isn't there."""
    before = _lines(environ)
    after = _without(before, section)
    if after != before:
        _write(environ, after)


def _lines(environ: Mapping[str, str]) -> list[str]:
    try:
        return path(environ).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []


def _write(environ: Mapping[str, str], lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    atomic.write(path(environ), text.encode(), mode=_MODE)


def _without(lines: list[str], section: str) -> list[str]:
    kept: list[str] = []
    inside = False
    for line in lines:
        if line.strip().startswith("["):
            inside = line.strip() == f"[{section}]"
        if not inside:
            kept.append(line)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept

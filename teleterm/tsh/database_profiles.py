"""`~/.pg_service.conf` and `~/.my.cnf`: one section for each database somebody logged in to.

Source: connections.md 2.5. Other sections of a file stay as they are, line for line.
"""

from collections.abc import Mapping
from pathlib import Path

from teleterm.osutil import atomic

_MODE = 0o600


def postgres_path(environ: Mapping[str, str]) -> Path:
    """Where PostgreSQL's clients look."""
    chosen = environ.get("PGSERVICEFILE", "")
    return Path(chosen) if chosen else Path.home() / ".pg_service.conf"


def mysql_path() -> Path:
    """Where MySQL's and MariaDB's clients look."""
    return Path.home() / ".my.cnf"


def remember(path: Path, section: str, values: Mapping[str, str | None]) -> None:
    """Write or replace a section; a value of None makes a key that stands alone."""
    lines = _without(_lines(path), section)
    if lines and lines[-1].strip():
        lines.append("")
    lines.append(f"[{section}]")
    lines.extend(key if value is None else f"{key}={value}" for key, value in values.items())
    _write(path, lines)


def forget(path: Path, section: str) -> None:
    """Remove a section; nothing happens when it isn't there."""
    before = _lines(path)
    after = _without(before, section)
    if after != before:
        _write(path, after)


def forget_database(environ: Mapping[str, str], section: str) -> None:
    """Remove what a login to a database left, whatever its protocol."""
    forget(postgres_path(environ), section)
    forget(mysql_path(), f"client_{section}")


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []


def _write(path: Path, lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    atomic.write(path, text.encode(), mode=_MODE)


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

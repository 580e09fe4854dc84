"""What the program remembers by itself: layout, recent, dialogs answered. Never a secret."""

import logging
import time
from pathlib import Path
from typing import TypeVar

import msgspec

from teleterm.bridge.views import DocumentView, KeptTunnelView, LayoutView, RecentView
from teleterm.model.clock import Clock
from teleterm.osutil import atomic, plain_files

_log = logging.getLogger("teleterm.main.state")
VERSION = 1
SAVE_EVERY_S = 1.0
T = TypeVar("T")


class State(msgspec.Struct, kw_only=True):
    """The whole of app_state.json."""

    version: int = VERSION
    layout: LayoutView = LayoutView()
    recent: list[RecentView] = []
    kept_tunnels: list[KeptTunnelView] = []
    colors: dict[str, str] = {}
    last_logins: dict[str, str] = {}
    palette_uses: dict[str, int] = {}
    are_links_offered: bool = False
    installation_id: str = ""


_SALVAGED: dict[str, type] = {
    "colors": dict[str, str],
    "last_logins": dict[str, str],
    "palette_uses": dict[str, int],
    "are_links_offered": bool,
    "installation_id": str,
}


class StateFile:
    """The state in memory and on disk; written at most once a second."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self.state = State()
        self.set_aside_as: Path | None = None
        self._clock = clock
        self._is_dirty = False
        self._saved_at = clock.monotonic_s() - SAVE_EVERY_S

    def load(self) -> None:
        """Read the file; one that can't be read is set aside and `set_aside_as` names it."""
        try:
            data = plain_files.read(self.path)
        except FileNotFoundError:
            return
        except OSError as error:
            _log.warning("can't read %s: %s", self.path, error)
            return
        try:
            self.state = msgspec.json.decode(data, type=State)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            _log.warning("%s is damaged: %s", self.path, error)
            self.state = _salvage(data)
            self._set_aside()
            self._is_dirty = True

    def _set_aside(self) -> None:
        """Keep the damaged file under another name, where the disk lets us."""
        place = _bad_name(self.path)
        try:
            self.path.rename(place)
        except OSError as error:
            _log.warning("can't rename %s: %s", self.path, error)
            return
        self.set_aside_as = place

    def changed(self) -> None:
        """Note that the state differs from the file."""
        self._is_dirty = True

    def save_if_due(self) -> None:
        """Write the file when something changed and the last time is a second ago."""
        if self._is_dirty and self._clock.monotonic_s() - self._saved_at >= SAVE_EVERY_S:
            self.save()

    def save(self) -> None:
        """Write the file now, if something changed; a failure is logged and tried again."""
        if not self._is_dirty:
            return
        self._saved_at = self._clock.monotonic_s()
        try:
            atomic.write(self.path, msgspec.json.format(msgspec.json.encode(self.state), indent=1))
        except OSError as error:
            _log.warning("can't write %s: %s", self.path, error)
            return
        self._is_dirty = False


def _salvage(data: bytes) -> State:
    """What of a damaged file is whole: each part on its own, so that one bad row costs one row."""
    state = State()
    try:
        raw = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return state
    for name, kind in _SALVAGED.items():
        if name in raw:
            value: object = _try(raw[name], kind)
            if value is not None:
                setattr(state, name, value)
    state.layout = _try(raw.get("layout"), LayoutView) or _layout_without_bad_tabs(raw)
    state.recent = _rows(raw.get("recent"), RecentView)
    state.kept_tunnels = _rows(raw.get("kept_tunnels"), KeptTunnelView)
    return state


def _layout_without_bad_tabs(raw: dict[str, msgspec.Raw]) -> LayoutView:
    parts = _try(raw.get("layout"), dict[str, msgspec.Raw]) or {}
    return LayoutView(
        geometry=_try(parts.get("geometry"), str) or "",
        documents=tuple(_rows(parts.get("documents"), DocumentView)),
    )


def _rows(raw: "msgspec.Raw | None", kind: type[T]) -> list[T]:
    rows = [_try(row, kind) for row in _try(raw, list[msgspec.Raw]) or []]
    return [row for row in rows if row is not None]


def _try(raw: "msgspec.Raw | None", kind: type[T]) -> T | None:
    if raw is None:
        return None
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _bad_name(path: Path) -> Path:
    stamp = time.strftime("%Y%m%d-%H%M%S")
    place = path.with_name(f"{path.name}.bad-{stamp}")
    number = 1
    while place.exists():
        number += 1
        place = path.with_name(f"{path.name}.bad-{stamp}-{number}")
    return place

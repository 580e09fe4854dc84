"""Everything that a new window needs to draw itself."""

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from teleterm import TELEPORT_VERSION, __version__
from teleterm.bridge.contract import Welcome
from teleterm.bridge.views import ClusterView, GatewayView, SettingsView, TerminalView, UpdateView
from teleterm.main.state import State

SAFE_XFT = (2, 3, 5)
"""Older libXft ends the whole program when it draws a colour emoji (ux.md 19)."""
_LIBRARY_FOLDERS = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a welcome is made of."""

    settings: SettingsView
    state: State
    clusters: tuple[ClusterView, ...]
    gateways: tuple[GatewayView, ...]
    terminals: tuple[TerminalView, ...]
    updates: dict[str, str]
    update: UpdateView
    shared_profiles: int
    is_demo: bool
    is_whole: bool
    daemon_state: Literal["starting", "ready", "gone", "failed"]


def make(parts: Parts) -> Welcome:
    """The welcome for a window."""
    return Welcome(
        settings=parts.settings,
        layout=parts.state.layout,
        clusters=parts.clusters,
        gateways=parts.gateways,
        kept_tunnels=tuple(parts.state.kept_tunnels),
        recent=tuple(parts.state.recent),
        terminals=parts.terminals,
        versions={
            "teleterm": __version__,
            "teleport": TELEPORT_VERSION,
            "python": ".".join(str(part) for part in sys.version_info[:3]),
        }
        | parts.updates,
        update=parts.update,
        shared_profiles=parts.shared_profiles,
        is_demo=parts.is_demo,
        is_whole=parts.is_whole,
        has_color_emoji_hazard=has_color_emoji_hazard(),
        daemon_state=parts.daemon_state,
    )


def has_color_emoji_hazard(folders: tuple[str, ...] = _LIBRARY_FOLDERS) -> bool:
    """Whether colour emoji may kill the window: an old libXft, or one of unknown age."""
    is_linux = sys.platform == "linux"
    return is_linux and xft_version(folders) < SAFE_XFT


def xft_version(folders: tuple[str, ...]) -> tuple[int, ...]:
    """The lowest version of libXft by the names of its files; (0,) when there is none."""
    found: list[tuple[int, ...]] = []
    for folder in folders:
        for pattern in ("libXft.so.2.*", "*-linux-gnu*/libXft.so.2.*"):
            for path in Path(folder).glob(pattern):
                match = re.search(r"\.so\.([0-9.]+)$", path.name)
                if match:
                    found.append(tuple(int(part) for part in match.group(1).split(".") if part))
    return min(found, default=(0,))

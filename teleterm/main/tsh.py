"""Which `tsh` is used, with which profile folder and environment: for the daemon and for tabs."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from teleterm.main.config.file import ConfigFile
from teleterm.osutil import env, procs

_KEPT_TELEPORT = frozenset({"TELEPORT_CDN_BASE_URL", "TELEPORT_DEBUG"})
_PROXY_NAMES = ("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tsh:
    """A `tsh` to start: its command line, its profile folder, what its environment needs.

    Shape: `ca_file` adds trusted roots (the demo cluster's); `proxy` is the setting network.proxy.
    """

    argv: tuple[str, ...]
    home: Path
    is_bundled: bool
    ca_file: str = ""
    proxy: str = "system"

    def command(self, *arguments: str) -> list[str]:
        """The command line with these arguments."""
        return [*self.argv, *arguments]

    def environment(self, environ: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment in which this `tsh` runs: only our own profile folder, no self-update."""
        source = dict(os.environ if environ is None else environ)
        for name in [n for n in source if n.startswith("TELEPORT_") and n not in _KEPT_TELEPORT]:
            del source[name]
        found = env.role_env(source) if self.is_bundled else env.foreign_env(source)
        found |= {"TELEPORT_HOME": str(self.home), "TELEPORT_TOOLS_VERSION": "off"}
        if self.is_bundled:
            found.setdefault("TELETERM_WARM", "wait")  # tabs may be opened before the daemon is up
        if self.ca_file:
            found["SSL_CERT_FILE"] = self.ca_file
        self._set_proxy(found)
        return found

    def _set_proxy(self, found: dict[str, str]) -> None:
        if self.proxy == "system":
            return
        for name in _PROXY_NAMES:
            found.pop(name, None)
        if self.proxy != "none":
            found["HTTPS_PROXY"] = self.proxy


def choose(config: ConfigFile, private_home: Path, *, ca_file: str = "") -> Tsh:
    """The `tsh` that the settings name; the bundled one when they name none."""
    path = config.text("tsh.path")
    argv = (str(Path(path).expanduser()),) if path else tuple(procs.tsh_argv())
    return Tsh(
        argv=argv,
        home=home(config, private_home),
        is_bundled=not path,
        ca_file=ca_file,
        proxy=config.text("network.proxy") or "system",
    )


def home(config: ConfigFile, private_home: Path) -> Path:
    """The profile folder that the settings name."""
    match config.text("tsh.home"):
        case "private" | "":
            return private_home
        case "shared":
            return shared_home()
        case path:
            return Path(path).expanduser()


def shared_home() -> Path:
    """The profile folder of a `tsh` that is used outside of this program."""
    return Path(os.environ.get("TELEPORT_HOME") or Path.home() / ".tsh")

"""What runs in a terminal: the window names a thing, here it becomes a command line."""

import os
import re
import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from teleterm import __version__
from teleterm.bridge.contract import (
    GatewayClientSpec,
    KubeSpec,
    ShellSpec,
    SshSpec,
    TerminalSpec,
    TshSpec,
)
from teleterm.bridge.views import ClusterView
from teleterm.main.config.file import ConfigFile
from teleterm.main.tsh import Tsh
from teleterm.model.errors import BadInput
from teleterm.model.uri import ResourceKind, parse_resource
from teleterm.osutil import env, shells

if TYPE_CHECKING:
    from teleterm.tshdclient.records import Gateway

_LOGIN = re.compile(r"[^\s@\x00-\x1f\x7f-][^\s@\x00-\x1f\x7f]{0,127}\Z")
MAX_LINE = 4096
KUBE_SCRIPT = 'printf "%s\\n%s\\n%s\\n\\n" "$1" "$2" "$3"; shift 3; exec "$@"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A program to run in a pty, complete: nothing is added to its environment later."""

    argv: tuple[str, ...]
    env: dict[str, str] = field(repr=False)
    cwd: str


class KnownClusters(Protocol):
    """What command lines need to know of clusters."""

    def find(self, uri_text: str) -> ClusterView | None:
        """The cluster that an address belongs to."""

    def web_address(self, uri_text: str) -> str:
        """The `host:port` of a root cluster's proxy."""


class KnownGateways(Protocol):
    """What command lines need to know of local proxies."""

    def command_of(self, uri: str) -> "Gateway":
        """The proxy with its client's command line; an error of ours when there is none."""

    def kube_of(self, target_uri: str) -> "Gateway":
        """The proxy of a Kubernetes cluster; an error of ours when there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What command lines are made from."""

    config: ConfigFile
    tsh: Callable[[], Tsh]
    clusters: KnownClusters
    gateways: KnownGateways
    bin_folder: Path
    """Holds our own `tsh` and `teleterm`; first on PATH in our own terminals."""


class Commands:
    """Makes command lines, and refuses whatever isn't one of the known things."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def make(self, spec: TerminalSpec) -> Command:
        """The command of a terminal.

        Raises: BadInput for a name that isn't one; Unreachable when a program is missing.
        """
        match spec:
            case SshSpec():
                return self._ssh(spec)
            case ShellSpec():
                return self._shell(spec)
            case GatewayClientSpec():
                return self._gateway_client(spec)
            case KubeSpec():
                return self._kube(spec)
            case TshSpec():
                return self._tsh(spec)

    def _ssh(self, spec: SshSpec) -> Command:
        """`TELEPORT_CLUSTER=<cluster> tsh --proxy=<root> ssh <login>@<server>`.

        Source: terminal_service.md 3.2.
        """
        server = parse_resource(spec.server_uri)
        if server.kind is not ResourceKind.SERVER or server.name.startswith("-"):
            raise BadInput("This is not a server.", field="server_uri", value=spec.server_uri)
        if not _LOGIN.match(spec.login):
            raise BadInput(f'"{spec.login}" is not a login.', field="login", value=spec.login)
        uri_text = str(server.cluster)
        tsh, config = self._places.tsh(), self._places.config
        arguments = [f"--proxy={self._places.clusters.web_address(uri_text)}", "ssh"]
        if config.flag("ssh.noResume"):
            arguments.append("--no-resume")
        if config.flag("ssh.forwardAgent"):
            arguments.append("--forward-agent")
        arguments.append(f"{spec.login}@{server.name}")
        environment = tsh.environment() | self._cluster_env(uri_text) | self._common(tsh)
        return Command(argv=tuple(tsh.command(*arguments)), env=environment, cwd=_home())

    def _tsh(self, spec: TshSpec) -> Command:
        if len(spec.line) > MAX_LINE or any(ord(sign) < 32 for sign in spec.line):
            raise BadInput("This line can't be run.", field="line", value=spec.line[:200])
        try:
            words = shlex.split(spec.line)
        except ValueError:
            raise BadInput("A quote in this line is not closed.", field="line") from None
        tsh = self._places.tsh()
        bound = self._cluster_env(spec.cluster_uri) if spec.cluster_uri else {}
        environment = tsh.environment() | bound | self._common(tsh)
        return Command(argv=tuple(tsh.command(*words)), env=environment, cwd=_home())

    def _shell(self, spec: ShellSpec) -> Command:
        config = self._places.config
        wanted = spec.shell or config.text("terminal.shell")
        argv = shells.find(wanted, custom=config.text("terminal.customShell"))
        cwd = str(Path(spec.cwd).expanduser()) if spec.cwd else _home()
        if not Path(cwd).is_dir():
            cwd = _home()
        return Command(argv=argv, env=self._shell_env(spec.cluster_uri), cwd=cwd)

    def _gateway_client(self, spec: GatewayClientSpec) -> Command:
        record = self._places.gateways.command_of(spec.gateway_uri)
        extra = dict(pair.split("=", 1) for pair in record.command_env if "=" in pair)
        environment = self._shell_env(record.target_uri) | extra
        argv = (record.command_path, *record.command_args[1:])
        return Command(argv=argv, env=environment, cwd=_home())

    def _kube(self, spec: KubeSpec) -> Command:
        """A shell with KUBECONFIG set, below three lines that say what runs.

        The lines are arguments of `sh`, not a part of its script: names come from a cluster.
        """
        record = self._places.gateways.kube_of(spec.target_uri)
        extra = dict(pair.split("=", 1) for pair in record.command_env if "=" in pair)
        shell = self._shell(ShellSpec(shell=spec.shell, cwd=spec.cwd))
        lines = (
            f"Kubernetes cluster {record.target_name}, by way of"
            f" {record.local_address}:{record.local_port}.",
            f"KUBECONFIG is {extra.get('KUBECONFIG', 'not set')}",
            "Closing this tab ends the connection.",
        )
        words = [clean(line) for line in lines]
        argv = shell.argv
        if sys.platform != "win32":
            argv = ("/bin/sh", "-c", KUBE_SCRIPT, "sh", *words, *shell.argv)
        environment = self._shell_env(str(parse_resource(spec.target_uri).cluster)) | extra
        return Command(argv=argv, env=environment, cwd=shell.cwd)

    def _shell_env(self, cluster_uri: str) -> dict[str, str]:
        tsh = self._places.tsh()
        base = env.foreign_env()
        for name in [n for n in base if n.startswith("TELEPORT_")]:
            del base[name]
        base |= {"TELEPORT_HOME": str(tsh.home), "TELEPORT_TOOLS_VERSION": "off"}
        bound = self._cluster_env(cluster_uri) if cluster_uri else {}
        extra = self._places.config.get("terminal.env")
        users = (
            {k: v for k, v in extra.items() if isinstance(v, str)}
            if isinstance(extra, dict)
            else {}
        )
        return base | bound | self._common(tsh) | users

    def _cluster_env(self, uri_text: str) -> dict[str, str]:
        """What binds a `tsh` to a cluster."""
        clusters = self._places.clusters
        found = {"TELEPORT_PROXY": clusters.web_address(uri_text)}
        view = clusters.find(uri_text)
        if view and view.name:
            found["TELEPORT_CLUSTER"] = view.name
        return found

    def _common(self, tsh: Tsh) -> dict[str, str]:
        """What every program in our terminals gets."""
        folder = str(self._places.bin_folder)
        if not tsh.is_bundled:
            folder = str(Path(tsh.argv[0]).parent)
        paths = [p for p in os.environ.get("PATH", os.defpath).split(os.pathsep) if p != folder]
        return {
            "PATH": os.pathsep.join([folder, *paths]),
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "TERM_PROGRAM": "teleterm",
            "TERM_PROGRAM_VERSION": __version__,
        } | _utf8()


def clean(line: str) -> str:
    """A line to print: what a cluster named can't move the cursor."""
    return "".join(sign if sign.isprintable() else "?" for sign in line)[:300]


def _utf8() -> dict[str, str]:
    """A UTF-8 locale where the environment names none: the terminal speaks nothing else."""
    is_set = any(os.environ.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    return {} if is_set or sys.platform == "win32" else {"LANG": "C.UTF-8"}


def _home() -> str:
    home = os.environ.get("HOME") or os.environ.get("USERPROFILE") or "/"
    return home if Path(home).is_dir() else "/"

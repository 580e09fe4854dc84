"""Terminals: main makes the command line, the window only names the thing."""

from msgspec import Struct

from teleterm.bridge.views import DocumentView


class SshSpec(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A shell on a node: `tsh --proxy=<root> ssh <login>@<server>` with TELEPORT_CLUSTER set."""

    server_uri: str
    hostname: str
    login: str


class ShellSpec(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A local shell; with `cluster_uri` bound to that cluster by its environment."""

    shell: str = ""
    cwd: str = ""
    cluster_uri: str = ""


class GatewayClientSpec(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The command-line client of a database gateway."""

    gateway_uri: str


class KubeSpec(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """A local shell whose kubectl reaches a Kubernetes cluster, through a local proxy."""

    target_uri: str
    shell: str = ""
    cwd: str = ""


class TshSpec(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """`tsh <line>` in a terminal, bound to a cluster."""

    line: str
    cluster_uri: str = ""


TerminalSpec = SshSpec | ShellSpec | GatewayClientSpec | KubeSpec | TshSpec


class OpenTerminal(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Start a terminal; the answer brings the descriptor of its frame channel along."""

    spec: TerminalSpec
    document: DocumentView
    cols: int
    rows: int


class AttachTerminal(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Take a living terminal over; the answer brings a new descriptor along."""

    terminal_id: str


class CloseTerminal(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Hang up a terminal and forget it."""

    terminal_id: str


class TerminalOpened(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The terminal lives; exactly one descriptor travels with this answer."""

    terminal_id: str


class OpenLink(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Open an address that a terminal showed and a person clicked; main checks its scheme."""

    url: str


class SaveText(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Keep a terminal's output as a new file in the downloads folder; Text tells where it is."""

    name: str
    text: str


class GetComposeTable(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The sequences of dead keys or of the Compose key that begin with the key `first`."""

    first: str


class ComposeSequence(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Keys by their X11 names, pressed one after another, and the text they make."""

    keys: tuple[str, ...]
    text: str


class ComposeTable(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """What `GetComposeTable` asked for."""

    sequences: tuple[ComposeSequence, ...]

"""What `tsh daemon start` was asked for. Light: the command line imports it before anything."""

from dataclasses import dataclass
from pathlib import Path

from teleterm.model.errors import BadInput

UNIX = "unix"
TCP = "tcp"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenAddress:
    """Where to listen: a socket's path, or host and port; `is_tls` tells whether TLS is spoken."""

    network: str
    path: str = ""
    host: str = ""
    port: int = 0
    is_tls: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DaemonOptions:
    """The options of one daemon, as its command line names them.

    Shape: `home` is the profile folder (`TELEPORT_HOME` or `~/.tsh`); `add_keys_to_agent` one of
           auto, no, yes, only.
    """

    addr: str
    certs_dir: str
    kubeconfigs_dir: str
    agents_dir: str
    installation_id: str
    home: Path
    prehog_addr: str = ""
    hardware_key_agent: bool = False
    add_keys_to_agent: str = "auto"
    insecure: bool = False
    debug: bool = False

    def check(self) -> ListenAddress:
        """Where to listen.

        Raises: BadInput when something needed is missing or the address is of no known kind.
        """
        needed = (
            ("addr", self.addr, "missing network address"),
            ("certs-dir", self.certs_dir, "missing certs directory path"),
            ("kubeconfigs-dir", self.kubeconfigs_dir, "missing kubeconfigs directory"),
            ("agents-dir", self.agents_dir, "missing agents directory"),
            ("installation-id", self.installation_id, "missing installation ID"),
        )
        for field, value, message in needed:
            if not value:
                raise BadInput(message, field=field)
        return parse_address(self.addr)


def parse_address(text: str) -> ListenAddress:
    """Read `unix://<absolute path>`, `tcp://host:port` or `host:port` (which has no TLS).

    Raises: BadInput for anything else.
    Source: terminal_service.md 3.1.
    """
    scheme, mark, rest = text.partition("://")
    if not mark:
        scheme, rest = TCP, text
    if scheme == UNIX:
        if not rest.startswith("/"):
            raise BadInput(
                f'"{text}" is no address to listen on: the socket\'s path must be absolute.',
                field="addr",
                value=text,
            )
        return ListenAddress(network=UNIX, path=rest)
    host, _, port = rest.rpartition(":")
    if scheme != TCP or not port.isdigit() or int(port) > 65535:
        raise BadInput(
            f'"{text}" is no address to listen on: give unix://<path> or tcp://<host>:<port>.',
            field="addr",
            value=text,
        )
    return ListenAddress(
        network=TCP, host=host.strip("[]") or "localhost", port=int(port), is_tls=bool(mark)
    )

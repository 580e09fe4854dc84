"""A connection to the daemon and the events service beside it: Unix sockets, or TCP with TLS.

Over TCP each side makes a key pair at each start; the keys stay in memory, the certificates go
through files of a shared folder and each side accepts exactly the other's.
Source: terminal_service.md 4.2.
"""

from dataclasses import dataclass
from pathlib import Path

import grpc

from teleterm.model.errors import Unreachable
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2_grpc as pb_grpc
from teleterm.tshdclient.client import Limits, TerminalClient
from teleterm.tshdclient.events import EventsService, EventsSink

DAEMON_CERT = "tshd.crt"
WINDOW_CERT = "renderer.crt"
MAIN_CERT = "main-process.crt"
_OPTIONS: tuple[tuple[str, int | str], ...] = (("grpc.enable_http_proxy", 0),)
"""The daemon is on this computer: a proxy in the environment must not be asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPair:
    """A key that never leaves this process, and its certificate; both PEM."""

    key: bytes
    certificate: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """What TCP needs: our pair, and the folder with the daemon's certificate."""

    pair: KeyPair
    folder: Path


class Connection:
    """Both directions between this process and one daemon."""

    def __init__(self, client: TerminalClient, server: grpc.aio.Server, events: str) -> None:
        self.client = client
        self._server = server
        self._events_address = events

    async def introduce(self) -> None:
        """Tell the daemon where our events service is; it serves nothing before.

        Raises: CallFailed.
        """
        await self.client.set_events_address(self._events_address)

    async def close(self) -> None:
        """Close both directions."""
        await self.client.close()
        await self._server.stop(grace=None)


async def over_unix(
    daemon_socket: Path, events_socket: Path, sink: EventsSink, limits: Limits | None = None
) -> Connection:
    """Connect through two sockets in a folder that nobody else may enter.

    Shape:  `events_socket` must not be there yet.
    Raises: Unreachable when the events service can't listen.
    """
    server = grpc.aio.server(options=_OPTIONS)
    pb_grpc.add_TshdEventsServiceServicer_to_server(EventsService(sink), server)
    address = f"unix://{events_socket}"
    _listening(server.add_insecure_port(address))
    await server.start()
    channel = grpc.aio.insecure_channel(f"unix://{daemon_socket}", options=_OPTIONS)
    return Connection(TerminalClient(channel, limits), server, address)


def client_over_unix(daemon_socket: Path, limits: Limits | None = None) -> TerminalClient:
    """A client without an events service: for a look at a daemon that somebody else drives."""
    channel = grpc.aio.insecure_channel(f"unix://{daemon_socket}", options=_OPTIONS)
    return TerminalClient(channel, limits)


async def over_tcp(
    port: int, tls: Tls, sink: EventsSink, limits: Limits | None = None
) -> Connection:
    """Connect to `localhost:port`, each side knowing the other's certificate.

    Raises: Unreachable when the events service can't listen; OSError without the daemon's file.
    """
    daemon_cert = (tls.folder / DAEMON_CERT).read_bytes()
    server = grpc.aio.server(options=_OPTIONS)
    pb_grpc.add_TshdEventsServiceServicer_to_server(EventsService(sink), server)
    here = grpc.ssl_server_credentials(
        [(tls.pair.key, tls.pair.certificate)],
        root_certificates=daemon_cert,
        require_client_auth=True,
    )
    events_port = _listening(server.add_secure_port("localhost:0", here))
    await server.start()
    there = grpc.ssl_channel_credentials(
        root_certificates=daemon_cert,
        private_key=tls.pair.key,
        certificate_chain=tls.pair.certificate,
    )
    channel = grpc.aio.secure_channel(f"localhost:{port}", there, options=_OPTIONS)
    return Connection(TerminalClient(channel, limits), server, f"localhost:{events_port}")


def _listening(port: int) -> int:
    if not port:
        raise Unreachable("The events service can't listen on this computer.")
    return port

"""The gRPC server: where it listens, how it is taken down."""

import contextlib
import logging
import socket
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import grpc

from teleterm.model.clock import Clock
from teleterm.model.errors import BadInput, ErrorCode, Unreachable
from teleterm.osutil import locks
from teleterm.tshd import certificates
from teleterm.tshd.interceptors import ErrorBorder
from teleterm.tshd.options import UNIX, ListenAddress
from teleterm.tshd.tls_front import TlsFront

_log = logging.getLogger("teleterm.tshd.server")
MAX_STREAMS = 1000
STOP_GRACE_S = 2.0
_OPTIONS: tuple[tuple[str, int], ...] = (
    ("grpc.max_concurrent_streams", MAX_STREAMS),
    ("grpc.so_reuseport", 0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerTls:
    """What TLS over TCP needs: the daemon's pair of this start, and who may come in."""

    pair: certificates.KeyPair
    pool: certificates.ClientPool
    clock: Clock


def make() -> grpc.aio.Server:
    """A server without services or address."""
    return grpc.aio.server(interceptors=[ErrorBorder()], options=_OPTIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """A server that serves; `port` is 1 for a Unix socket, as the reference says."""

    server: grpc.aio.Server
    port: int
    socket: Path | None = None
    front: TlsFront | None = None

    async def stop(self) -> None:
        """Let calls that run end within the grace time, then cut them; the socket file goes."""
        if self.front is not None:
            self.front.close()
        await self.server.stop(STOP_GRACE_S)
        if self.socket is not None:
            self.socket.unlink(missing_ok=True)


async def listen(
    server: grpc.aio.Server, address: ListenAddress, tls: ServerTls | None
) -> Listening:
    """Bind and begin to serve.

    Raises: BadInput (already_exists) when somebody lives at the socket's path, Unreachable when the
            address can't be had.
    """
    if address.network == UNIX:
        path = Path(address.path)
        with _free_path(path):
            _bind(server, f"unix:{path}", None)
            await server.start()
        return Listening(server=server, port=1, socket=path)
    if tls is None:
        host = f"[{address.host}]" if ":" in address.host else address.host
        port = _bind(server, f"{host}:{address.port}", None)
        await server.start()
        return Listening(server=server, port=port)
    inner = certificates.make(tls.clock)
    credentials = grpc.ssl_server_credentials(
        [(inner.key, inner.certificate)],
        root_certificates=inner.certificate,
        require_client_auth=True,
    )
    behind = _bind(server, "127.0.0.1:0", credentials)
    await server.start()
    front = TlsFront(tls.pool, tls.pair, inner)
    port = await front.start(address.host, address.port, behind)
    return Listening(server=server, port=port, front=front)


def _bind(server: grpc.aio.Server, text: str, credentials: grpc.ServerCredentials | None) -> int:
    try:
        if credentials is None:
            port = server.add_insecure_port(text)
        else:
            port = server.add_secure_port(text, credentials)
    except RuntimeError as error:
        raise Unreachable(f"Can't listen on {text}.", details=str(error)) from error
    if not port:
        raise Unreachable(f"Can't listen on {text}.")
    return port


@contextlib.contextmanager
def _free_path(path: Path) -> Iterator[None]:
    """Hold the right to bind at `path`: nobody lives there, and nobody else is about to.

    A socket that a killed daemon left is removed; a live one, or any other file, is an error.
    """
    guard = path.with_name(f"{path.name}.lock")
    taken = BadInput(
        f"Can't listen on {path}: address already in use.",
        field="addr",
        value=str(path),
        code=ErrorCode.ALREADY_EXISTS,
    )
    try:
        lock = locks.try_take(guard)
    except OSError as error:
        raise Unreachable(f"Can't listen on {path}: {error.strerror}.") from error
    if lock is None:
        raise taken
    try:
        if _is_taken(path):
            raise taken
        yield
    finally:
        guard.unlink(missing_ok=True)
        lock.release()


def _is_taken(path: Path) -> bool:
    """Whether something else has that path; a dead socket is cleared away."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return False
    if not stat.S_ISSOCK(mode) or _answers(path):
        return True
    _log.info("removing the socket that an earlier daemon left: %s", path)
    path.unlink(missing_ok=True)
    return False


def _answers(path: Path) -> bool:
    """Whether somebody accepts connections there; where that can't be asked, it counts as yes."""
    family: int = getattr(socket, "AF_UNIX", -1)
    if family < 0:
        return True
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
        except (ConnectionRefusedError, FileNotFoundError):
            return False
        except OSError:
            return True
    return True

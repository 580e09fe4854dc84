"""The demo as a whole: makes every part, starts them behind one port, and takes them down again."""

import asyncio
import contextlib
import errno
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from teleterm.demo import inventory
from teleterm.demo.authorities import API_DOMAIN, ClusterAuthorities, TlsAuthority
from teleterm.demo.databases.engines import Engines
from teleterm.demo.desktop.sessions import Sessions, why_no_office
from teleterm.demo.factors import FactorDesk, RegisteredKey
from teleterm.demo.faults import Faults
from teleterm.demo.headless import HeadlessDesk
from teleterm.demo.inventory import LEAF, ROOT, DemoMember, DemoSettings, DemoUser, careful_user
from teleterm.demo.keeper import Keeper
from teleterm.demo.kube.listing import KubeListing
from teleterm.demo.locks import Locks
from teleterm.demo.parts import LOOPBACK, LocalServer, Parts
from teleterm.demo.requests import RequestDesk
from teleterm.demo.router import AUTH_PREFIX, PROXY_GRPC, TRANSPORT, Dial, Router
from teleterm.demo.rpc import Gate
from teleterm.demo.sessions import ActiveSessions
from teleterm.demo.streams import ByteStream
from teleterm.demo.transport import TransportService
from teleterm.model.clock import AheadClock, Clock
from teleterm.model.errors import ErrorCode, Unreachable
from teleterm.osutil import tasks

_SESSIONS_END_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What one needs to know of a demo that runs."""

    proxy: str
    ca_file: Path
    user: DemoUser
    users: tuple[DemoUser, ...]
    members: tuple[DemoMember, ...]


class DemoCluster:
    """A root and a leaf cluster on loopback: an async context manager that gives `Running`.

    Faults for tests are in `DemoSettings`; `set_gone`, `cut`, `stop_database`, `faults` and `locks`
    make some while it runs.
    """

    def __init__(
        self,
        settings: DemoSettings | None = None,
        *,
        user: DemoUser | None = None,
        clock: Clock | None = None,
        keys: Sequence[RegisteredKey] = (),
    ) -> None:
        self._settings = settings or DemoSettings()
        self._users = (user or DemoUser(), careful_user())
        self._clock = clock or AheadClock(self._settings.clock_ahead)
        self._keys = tuple(keys)
        self.locks = Locks()
        self.faults = Faults()
        self._active = ActiveSessions()
        self._gone = set(self._settings.gone_nodes)
        self.requests = RequestDesk(self._clock, self._settings.session_ttl)
        self._engines: Engines | None = None
        self._cleanup = contextlib.AsyncExitStack()
        self._connections: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Running:
        try:
            return await self._start()
        except BaseException:
            await self._cleanup.aclose()
            raise

    async def __aexit__(self, *_: object) -> None:
        await self._cleanup.aclose()

    def set_gone(self, hostname: str, *, is_gone: bool) -> None:
        """Let a node, or the leaf, be listed but out of reach, or back again."""
        (self._gone.add if is_gone else self._gone.discard)(hostname)

    def cut(self) -> None:
        """Break every connection to the port, in the middle of whatever it carries."""
        for task in self._connections:
            task.cancel()

    async def stop_database(self, protocol: str) -> None:
        """Let databases of a protocol be listed but not running."""
        if self._engines is not None:
            await self._engines.stop(protocol)

    async def _start(self) -> Running:
        folder = Path(tempfile.mkdtemp(prefix="teleterm-demo-"))
        self._cleanup.push_async_callback(Keeper(folder).stop)
        now = self._clock.now()
        engines, root_authorities, leaf_authorities = await asyncio.gather(
            self._start_engines(folder),
            asyncio.to_thread(ClusterAuthorities, ROOT, now),
            asyncio.to_thread(ClusterAuthorities, LEAF, now),
        )
        root = inventory.root_member(
            root_authorities,
            offline=engines.why_not,
            more_nodes=self._settings.more_nodes,
            asked_nodes=self._settings.asked_nodes,
            asked_databases=self._settings.asked_databases,
            asked_kubes=self._settings.asked_kubes,
            has_office=not why_no_office(),
        )
        leaf = inventory.leaf_member(leaf_authorities)
        web_authority = TlsAuthority("teleterm demo web authority", now)
        ca_file = folder / "web-ca.pem"
        ca_file.write_bytes(web_authority.pem)

        listener = await self._listen()
        proxy = f"{self._settings.host}:{listener.sockets[0].getsockname()[1]}"
        desktops = Sessions(folder)
        self._cleanup.push_async_callback(desktops.stop)
        parts = Parts(
            desktops=desktops,
            settings=self._settings,
            users=self._users,
            factors=FactorDesk(
                self._users,
                self._clock,
                allow_code_reuse=self._settings.allow_code_reuse,
                keys=self._keys,
            ),
            headless=HeadlessDesk(),
            locks=self.locks,
            clock=self._clock,
            active=self._active,
            requests=self.requests,
            gone=self._gone,
            folder=folder,
            proxy=proxy,
            root=root,
            leaf=leaf,
            web_authority=web_authority,
        )
        self._cleanup.push_async_callback(self._end_sessions)
        forwarded = await self._start_rpc(parts)
        self._router = Router(parts.routes(forwarded, engines), self.faults)
        self._cleanup.push_async_callback(self._end_connections)
        self._cleanup.callback(listener.close)
        await listener.start_serving()
        return Running(
            proxy=proxy,
            ca_file=ca_file,
            user=self._users[0],
            users=self._users,
            members=(root, leaf),
        )

    async def _listen(self) -> asyncio.Server:
        try:
            return await asyncio.start_server(
                self._accept, LOOPBACK, self._settings.port, start_serving=False
            )
        except OSError as error:
            is_taken = error.errno == errno.EADDRINUSE
            why = "is in use" if is_taken else f"can't be had: {os.strerror(error.errno or 0)}"
            raise Unreachable(
                f"Can't start the demo: port {self._settings.port} {why}.",
                code=ErrorCode.PORT_IN_USE,
                hint="Choose another with --port, or leave it out for a free one.",
            ) from None

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = tasks.spawn(self._router.serve(reader, writer), name="demo connection")
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def _start_engines(self, folder: Path) -> Engines:
        self._engines = engines = Engines(folder=folder)
        self._cleanup.push_async_callback(engines.stop)
        await engines.start(self._settings.without_engines)
        return engines

    async def _start_rpc(self, parts: Parts) -> dict[str, Dial]:
        """Start the gRPC servers; gives how to reach each, by the protocol that names it."""
        gate = Gate(self._clock, self.locks)
        forwarded: dict[str, Dial] = {}
        auth_servers: dict[str, Dial] = {}
        for member in parts.members:
            server = parts.auth_server(member, gate)
            dial = self._unless_gone(member.name, await self._serve(server))
            auth_servers[member.name] = dial
            protocol = f"{AUTH_PREFIX}{member.name.encode().hex()}.{API_DOMAIN}"
            forwarded[protocol] = dial
        transport = TransportService(
            {member.name: member for member in parts.members},
            parts.node_servers(),
            auth_servers,
            parts.desktop_services(),
            self._gone,
        )
        self._cleanup.push_async_callback(transport.close)
        server = parts.transport_server()
        transport.register(server.rpc, Gate(self._clock, self.locks, is_silent=True))
        KubeListing(parts.kube_apis()).register(server.rpc, gate)
        forwarded[TRANSPORT] = forwarded[PROXY_GRPC] = await self._serve(server)
        return forwarded

    def _unless_gone(self, name: str, dial: Dial) -> Dial:
        async def dial_member() -> ByteStream:
            if name in self._gone:
                raise ConnectionRefusedError(f"{name} is out of reach")
            return await dial()

        return dial_member

    async def _serve(self, server: LocalServer) -> Dial:
        await server.rpc.start()
        self._cleanup.push_async_callback(server.rpc.stop)
        return server.dial

    async def _end_connections(self) -> None:
        self.faults.heal()
        for task in self._connections:
            task.cancel()
        if self._connections:
            await asyncio.wait(self._connections)

    async def _end_sessions(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._active.wait_until_none(), _SESSIONS_END_S)

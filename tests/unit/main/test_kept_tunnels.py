import asyncio
from datetime import UTC, datetime
from pathlib import Path

from teleterm.bridge.contract import (
    CreateGateway,
    Done,
    Event,
    Failed,
    GatewayReady,
    KeepTunnel,
    Reply,
)
from teleterm.bridge.views import GatewayView
from teleterm.main.desk import Refusal
from teleterm.main.kept_tunnels import Hooks, KeptTunnels
from teleterm.main.state import StateFile
from teleterm.model.clock import ManualClock

ORDERS = "/clusters/prod/dbs/orders"


class Daemon:
    """Opens proxies, or refuses to."""

    def __init__(self) -> None:
        self.running: dict[str, GatewayView] = {}
        self.refuses = ""

    async def create(self, asked: CreateGateway) -> Reply:
        if self.refuses:
            raise Refusal(Failed(code="port_in_use", message=self.refuses))
        gateway = GatewayView(
            uri=f"/gateways/{len(self.running)}",
            target_uri=asked.target_uri,
            target_name="orders",
            cluster_uri="/clusters/prod",
            user=asked.user,
            subresource=asked.subresource,
            local_port=asked.local_port or 5000,
        )
        self.running[gateway.uri] = gateway
        return GatewayReady(gateway=gateway)


class Stage:
    """A state file, a daemon, and what the window was told."""

    def __init__(self, folder: Path, daemon: Daemon) -> None:
        self.file = StateFile(folder / "s.json", ManualClock(datetime(2026, 1, 1, tzinfo=UTC)))
        self.file.load()
        self.told: list[Event] = []
        self.kept = KeptTunnels(
            self.file,
            self.told.append,
            Hooks(running=lambda: tuple(daemon.running.values()), create=daemon.create),
        )

    async def keep(self, *, is_kept: bool) -> Reply:
        """What the menu asks."""
        request = KeepTunnel(target_uri=ORDERS, user="alice", is_kept=is_kept)
        return await self.kept.keep(request)


def test_a_kept_tunnel_is_opened_after_a_login_as_it_was(tmp_path: Path) -> None:
    async def steps() -> None:
        daemon = Daemon()
        stage = Stage(tmp_path, daemon)
        assert isinstance(await stage.keep(is_kept=True), Failed), "nothing runs yet"
        await daemon.create(CreateGateway(target_uri=ORDERS, user="alice", local_port=4444))
        assert await stage.keep(is_kept=True) == Done()
        stage.file.save()

        later = Daemon()
        again = Stage(tmp_path, later)
        await again.kept.open_of("/clusters/staging")
        assert not later.running
        await again.kept.open_of("/clusters/prod")
        assert [one.local_port for one in later.running.values()] == [4444]
        await again.kept.open_of("/clusters/prod")
        assert len(later.running) == 1, "it runs already"

    asyncio.run(steps())


def test_a_refusal_stands_beside_it_until_it_runs(tmp_path: Path) -> None:
    async def steps() -> None:
        daemon = Daemon()
        stage = Stage(tmp_path, daemon)
        await daemon.create(CreateGateway(target_uri=ORDERS, user="alice"))
        await stage.keep(is_kept=True)
        daemon.running.clear()
        daemon.refuses = "Port 5000 is in use by another program."
        await stage.kept.open_of("/clusters/prod")
        assert [one.problem for one in stage.kept.views] == [daemon.refuses]
        daemon.refuses = ""
        await stage.kept.open_of("/clusters/prod")
        assert [one.problem for one in stage.kept.views] == [""]

    asyncio.run(steps())


def test_it_follows_the_port_and_can_be_forgotten(tmp_path: Path) -> None:
    async def steps() -> None:
        daemon = Daemon()
        stage = Stage(tmp_path, daemon)
        await daemon.create(CreateGateway(target_uri=ORDERS, user="alice", local_port=4444))
        await stage.keep(is_kept=True)
        daemon.running.clear()
        await daemon.create(CreateGateway(target_uri=ORDERS, user="alice", local_port=5555))
        stage.kept.follow()
        assert [one.local_port for one in stage.kept.views] == [5555]
        assert await stage.keep(is_kept=False) == Done()
        assert stage.kept.views == ()

    asyncio.run(steps())

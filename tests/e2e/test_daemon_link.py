"""The daemon's start over both transports, as the reference window does it."""

import asyncio
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from teleterm.main.daemon import Daemon, DaemonCallbacks, DaemonConfig, DaemonState
from teleterm.main.prompts import Hooks, Prompts
from teleterm.main.tsh import Tsh
from teleterm.model.clock import SystemClock
from teleterm.model.errors import Unreachable
from teleterm.osutil import procs
from teleterm.tshdclient import certificates, connection
from teleterm.tshdclient.client import TerminalClient
from teleterm.tshdclient.connection import Tls
from teleterm.tshdclient.failures import CallFailed

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
OFFICIAL = os.environ.get("OFFICIAL_TSH", "")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short folder, for sockets."""
    with tempfile.TemporaryDirectory(prefix="tt-") as name:
        yield Path(name)


@pytest.fixture(params=["ours", "official"])
def tsh(request: pytest.FixtureRequest, folder: Path) -> Tsh:
    """Either daemon."""
    is_bundled = request.param == "ours"
    if not is_bundled and not OFFICIAL:
        pytest.skip("OFFICIAL_TSH is not set")
    argv = tuple(procs.tsh_argv()) if is_bundled else (OFFICIAL,)
    return Tsh(argv=argv, home=folder / "tsh", is_bundled=is_bundled)


def nobody() -> Prompts:
    """Prompts that nobody sees."""

    async def answer(uri: str, ident: str, is_approved: bool) -> None:
        """Nothing comes of it."""

    hooks = Hooks(
        title_of=str,
        reason_for=lambda gateway, target: "",
        trouble=lambda trouble: None,
        answer_headless=answer,
    )
    return Prompts(lambda event: None, hooks)


class Watched:
    """A daemon whose states and connections a test can wait for."""

    def __init__(self, folder: Path, tsh: Tsh, *, is_tcp: bool) -> None:
        self.states: list[DaemonState] = []
        self.has_failed = asyncio.Event()
        self.clients: asyncio.Queue[TerminalClient] = asyncio.Queue()
        self.daemon = Daemon(
            DaemonConfig(
                tsh=lambda: tsh,
                run_folder=folder,
                certs=folder / "certs",
                kube=folder / "kube",
                agents=folder / "agents",
                log_file=folder / "tshd.log",
                installation_id="5c6e2b0e-0000-4000-8000-000000000000",
                add_keys_to_agent=lambda: "no",
                is_tcp=is_tcp,
            ),
            DaemonCallbacks(on_state=self._changed, on_ready=self.clients.put),
            nobody,
            SystemClock(),
        )

    def _changed(self, state: DaemonState, message: str) -> None:
        self.states.append(state)
        if state == "failed":
            self.has_failed.set()

    async def client(self) -> TerminalClient:
        """The next connection that is made."""
        return await asyncio.wait_for(self.clients.get(), 30)


@pytest.mark.parametrize("is_tcp", [False, True], ids=["unix", "tcp"])
def test_start_crash_and_end(folder: Path, tsh: Tsh, is_tcp: bool) -> None:
    async def go() -> None:
        watched = Watched(folder, tsh, is_tcp=is_tcp)
        watched.daemon.start()
        client = await watched.client()
        assert await client.root_clusters() == ()
        pid = watched.daemon.pid
        os.kill(pid, signal.SIGKILL)
        again = await watched.client()
        assert await again.root_clusters() == ()
        assert watched.daemon.pid != pid
        assert watched.states == ["starting", "ready", "gone", "starting", "ready"]
        await watched.daemon.stop()

    asyncio.run(go())


def test_strangers_are_refused_over_tcp(folder: Path, tsh: Tsh) -> None:
    async def go() -> None:
        watched = Watched(folder, tsh, is_tcp=True)
        watched.daemon.start()
        await watched.client()
        port = watched.daemon.port
        stranger = certificates.make(SystemClock())
        made = await connection.over_tcp(
            port, Tls(pair=stranger, folder=folder / "certs"), nobody()
        )
        with pytest.raises(CallFailed) as caught:
            await made.client.root_clusters()
        assert caught.value.status == "UNAVAILABLE"
        await made.close()
        await watched.daemon.stop()

    asyncio.run(go())


def test_a_program_that_is_no_daemon_is_reported_with_its_words(folder: Path) -> None:
    script = folder / "tsh"
    script.write_text("#!/bin/sh\necho 'bad flag' >&2\nexit 3\n")
    script.chmod(0o755)
    tsh = Tsh(argv=(str(script),), home=folder / "home", is_bundled=False)

    async def go() -> None:
        watched = Watched(folder, tsh, is_tcp=False)
        watched.daemon.start()
        await asyncio.wait_for(watched.has_failed.wait(), 30)
        assert "bad flag" in watched.daemon.log_tail
        with pytest.raises(Unreachable, match="daemon stopped"):
            await watched.daemon.client()
        await watched.daemon.stop()

    asyncio.run(go())

"""The app process: puts its parts together, keeps them going, and ends them in order."""

import asyncio
import contextlib
import logging
import signal
import socket
import sys
import time
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

from teleterm.bridge.contract import (
    BringForward,
    DaemonChanged,
    Done,
    Event,
    GetDaemonLog,
    Hello,
    LinksOffered,
    Log,
    OpenRequested,
    Quit,
    Reply,
    RestartDaemon,
    Text,
    UseSharedProfiles,
    WindowReady,
)
from teleterm.main import gateways as gateway_parts
from teleterm.main import kept_tunnels, launch, launchers, logs, ports, prompts, welcome
from teleterm.main import tsh as tsh_parts
from teleterm.main.access import Access
from teleterm.main.arguments import Arguments
from teleterm.main.attention import Attention
from teleterm.main.clusters import Clusters, Sources
from teleterm.main.commands import Commands, Places
from teleterm.main.compose import Compose
from teleterm.main.config.file import ConfigFile
from teleterm.main.daemon import Daemon, DaemonCallbacks, DaemonConfig, DaemonState
from teleterm.main.demo import Demo
from teleterm.main.desk import Desk
from teleterm.main.desktops import Desktops
from teleterm.main.gateways import Gateways
from teleterm.main.keepsakes import Keepsakes
from teleterm.main.kept_tunnels import KeptTunnels
from teleterm.main.knock import Door
from teleterm.main.links import LinkOffers
from teleterm.main.logins import Logins
from teleterm.main.notices import Notices
from teleterm.main.opening import OpeningKeeper
from teleterm.main.outside import Outside
from teleterm.main.profiles import Profiles
from teleterm.main.prompts import Prompts
from teleterm.main.ptys import Ptys
from teleterm.main.resources import Resources
from teleterm.main.sessions import SessionLists
from teleterm.main.state import StateFile
from teleterm.main.system_theme import SystemTheme
from teleterm.main.terminals import Terminals
from teleterm.main.transfers import Transfers
from teleterm.main.update import updates as update_parts
from teleterm.main.update.updates import Hooks as UpdateHooks
from teleterm.main.update.updates import Updates
from teleterm.main.usage import Usage
from teleterm.main.window import Window, WindowCallbacks
from teleterm.model.clock import SystemClock
from teleterm.model.errors import TeletermError
from teleterm.osutil import dirs, locks, procs, tasks

if TYPE_CHECKING:
    from teleterm.tshdclient.client import TerminalClient
    from teleterm.tshdclient.records import ToolsWishes

_log = logging.getLogger("teleterm.main")
_window_log = logging.getLogger("ui")
TICK_S = 0.5
WINDOW_WAIT_S = 3.0
"""After this long the daemon is started even if no window says that it is ready."""
LINKS_AFTER_S = 0.6
PR_SET_DUMPABLE = 4
PROFILE_SETTLES_S = 1.5
WindowStart = Callable[[], tuple[procs.Child, socket.socket]]
_LEVELS = {"debug": logging.DEBUG, "warning": logging.WARNING, "error": logging.ERROR}


class App:
    """Main's parts, wired together. Everything lives until `quit`."""

    def __init__(
        self,
        folders: dirs.Folders,
        first: tuple[procs.Child, socket.socket],
        arguments: Arguments,
        demo: Demo | None,
        start_window: WindowStart,
        pty_host: int = 0,
    ) -> None:
        clock = SystemClock()
        self._folders = folders
        self._arguments = arguments
        self._demo = demo
        self._early_host = pty_host
        self._done = asyncio.Event()
        self._keep_terminals = False
        self._status = 0
        self._window_ready = asyncio.Event()
        self.config = ConfigFile(folders.config_file)
        self.config.load()
        logs.set_up(folders.logs, self.config.text("log.level"))
        self.state = StateFile(folders.state_file, clock)
        self.state.load()
        self._profiles_stamp = self._profiles().stamp()
        self.desk = Desk(self._answer)
        self._window = Window(
            first,
            WindowCallbacks(
                on_ask=self.desk.take, on_lost=self._window_lost, on_given_up=self._given_up
            ),
            clock,
            start_window,
        )
        self.notices = Notices(self.tell)
        self.daemon = Daemon(
            self._daemon_config(),
            DaemonCallbacks(on_state=self._daemon_state, on_ready=self._daemon_ready),
            lambda: self.prompts,
            clock,
        )
        self._wire(clock)

    def _wire(self, clock: SystemClock) -> None:
        sources = Sources(
            daemon=self.daemon,
            profiles=self._profiles,
            state=self.state,
            skips_version_check=lambda: self.config.flag("skipVersionCheck"),
        )
        self.clusters = Clusters(sources, self.tell, self.notices)
        self.gateways = Gateways(
            self.daemon,
            self.clusters,
            self.tell,
            lambda: ports.first_free(self.config.text("gateway.portRange")),
        )
        self.prompts = Prompts(
            self.tell,
            prompts.Hooks(
                title_of=self.clusters.title_of,
                reason_for=self.gateways.what_waits,
                trouble=lambda trouble: gateway_parts.trouble_notice(
                    self.notices, self.gateways.had_trouble(trouble)
                ),
                answer_headless=lambda uri, ident, is_approved: self.logins.answer_headless(
                    uri, ident, is_approved=is_approved
                ),
                auto_code=lambda question: self._demo.code(question) if self._demo else "",
            ),
        )
        self.logins = Logins(self.daemon, self.clusters, self.prompts, self.notices)
        self.resources = Resources(self.daemon, self.clusters, self.tell)
        self.access = Access(self.daemon, self.clusters)
        self.transfers = Transfers(self.daemon, self.clusters, self.tell)
        self.desktops = Desktops(self.daemon, self.clusters)
        self.ptys = Ptys(
            self._folders, lambda: self.config.number("terminal.linger"), self._early_host
        )
        self.terminals = Terminals(
            self.ptys,
            lambda: Commands(self._places()),
            lambda: int(self.config.number("terminal.scrollback")),
            self.gateways,
        )
        self.sessions = SessionLists(self.clusters, lambda: Commands(self._places()))
        self.outside = Outside(self._folders, self.clusters)
        self.attention = Attention(lambda: self.config.flag("notifications.desktop"))
        self.keepsakes = Keepsakes()
        self.usage = Usage(self.config, self.state, self.tell, self.notices, clock)
        self.links = LinkOffers(self._folders, self.state)
        self.updates = Updates(
            self._folders,
            self.notices,
            UpdateHooks(
                setting=self.config.text,
                is_on=lambda: self.config.flag("update.check"),
                wishes=self._tools_wishes,
                interrupted=lambda: len(self.gateways.views),
                leave=lambda: self.quit(keep_terminals=True),
                tell=self.tell,
            ),
        )
        self.compose = Compose()
        self.usage.on_settings(lambda: logs.set_level(self.config.text("log.level")))
        opening = OpeningKeeper(
            self._folders, self.config, lambda spec: Commands(self._places()).make(spec)
        )
        self.usage.on_layout(opening.note)
        self.clusters.on_logout(self.gateways.close_cluster)
        self.kept_tunnels = KeptTunnels(
            self.state,
            self.tell,
            kept_tunnels.Hooks(running=lambda: self.gateways.views, create=self.gateways.create),
        )
        self.gateways.on_change = self.kept_tunnels.follow
        self.clusters.on_login(self.kept_tunnels.open_of)
        self._register()

    def _register(self) -> None:
        for part in (
            self.clusters, self.logins, self.resources, self.access, self.gateways, self.prompts,
            self.transfers, self.desktops, self.terminals, self.outside, self.attention,
            self.keepsakes, self.notices, self.links, self.compose, self.kept_tunnels,
            self.sessions,
        ):  # fmt: skip
            part.register(self.desk)
        self.usage.register(self.desk, self.clusters.title_of)
        self.desk.on(Hello, self._hello)
        self.desk.on(WindowReady, self._ready)
        self.desk.on(RestartDaemon, self._restart_daemon)
        self.desk.on(GetDaemonLog, self._daemon_log)
        self.desk.on(UseSharedProfiles, self._use_shared_profiles)
        self.desk.on(Log, self._log_line)
        self.desk.on(Quit, self._quit)
        self.notices.on_action("open-file", self.outside.open_file)
        self.notices.on_action("restart-daemon", lambda _: self._restart_daemon(RestartDaemon()))

    def _answer(self, ask_id: int, body: Reply, descriptor: int) -> None:
        self._window.answer(ask_id, body, descriptor)

    def tell(self, event: Event) -> None:
        """Tell the window something."""
        self._window.tell(event)

    async def run(self) -> int:
        """Live until somebody ends it; gives the exit status."""
        self._catch_signals()
        door = Door(self._folders.run, self._knocked)
        tasks.spawn(self._late_start(), name="late start")
        tasks.spawn(self.updates.follow(), name="updates")
        theme = SystemTheme(self.usage.set_system_theme)
        tasks.spawn(theme.follow(lambda: self.usage.follows_system), name="system theme")
        if self.state.set_aside_as:
            self.notices.warning(
                "The file with your tabs and recent connections was damaged.",
                f"It is kept as {self.state.set_aside_as.name}.",
                key="state",
            )
        self.usage.name_problems()
        ticking = tasks.spawn(self._tick(), name="tick")
        await self._done.wait()
        ticking.cancel()
        door.close()
        await self._leave()
        return self._status

    def quit(self, *, keep_terminals: bool) -> None:
        """Begin to leave."""
        self._keep_terminals = keep_terminals and self._demo is None
        self._done.set()

    async def _leave(self) -> None:
        """Save, then end the window, the daemon and the pty host, in this order."""
        self.state.save()
        await self._window.close()
        await self.daemon.stop()
        await self.ptys.leave(keep_terminals=self._keep_terminals)
        self.state.save()

    async def _late_start(self) -> None:
        """Start the daemon once the window stands, or can't be waited for any longer."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._window_ready.wait(), WINDOW_WAIT_S)
        if self._demo:
            await self._demo.start()
        try:
            launchers.write(self._folders, self._demo.ca_file if self._demo else "")
        except OSError as error:
            self.notices.warning(
                f"Can't write into {self._folders.data}: {error.strerror}.",
                "What you change is not kept until there is room.",
                key="disk",
            )
        self.daemon.start()
        _forbid_core_dumps()

    async def _tick(self) -> None:
        """Look at the files that others change, and write ours."""
        while True:
            await asyncio.sleep(TICK_S)
            self.usage.look_at_config()
            self.state.save_if_due()
            self._look_at_logins()

    def _look_at_logins(self) -> None:
        now = time.time()
        if any(0 < one.expires_at <= now and one.is_logged_in for one in self.clusters.views):
            self.clusters.announce()
        stamp = self._profiles().stamp()
        if stamp != self._profiles_stamp:
            self._profiles_stamp = stamp
            tasks.spawn(self._profiles_changed(), name="profiles changed")

    async def _profiles_changed(self) -> None:
        """Somebody logged in or out, here or with a `tsh` outside."""
        if not self.daemon.is_ready:
            return
        await self._refresh_quietly()
        if self._profiles().damaged():
            await asyncio.sleep(PROFILE_SETTLES_S)
            await self._refresh_quietly()

    async def _refresh_quietly(self) -> None:
        with contextlib.suppress(TeletermError):
            await self.clusters.refresh()

    def _daemon_config(self) -> DaemonConfig:
        state = self.state.state
        if not state.installation_id:
            state.installation_id = str(uuid.uuid4())
            self.state.changed()
        return DaemonConfig(
            tsh=self._tsh,
            run_folder=self._folders.run,
            certs=self._folders.certs,
            kube=self._folders.kube,
            agents=self._folders.agents,
            log_file=self._folders.logs / "tshd.log",
            installation_id=state.installation_id,
            add_keys_to_agent=lambda: self.config.text("sshAgent.addKeysToAgent"),
        )

    def _tsh(self) -> tsh_parts.Tsh:
        ca_file = self._demo.ca_file if self._demo else ""
        return tsh_parts.choose(self.config, self._folders.tsh_home, ca_file=ca_file)

    def _profiles(self) -> Profiles:
        return Profiles(tsh_parts.home(self.config, self._folders.tsh_home))

    def _places(self) -> Places:
        return Places(
            config=self.config,
            tsh=self._tsh,
            clusters=self.clusters,
            gateways=self.gateways,
            bin_folder=launchers.folder(self._folders),
        )

    def _daemon_state(self, state: DaemonState, message: str) -> None:
        if state in {"gone", "failed"}:
            self.gateways.daemon_is_gone()
        tail = self.daemon.log_tail if state == "failed" else ""
        self.tell(DaemonChanged(state=state, message=message, log_tail=tail))

    async def _daemon_ready(self, client: "TerminalClient") -> None:
        self.clusters.forget_watchers()
        try:
            if self._demo:
                await self._demo.log_in(client, self.logins)
            await self.clusters.refresh()
            await self.gateways.reopen(client)
        except TeletermError as error:
            _log.warning("reading the clusters failed: %s", error.message)

    async def _hello(self, request: Hello) -> Reply:
        _log.info("window %d, seal %s", request.pid, request.seal)
        parts = welcome.Parts(
            settings=self.usage.settings(),
            state=self.state.state,
            clusters=self.clusters.views,
            gateways=self.gateways.views,
            terminals=await self.terminals.views(),
            updates=self.updates.about(),
            update=self.updates.view(),
            shared_profiles=self._shared_profiles(),
            is_demo=self._demo is not None,
            is_whole=self._window_ready.is_set(),
            daemon_state=self.daemon.state,
        )
        tasks.spawn(self.ptys.start(), name="pty host")
        return welcome.make(parts)

    async def _ready(self, request: WindowReady) -> Reply:
        is_first = not self._window_ready.is_set()
        self._window_ready.set()
        if is_first:
            self.updates.window_is_ready()
        self.notices.window_is_there()
        self.prompts.show_again()
        if is_first and self._arguments.line:
            self.tell(OpenRequested(line=self._arguments.line))
        if is_first and not self._demo:
            tasks.spawn(self._offer_links(), name="offer links")
        return Done()

    async def _offer_links(self) -> None:
        await asyncio.sleep(LINKS_AFTER_S)
        lines = await asyncio.to_thread(self.links.first_offer)
        if lines:
            self.tell(LinksOffered(lines=lines))

    def _shared_profiles(self) -> int:
        """How many profiles a `tsh` outside has, while we use a folder of our own."""
        if self._demo or self.config.text("tsh.home") != "private":
            return 0
        return Profiles(tsh_parts.shared_home()).count()

    async def _use_shared_profiles(self, request: UseSharedProfiles) -> Reply:
        self.config.set("tsh.home", "shared")
        self.usage.apply()
        self.daemon.restart()
        return Done()

    async def _restart_daemon(self, request: RestartDaemon) -> Reply:
        self.daemon.restart()
        return Done()

    async def _daemon_log(self, request: GetDaemonLog) -> Reply:
        return Text(text=self.daemon.log_tail)

    async def _log_line(self, request: Log) -> Reply:
        _window_log.log(_LEVELS.get(request.level, logging.INFO), "%s", request.text)
        return Done()

    async def _quit(self, request: Quit) -> Reply:
        asyncio.get_running_loop().call_soon(
            lambda: self.quit(keep_terminals=request.keep_terminals)
        )
        return Done()

    def _window_lost(self) -> None:
        self.desk.drop_all()
        self.notices.window_is_gone()

    def _given_up(self, text: str) -> None:
        _log.error("%s", text)
        self._status = 1
        self.quit(keep_terminals=True)

    async def _tools_wishes(self) -> "ToolsWishes":
        return await (await self.daemon.client()).tools_wishes()

    def _knocked(self, line: str) -> None:
        if line in update_parts.KNOCKS:
            tasks.spawn(self.updates.knocked(line), name="asked for an update")
            return
        self.tell(BringForward())
        if line:
            self.tell(OpenRequested(line=line))

    def _catch_signals(self) -> None:
        if sys.platform != "win32":
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                loop.add_signal_handler(number, lambda: self.quit(keep_terminals=False))


def run(
    folders: dirs.Folders,
    lock: locks.FileLock,
    first: tuple[procs.Child, socket.socket],
    arguments: Arguments,
    demo: Demo | None = None,
    start_window: WindowStart = launch.window,
    pty_host: int = 0,
) -> int:
    """Run main to its end; gives the exit status.

    Shape: `pty_host` is the process of a pty host that was forked off already, or 0.
    """

    update: list[str] = []

    async def live() -> int:
        app = App(folders, first, arguments, demo, start_window, pty_host)
        status = await app.run()
        update[:] = app.updates.successor()
        return status

    try:
        status = asyncio.run(live())
        if update:
            update_parts.replace_by(update, lock)
        return status
    finally:
        lock.release()


def _forbid_core_dumps() -> None:
    """No memory of this process on disk, nor open to another process of the user."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)

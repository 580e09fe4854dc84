"""Updates as main sees them: look now and then, get what is wanted, offer to restart."""

import asyncio
import logging
import os
import platform
import re
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn

from teleterm.bridge.contract import Done, Reply, UpdateChanged
from teleterm.bridge.views import NoticeAction, NoticeView, UpdateView
from teleterm.main.desk import Tell
from teleterm.main.install import record, tree
from teleterm.main.notices import Notices
from teleterm.main.update import apply, policy
from teleterm.main.update.policy import Cluster, NoWish, Situation
from teleterm.main.update.releases import Release
from teleterm.model.errors import TeletermError
from teleterm.osutil import dirs, locks, procs

if TYPE_CHECKING:
    from teleterm.main.update import tufclient
    from teleterm.tshdclient.records import ToolsWishes

State = Literal[
    "off", "idle", "checking", "current", "unfit", "available", "downloading", "ready", "failed"
]
_log = logging.getLogger("teleterm.main.updates")
FIRST_AFTER_S = 30.0
EVERY_S = 6 * 3600.0
KNOCK = "update"
KNOCK_NOW = "update now"
KNOCKS = frozenset({KNOCK, KNOCK_NOW})
"""What `teleterm --update` and `--update-now` say to a main that runs already."""
CHECK, RESTART = "check-for-updates", "restart-to-update"
"""What the window's command and the notice's button ask for."""
HERE = "here"
"""What the page about updates adds: it shows the answer itself, no notice is needed."""
SWITCHED_OFF = "TELEPORT_TOOLS_VERSION=off switches updates off."
NO_WISH: dict[policy.WhyNone, tuple[State, str]] = {
    "disabled-by-env-vars": ("off", SWITCHED_OFF),
    "managing-cluster-unable-to-manage": (
        "unfit",
        "The cluster that decides (update.managingCluster) wants no version, or didn't answer.",
    ),
    "no-cluster-with-auto-update": ("current", "None of your clusters asks for a version."),
    "no-compatible-version": ("unfit", "No version suits all of your clusters."),
}
WISHES: dict[policy.Source, str] = {
    "environment": "TELEPORT_TOOLS_VERSION asks",
    "managing-cluster": "The cluster that decides asks",
    "highest-compatible": "Your clusters ask",
}
MANIFEST_HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """What updates need of the rest of main."""

    setting: Callable[[str], str]
    is_on: Callable[[], bool]
    wishes: "Callable[[], Awaitable[ToolsWishes]]"
    interrupted: Callable[[], int]
    leave: Callable[[], None]
    tell: Tell


class Updates:
    """Finds and brings releases; says when one is ready, and what a restart would interrupt."""

    def __init__(self, folders: dirs.Folders, notices: Notices, hooks: Hooks) -> None:
        program = Path(sys.executable)
        self._data = apply.home_of(program) if procs.is_packed() else None
        self._version = apply.version_of(program) if self._data else ""
        self._folder = folders.data / "updates"
        self._hooks = hooks
        self._notices = notices
        self._ready = ""
        self._looking = asyncio.Lock()
        self._stands: UpdateView | None = None
        self.restarts_into = ""
        notices.on_action(RESTART, self._restart)
        notices.on_action(CHECK, self._check)

    async def follow(self) -> None:
        """Look for updates from time to time, where there can be any."""
        if self._data is None or not apply.ROOT_KEYS.exists():
            return
        await asyncio.sleep(FIRST_AFTER_S)
        while True:
            if self._hooks.is_on():
                await self.look()
            await asyncio.sleep(EVERY_S)

    async def knocked(self, line: str) -> None:
        """Somebody typed `teleterm --update`: look now, and for `--update-now` restart at once."""
        said = await self.look(asked=True)
        if self._ready and line == KNOCK_NOW:
            self._leave()
        elif said != _is_ready(self._ready):
            self._notices.info("No update", said, key="update")

    def view(self) -> UpdateView:
        """Where updates stand, for the window's page."""
        if self._data is None:
            return UpdateView(state="unmanaged", text=self._why_none())
        if why := self._why_none():
            return UpdateView(state="off", text=why)
        if self._stands is not None:
            return self._stands
        if os.environ.get("TELEPORT_TOOLS_VERSION", "").strip() == policy.OFF:
            return UpdateView(state="off", text=SWITCHED_OFF)
        alone = "teleterm looks by itself, now and then."
        asked = "update.check is off: teleterm looks only when asked."
        return UpdateView(state="idle", text=alone if self._hooks.is_on() else asked)

    def _show(self, state: State, text: str, percent: int = 0) -> str:
        """Tell the window's page where updates stand; gives the words."""
        self._stands = UpdateView(state=state, text=text, percent=percent)
        self._hooks.tell(UpdateChanged(update=self._stands))
        return text

    def about(self) -> dict[str, str]:
        """What Help > About says: who runs, where updates come from, who decides."""
        url, cluster = (
            self._hooks.setting(f"update.{one}") for one in ("baseUrl", "managingCluster")
        )
        takes = self._data is not None and apply.ROOT_KEYS.exists() and bool(url)
        return (
            ({"Updates from": url} if takes else {})
            | {"Updates decided by": cluster or "the highest version that suits all clusters"}
            | ({"Needs glibc": floor} if (floor := glibc_floor()) else {})
        )

    def _why_none(self) -> str:
        """Why this program takes no updates at all; nothing when it does."""
        if self._data is None:
            return "This program isn't installed by its single file, so it doesn't update itself."
        if not apply.ROOT_KEYS.exists() or not self._hooks.setting("update.baseUrl"):
            return "This build names no signed place of updates (update.baseUrl)."
        return ""

    async def look(self, *, asked: bool = False) -> str:
        """Look once and bring what is wanted; gives what came of it, in words. Never fails."""
        data = self._data
        if data is None or self._why_none():
            return self._why_none()
        if self._looking.locked():
            async with self._looking:  # what is found now answers us as well
                found = self.view()
            if not (asked and found.state == "available"):
                return found.text
        async with self._looking:
            return await self._look_in_words(data, asked=asked)

    async def _look_in_words(self, data: Path, *, asked: bool) -> str:
        """Look, and say what went wrong."""
        self._show("checking", "Looking for an update.")
        try:
            return await self._look(data, asked=asked)
        except TeletermError as error:
            _log.warning("could not check for updates: %s %s", error.message, error.details)
            return self._show("failed", f"Could not check for updates: {error.message}")
        except OSError as error:
            _log.warning("the update could not be brought: %s", error)
            return self._show("failed", f"The update could not be brought: {error.strerror}.")

    def window_is_ready(self) -> None:
        """The trial of this version is over: it works."""
        if self._data is None:
            return
        try:
            gone = apply.proved(self._data, self._version)
        except (TeletermError, OSError) as error:
            _log.warning("the trial of %s could not be ended: %s", self._version, error)
            return
        if gone:
            _log.info("removed the versions %s", ", ".join(gone))

    def successor(self) -> list[str]:
        """Point to the tree that takes our place; gives its program, or nothing when we stay.

        A failure keeps this version: it is started again, so that the terminals have a window.
        """
        if not self.restarts_into or self._data is None:
            return []
        try:
            apply.switch(self._data, self.restarts_into)
        except (TeletermError, OSError) as error:
            _log.error("the update to %s could not be applied: %s", self.restarts_into, error)
        return [str(self._data / "current" / "teleterm")]

    async def _look(self, data: Path, *, asked: bool) -> str:
        wish = policy.wanted(await self._situation())
        if isinstance(wish, NoWish):
            _log.info("no update is wanted: %s", wish.why)
            return self._show(*NO_WISH[wish.why])
        release = await asyncio.to_thread(self._find, data, wish)
        if release is None:
            return self._show(
                "unfit",
                f"{WISHES[wish.source]} for Teleport {wish.version}, and no signed release that "
                "may run here holds it.",
            )
        if release.version == self._version:
            return self._show("current", f"teleterm {self._version} is what is wanted here.")
        if not (wish.may_download or asked):
            return self._show(
                "available",
                f"teleterm {release.version} is there; a cluster that didn't answer may object.",
            )
        loop = asyncio.get_running_loop()
        await asyncio.to_thread(
            self._bring,
            data,
            release,
            lambda done, total: loop.call_soon_threadsafe(self._fetching, release, done, total),
        )
        self._ready = release.version
        self._offer(release)
        return self._show("ready", _is_ready(release.version))

    def _fetching(self, release: Release, done: int, total: int) -> None:
        """Say how far a download is, once for each hundredth."""
        percent = min(100, 100 * done // max(1, total))
        before = self._stands
        if before and before.state in {"checking", "downloading"} and before.percent != percent:
            words = f"Fetching teleterm {release.version}."
            trying = f"teleterm {release.version} is unpacked and tries itself."
            self._show("downloading", trying if percent == 100 else words, percent)

    async def _situation(self) -> Situation:
        """What the clusters want; not asked where the environment decides, so that a daemon which
        can't start is no reason to stay on a broken version.
        """
        stated = os.environ.get("TELEPORT_TOOLS_VERSION", "")
        if stated:
            return Situation(environment=stated)
        said = await self._hooks.wishes()
        return Situation(
            managing_uri=self._hooks.setting("update.managingCluster"),
            clusters=tuple(
                Cluster(
                    uri=one.cluster_uri,
                    is_updating=one.is_updating,
                    tools_version=one.tools_version,
                    min_tools_version=one.min_tools_version,
                )
                for one in said.reachable
            ),
            unreachable=said.unreachable,
        )

    def _find(self, data: Path, wish: policy.Wish) -> Release | None:
        index = self._repository().index()
        glibc = platform.libc_ver()[1] if sys.platform == "linux" else ""
        system = {"darwin": "macos", "win32": "windows"}.get(sys.platform, sys.platform)
        return policy.pick(
            index,
            wish,
            platform=f"{system}-{platform.machine().lower()}",
            glibc=glibc,
            bad=record.read(data).bad,
        )

    def _bring(self, data: Path, release: Release, told: "tufclient.Told") -> None:
        if tree.is_whole(data, release.version):
            return
        from teleterm.main.update import tufclient

        repository = self._repository(tufclient.DOWNLOAD_TOTAL_S)
        repository.index()
        archive = repository.fetch(release, told)
        apply.stage(data, archive, release.version, release.unpacked_size)
        repository.clear()

    def _repository(self, total_s: float = 0.0) -> "tufclient.Repository":
        from teleterm.main.update import tufclient

        return tufclient.Repository(
            self._hooks.setting("update.baseUrl"),
            apply.ROOT_KEYS.read_bytes(),
            self._folder,
            total_s=total_s or tufclient.CHECK_TOTAL_S,
        )

    def _offer(self, release: Release) -> None:
        count = self._hooks.interrupted()
        what = f"{count} local prox{'y' if count == 1 else 'ies'} will be interrupted." * bool(
            count
        )
        self._notices.post(
            NoticeView(
                level="info",
                title=f"teleterm {release.version} is ready",
                text=f"{release.notes} Terminals go on through the restart. {what}".strip(),
                actions=(NoticeAction(label="Restart to update", action=RESTART),),
                key="update",
            )
        )
        _log.info("the update %s is ready", release.version)

    async def _check(self, argument: str) -> Reply:
        """Look now; the page that asked says what came of it, for others a notice does."""
        if argument == HERE:
            await self.look(asked=True)
        else:
            await self.knocked(KNOCK)
        return Done()

    async def _restart(self, _argument: str) -> Reply:
        self._leave()
        return Done()

    def _leave(self) -> None:
        if self._ready:
            self.restarts_into = self._ready
            self._hooks.leave()


def _is_ready(version: str) -> str:
    return f"teleterm {version} is ready."


def glibc_floor() -> str:
    """The oldest glibc that this packed program runs on; nothing for any other."""
    if not procs.is_packed():
        return ""
    try:
        with (Path(sys.executable).parent / "manifest.json").open("rb") as file:
            head = file.read(MANIFEST_HEAD_BYTES)
    except OSError:
        return ""
    found = re.search(rb'"min_glibc": "([\d.]{1,20})"', head)
    return found.group(1).decode() if found else ""


def replace_by(argv: list[str], lock: locks.FileLock) -> NoReturn:
    """Become the new tree, and hand main.lock on, so that no other main slips in between."""
    os.set_inheritable(lock.descriptor, True)
    env = {**os.environ, "PYINSTALLER_RESET_ENVIRONMENT": "1"}
    procs.replace_self([*argv, "--lock-fd", str(lock.descriptor)], env=env)

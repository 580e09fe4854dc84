"""The offer to link `tsh` and `teleterm`: once at first start, and by `--link` and `--unlink`."""

import asyncio
import sys
from pathlib import Path

import msgspec

from teleterm.bridge.contract import ApplyLinks, Done, GetLinkPlan, LinkPlan, Reply
from teleterm.bridge.views import LinkLine
from teleterm.main import launchers
from teleterm.main.desk import Desk
from teleterm.main.state import StateFile
from teleterm.model.errors import BadInput, TeletermError
from teleterm.osutil import atomic, dirs, links, locks


class _Record(msgspec.Struct, frozen=True, kw_only=True):
    path: str
    target: str


class _Install(msgspec.Struct, kw_only=True):
    """The part of install.json that links need; the rest of the file is kept as it is."""

    links: list[_Record] = []


class LinkRecords:
    """The links that we made, as install.json keeps them."""

    def __init__(self, folders: dirs.Folders) -> None:
        self._path = folders.data / "install.json"
        self._lock = folders.data / "install.lock"

    def read(self) -> list[_Record]:
        """The links made earlier; a file that can't be read counts as none."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_Install).links
        except (OSError, msgspec.DecodeError):
            return []

    def change(self, *, add: list[_Record], remove: list[_Record]) -> None:
        """Note links that were made or removed, keeping everything else in the file."""
        lock = locks.try_take(self._lock)
        if lock is None:
            raise BadInput("teleterm is being installed just now. Try again in a minute.")
        try:
            kept = [one for one in self.read() if one not in remove and one not in add]
            try:
                rest = msgspec.json.decode(self._path.read_bytes(), type=dict[str, msgspec.Raw])
            except (OSError, msgspec.DecodeError):
                rest = {}
            rest["links"] = msgspec.Raw(msgspec.json.encode([*kept, *add]))
            atomic.write(self._path, msgspec.json.encode(rest))
        finally:
            lock.release()


class LinkOffers:
    """Shows what linking would change and does what was ticked."""

    def __init__(
        self,
        folders: dirs.Folders,
        state: StateFile | None,
        backend: links.LinkBackend | None = None,
    ) -> None:
        self._folders = folders
        self._state = state
        self._records = LinkRecords(folders)
        self._backend = backend
        self._plans: dict[str, links.Plan] = {}

    def register(self, desk: Desk) -> None:
        """Take the window's requests."""
        desk.on(GetLinkPlan, self._get_plan)
        desk.on(ApplyLinks, self._apply)

    def first_offer(self) -> tuple[LinkLine, ...]:
        """The lines to offer at the very first start; none when there is nothing to ask.

        Blocks: the login shell is asked for its PATH, two seconds at most.
        """
        if self._state is None or self._state.state.are_links_offered:
            return ()
        self._state.state.are_links_offered = True
        self._state.changed()
        try:
            lines = self.plan()
        except TeletermError:
            return ()
        return lines if any(line.state != "ours" for line in lines) else ()

    def plan(self) -> tuple[LinkLine, ...]:
        """What linking would change now.

        Raises: Refused where links can't be made.
        """
        backend = self._use_backend()
        ours = {one.path: one.target for one in self._records.read()}
        self._plans = {}
        for name in launchers.NAMES:
            plan = backend.look(name, launchers.program(self._folders, name), ours)
            self._plans[name] = plan
            if plan.state == "foreign" and name == "tsh":
                other = backend.look("teleterm-tsh", plan.target, ours)
                self._plans[other.name] = other
        return tuple(_line(plan) for plan in self._plans.values())

    def make(self, names: tuple[str, ...]) -> list[Path]:
        """Make the links of these names; gives their places.

        Raises: BadInput for a name that wasn't offered; Refused when a place changed.
        """
        backend = self._use_backend()
        launchers.write(self._folders)
        made: list[_Record] = []
        for name in names:
            plan = self._plans.get(name)
            if plan is None:
                raise BadInput(f'"{name}" was not offered.', field="names", value=name)
            backend.make(plan)
            made.append(_Record(path=str(plan.path), target=str(plan.target)))
        if made:
            self._records.change(add=made, remove=[])
        return [Path(one.path) for one in made]

    def remove(self) -> list[Path]:
        """Remove every link that is still ours; gives their places."""
        backend = self._use_backend()
        records = self._records.read()
        gone = [one for one in records if backend.remove(Path(one.path), Path(one.target))]
        if records:
            self._records.change(add=[], remove=records)
        return [Path(one.path) for one in gone]

    def _use_backend(self) -> links.LinkBackend:
        if self._backend is None:
            self._backend = links.backend()
        return self._backend

    async def _get_plan(self, request: GetLinkPlan) -> Reply:
        return LinkPlan(lines=await asyncio.to_thread(self.plan))

    async def _apply(self, request: ApplyLinks) -> Reply:
        if request.names and not request.is_never:
            if not self._plans:
                await asyncio.to_thread(self.plan)
            await asyncio.to_thread(self.make, request.names)
        return Done()


def run(action: str, folders: dirs.Folders) -> int:
    """`teleterm --link` and `--unlink`: do it and say what was done."""
    folders.prepare()
    offers = LinkOffers(folders, None)
    if action == "unlink":
        gone = offers.remove()
        for path in gone:
            sys.stdout.write(f"removed {path}\n")
        if not gone:
            sys.stdout.write("there are no links of ours\n")
        return 0
    status = 0
    for line in offers.plan():
        if line.state in {"new", "ours", "dangling"}:
            offers.make((line.name,))
            sys.stdout.write(f"{line.path} -> {line.target}\n")
            _say_who_wins(line)
        else:
            sys.stdout.write(f"left alone: {line.text}\n")
            status = 1
    hint = next((line.path_line for line in offers.plan() if line.path_line), "")
    if hint:
        sys.stdout.write(f"Not on PATH yet. Add this line to your shell's profile:\n  {hint}\n")
    return status


def _say_who_wins(line: LinkLine) -> None:
    other = links.earlier_on_path(line.name, Path(line.path))
    if other and line.is_on_path:
        sys.stdout.write(f"  note: {other} comes earlier on PATH and wins\n")


def _line(plan: links.Plan) -> LinkLine:
    return LinkLine(
        name=plan.name,
        path=str(plan.path),
        target=str(plan.target),
        state=plan.state,
        text=plan.text,
        is_on_path=plan.is_on_path,
        path_line=plan.path_line,
    )

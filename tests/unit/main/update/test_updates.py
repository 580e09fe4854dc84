"""What the window's page is told while main looks, fetches, tries, and finds something wrong."""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from teleterm.bridge.contract import Event, NoticePosted, RunNoticeAction, UpdateChanged
from teleterm.main.install import record
from teleterm.main.notices import Notices
from teleterm.main.update import apply, updates
from teleterm.main.update.updates import Hooks, Updates
from teleterm.osutil import dirs, procs, tasks
from teleterm.tshdclient.records import ToolsWish, ToolsWishes
from tests.support import small_tree
from tests.support.signed import Signed

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
CLUSTER = "/clusters/one"


class Stage:
    """An installed small program that stands for a packed main, and its signed place."""

    def __init__(self, folder: Path) -> None:
        self.signed = Signed(folder)
        self.data = folder / "data"
        self.settings = {"update.baseUrl": f"file://{self.signed.repo}"}
        self.is_on = True
        self.left: list[str] = []
        self.wants = ToolsWishes(reachable=(wish("18.3.0"),), unreachable=())
        self.told: list[Event] = []
        program = self.data / "versions" / "1.0.0" / "teleterm"
        program.parent.mkdir(parents=True)
        program.write_bytes(small_tree.PROGRAM)
        record.write(self.data, record.Install(active="1.0.0"))
        self.program = program

    def offer(self, version: str, program: bytes = small_tree.PROGRAM) -> None:
        """Publish a version."""
        path = self.signed.folder / f"teleterm-{version}.tar.xz"
        path.write_bytes(small_tree.packed(version, program=program))
        self.signed.at().add(path, teleport_min="18.0.0", teleport_max="18.99.99")

    def updates(self) -> Updates:
        """What main has of updates."""

        async def wishes() -> ToolsWishes:
            return self.wants

        notices = Notices(self.told.append)
        notices.window_is_there()
        hooks = Hooks(
            setting=lambda key: self.settings.get(key, ""),
            is_on=lambda: self.is_on,
            wishes=wishes,
            interrupted=lambda: 0,
            leave=lambda: self.left.append("left"),
            tell=self.told.append,
        )
        folders = dirs.find({"TELETERM_HOME": str(self.data.parent)})
        return Updates(folders, notices, hooks)

    def states(self) -> list[str]:
        """The states that the page was told, one after the other."""
        found = [one.update.state for one in self.told if isinstance(one, UpdateChanged)]
        return [one for place, one in enumerate(found) if found[place - 1 : place] != [one]]


def wish(version: str) -> ToolsWish:
    """A cluster wants this Teleport version."""
    return ToolsWish(
        cluster_uri=CLUSTER, is_updating=True, tools_version=version, min_tools_version="17.0.0"
    )


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """One; this process takes itself for the installed program."""
    made = Stage(tmp_path)
    keys = tmp_path / "root.json"
    keys.write_bytes(made.signed.root)
    monkeypatch.setattr(apply, "ROOT_KEYS", keys)
    monkeypatch.setattr(procs, "is_packed", lambda: True)
    monkeypatch.setattr(sys, "executable", str(made.program))
    monkeypatch.delenv("TELEPORT_TOOLS_VERSION", raising=False)
    return made


def looks(stage: Stage, *, asked: bool = False) -> str:
    """Look once; gives the words."""
    made = stage.updates()
    said = asyncio.run(made.look(asked=asked))
    assert made.view().text == said
    return said


def test_a_release_is_fetched_and_ready(stage: Stage) -> None:
    stage.offer("1.1.0")
    assert looks(stage) == "teleterm 1.1.0 is ready."
    assert stage.states() == ["checking", "downloading", "ready"]
    percents = [one.update.percent for one in stage.told if isinstance(one, UpdateChanged)]
    assert max(percents) == 100
    assert record.read(stage.data).pending == "1.1.0"


def test_what_runs_is_what_is_wanted(stage: Stage) -> None:
    stage.offer("1.0.0")
    assert looks(stage) == "teleterm 1.0.0 is what is wanted here."
    assert stage.states() == ["checking", "current"]


def test_a_cluster_may_ask_for_what_no_release_holds(stage: Stage) -> None:
    stage.offer("1.1.0")
    stage.wants = ToolsWishes(reachable=(wish("19.1.0"),), unreachable=())
    assert looks(stage).startswith("Your clusters ask for Teleport 19.1.0, and no signed release")
    assert stage.states() == ["checking", "unfit"]


def test_without_an_answer_of_all_it_is_offered_and_fetched_when_asked(stage: Stage) -> None:
    stage.offer("1.1.0")
    stage.wants = ToolsWishes(reachable=(wish("18.3.0"),), unreachable=("/clusters/two",))
    looks(stage)
    assert stage.states() == ["checking", "available"]
    looks(stage, asked=True)
    assert stage.states()[-1] == "ready"


def test_a_release_that_fails_its_own_test_is_not_kept(stage: Stage) -> None:
    stage.offer("1.1.0", program=b"#!/bin/sh\nexit 1\n")
    assert looks(stage).startswith("Could not check for updates: ")
    assert stage.states() == ["checking", "downloading", "failed"]
    assert not list((stage.data / "versions").glob(".staging*"))
    assert [one.name for one in (stage.data / "versions").iterdir()] == ["1.0.0"]


def test_a_place_that_somebody_changed_is_refused_in_words(stage: Stage) -> None:
    timestamp = stage.signed.repo / "metadata" / "timestamp.json"
    found = json.loads(timestamp.read_bytes())
    found["signed"]["version"] = 77
    timestamp.write_text(json.dumps(found))
    assert "isn't signed by the right keys" in looks(stage)
    assert stage.states() == ["checking", "failed"]


def test_nothing_is_looked_for_where_updates_are_off(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert stage.updates().view().state == "idle"
    stage.is_on = False
    assert "only when asked" in stage.updates().view().text
    monkeypatch.setenv("TELEPORT_TOOLS_VERSION", "off")
    assert stage.updates().view().state == "off"
    assert looks(stage) == updates.SWITCHED_OFF
    stage.settings["update.baseUrl"] = ""
    assert stage.updates().view().text.startswith("This build names no signed place")
    monkeypatch.setattr(procs, "is_packed", lambda: False)
    assert stage.updates().view().state == "unmanaged"


def test_the_page_that_asked_needs_no_notice(stage: Stage) -> None:
    stage.offer("1.0.0")
    made = stage.updates()
    check = made._check
    asyncio.run(check(updates.HERE))
    assert not [one for one in stage.told if isinstance(one, NoticePosted)]
    asyncio.run(check(RunNoticeAction(action=updates.CHECK).argument))
    assert [one for one in stage.told if isinstance(one, NoticePosted)]


def test_who_asks_while_another_look_goes_on_gets_its_answer(stage: Stage) -> None:
    """`--update-now` half a minute after the start met the first look, and was forgotten."""
    stage.offer("1.1.0")
    made = stage.updates()

    async def both() -> None:
        first = tasks.spawn(made.look(), name="first")
        await asyncio.sleep(0)
        await made.knocked(updates.KNOCK_NOW)
        await first

    asyncio.run(both())
    assert stage.left == ["left"]
    assert made.restarts_into == "1.1.0"
    assert stage.states().count("checking") == 1


def test_what_is_kept_of_a_place_may_be_damaged(stage: Stage) -> None:
    stage.offer("1.0.0")
    looks(stage)
    kept = stage.data / "updates"
    files = [one for one in kept.rglob("*") if one.is_file() and not one.is_symlink()]
    assert len(files) > 4
    for one in files:
        for damage in (b"", b"{", b"\xff\xfe", b"[" * 100_000, b"{}"):
            one.write_bytes(damage)
            assert looks(stage) == "teleterm 1.0.0 is what is wanted here.", (one, damage)

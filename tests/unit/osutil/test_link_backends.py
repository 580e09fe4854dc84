"""One contract for both ways to make a command available: a link, and a folder in Windows' PATH.

Windows' `winreg` is a fake in memory; the code that uses it is loaded as it is on Windows.
"""

import contextlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from teleterm.model.errors import Refused
from teleterm.osutil import links, user_path

THEIRS = r"%USERPROFILE%\tools;C:\Program Files\Git\cmd"


class Winreg(ModuleType):
    """The registry's value `Path`, and the calls that reach it."""

    HKEY_CURRENT_USER = 1
    REG_SZ, REG_EXPAND_SZ = 1, 2

    def __init__(self) -> None:
        super().__init__("winreg")
        self.values: dict[str, tuple[str, int]] = {}

    @contextlib.contextmanager
    def OpenKey(self, root: int, name: str) -> Iterator[str]:  # noqa: N802 - its name
        """The key; it is always there."""
        assert (root, name) == (self.HKEY_CURRENT_USER, "Environment")
        yield name

    CreateKey = OpenKey

    def QueryValueEx(self, _key: str, name: str) -> tuple[str, int]:  # noqa: N802 - its name
        """A value and its kind."""
        if name not in self.values:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        return self.values[name]

    def SetValueEx(self, _key: str, name: str, _zero: int, kind: int, text: str) -> None:  # noqa: N802 - its name
        """Keep a value."""
        self.values[name] = (text, kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A backend, what is looked at from outside, and somebody who changes the same place."""

    backend: links.LinkBackend
    kept: Callable[[], object]
    disturb: Callable[[], object]


def by_links(folder: Path) -> Way:
    """Links in a folder where somebody else has one as well."""
    place = folder / "bin"
    place.mkdir()
    (place / "other").symlink_to("/usr/bin/true")
    backend = links.SymlinkBackend(place, is_on_path=True)
    return Way(
        backend=backend,
        kept=lambda: {one.name: one.readlink() for one in place.iterdir() if one.is_symlink()},
        disturb=lambda: (place / "tsh").write_text("theirs"),
    )


def by_path(folder: Path) -> Way:
    """A PATH in which others have their folders."""
    registry = Winreg()
    registry.values["Path"] = (THEIRS, Winreg.REG_EXPAND_SZ)
    module = on_windows(registry)
    return Way(
        backend=module.PathBackend(module.UserPath(tell=lambda: None)),
        kept=lambda: dict(registry.values),
        disturb=lambda: registry.values.update(Path=(rf"{THEIRS};C:\theirs", Winreg.REG_EXPAND_SZ)),
    )


def on_windows(registry: Winreg) -> ModuleType:
    """`teleterm.osutil.user_path` as it is loaded there."""
    assert user_path.__file__ is not None
    spec = importlib.util.spec_from_file_location("user_path_on_windows", user_path.__file__)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "platform", "win32")
        patch.setitem(sys.modules, "winreg", registry)
        spec.loader.exec_module(made)
    return made


@pytest.fixture(params=[by_links, by_path], ids=["links", "path"])
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Way:
    """One of the two."""
    made: Way = request.param(tmp_path)
    return made


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """The program that is made available."""
    return tmp_path / "data" / "current" / "tsh"


def test_looking_changes_nothing(way: Way, target: Path) -> None:
    before = way.kept()
    assert way.backend.look("tsh", target, {}).state == "new"
    assert way.kept() == before


def test_what_was_made_is_ours_and_making_it_again_is_quiet(way: Way, target: Path) -> None:
    way.backend.make(way.backend.look("tsh", target, {}))
    again = way.backend.look("tsh", target, {})
    assert again.state == "ours"
    made = way.kept()
    way.backend.make(again)
    assert way.kept() == made


def test_two_names_that_were_looked_at_together(way: Way, target: Path) -> None:
    other = target.with_name("teleterm")
    plans = [way.backend.look("tsh", target, {}), way.backend.look("teleterm", other, {})]
    for plan in plans:
        way.backend.make(plan)
    assert way.backend.look("tsh", target, {}).state == "ours"
    assert way.backend.look("teleterm", other, {}).state == "ours"


def test_removing_leaves_what_was_there_before(way: Way, target: Path) -> None:
    before = way.kept()
    plan = way.backend.look("tsh", target, {})
    way.backend.make(plan)
    assert way.backend.remove(plan.path, plan.target)
    assert way.kept() == before
    assert not way.backend.remove(plan.path, plan.target)


def test_a_place_that_changed_meanwhile_is_left_alone(way: Way, target: Path) -> None:
    plan = way.backend.look("tsh", target, {})
    way.disturb()
    before = way.kept()
    with pytest.raises(Refused, match="changed meanwhile"):
        way.backend.make(plan)
    assert way.kept() == before


def test_a_path_that_is_not_there_yet_is_made(target: Path) -> None:
    registry = Winreg()
    module = on_windows(registry)
    told: list[None] = []
    backend = module.PathBackend(module.UserPath(tell=lambda: told.append(None)))
    backend.make(backend.look("tsh", target, {}))
    assert registry.values == {"Path": (str(target.parent), Winreg.REG_EXPAND_SZ)}
    assert told == [None]
    assert backend.remove(target, target)
    assert registry.values == {"Path": ("", Winreg.REG_EXPAND_SZ)}


def test_the_kind_of_the_value_stays(target: Path) -> None:
    registry = Winreg()
    registry.values["Path"] = (r"C:\plain", Winreg.REG_SZ)
    module = on_windows(registry)
    backend = module.PathBackend(module.UserPath(tell=lambda: None))
    backend.make(backend.look("tsh", target, {}))
    assert registry.values["Path"] == (rf"C:\plain;{target.parent}", Winreg.REG_SZ)

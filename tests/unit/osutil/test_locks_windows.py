"""Locks keep one contract on both kinds of system; Windows' `msvcrt` is a fake in memory."""

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from teleterm.osutil import locks


class Msvcrt(ModuleType):
    """`msvcrt.locking` as far as it is used: one byte, held until the descriptor is closed."""

    LK_NBLCK = 2

    def __init__(self) -> None:
        super().__init__("msvcrt")
        self._holders: dict[tuple[int, int], int] = {}

    def locking(self, descriptor: int, mode: int, size: int) -> None:
        """Lock, or raise as Windows does."""
        assert (mode, size) == (self.LK_NBLCK, 1)
        file = _file(descriptor)
        holder = self._holders.get(file, -1)
        if holder != descriptor and holder >= 0 and _file(holder) == file:
            raise PermissionError(13, "Permission denied")
        self._holders[file] = descriptor


def _file(descriptor: int) -> tuple[int, int]:
    try:
        found = os.fstat(descriptor)
    except OSError:
        return (0, 0)
    return found.st_dev, found.st_ino


@pytest.fixture(params=["here", "windows"])
def module(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """`teleterm.osutil.locks` as it is here, and as it is loaded on Windows."""
    if request.param == "here":
        yield locks
        return
    assert locks.__file__ is not None
    spec = importlib.util.spec_from_file_location("locks_on_windows", locks.__file__)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", "win32")
        patch.setitem(sys.modules, "msvcrt", Msvcrt())
        spec.loader.exec_module(made)
    yield made


class Clock(SimpleNamespace):
    """One whose time passes by being asked."""

    now = 0.0

    def monotonic_s(self) -> float:
        """Ten milliseconds later each time."""
        self.now += 0.01
        return self.now


def test_one_holder_at_a_time(module: ModuleType, tmp_path: Path) -> None:
    first = module.try_take(tmp_path / "main.lock")
    assert first is not None
    assert module.try_take(tmp_path / "main.lock") is None
    assert module.try_take(tmp_path / "other.lock") is not None
    first.release()
    again = module.try_take(tmp_path / "main.lock")
    assert again is not None
    assert (tmp_path / "main.lock").exists()
    again.release()


def test_waiting_ends_with_nothing(module: ModuleType, tmp_path: Path) -> None:
    held = module.try_take(tmp_path / "main.lock")
    clock = Clock()
    wait = {"timeout_s": 0.02, "clock": clock, "pause_s": 0.0}
    assert module.wait(tmp_path / "main.lock", **wait) is None
    held.release()
    taken = module.wait(tmp_path / "main.lock", **wait)
    assert taken is not None
    taken.release()


def test_a_lock_that_was_handed_on_still_holds(module: ModuleType, tmp_path: Path) -> None:
    held = module.try_take(tmp_path / "main.lock")
    adopted = module.adopt(tmp_path / "main.lock", held.descriptor)
    assert module.try_take(tmp_path / "main.lock") is None
    adopted.release()
    free = module.try_take(tmp_path / "main.lock")
    assert free is not None
    free.release()

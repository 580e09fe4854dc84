from pathlib import Path

import pytest

from teleterm.model.clock import SystemClock
from teleterm.model.errors import Refused
from teleterm.osutil import locks


def test_one_holder_at_a_time(tmp_path: Path) -> None:
    place = tmp_path / "main.lock"
    first = locks.try_take(place)
    assert first is not None
    assert locks.try_take(place) is None
    first.release()
    second = locks.try_take(place)
    assert second is not None
    second.release()
    assert place.exists()


def test_waiting_ends_with_nothing(tmp_path: Path) -> None:
    place = tmp_path / "main.lock"
    held = locks.try_take(place)
    assert held is not None
    assert locks.wait(place, timeout_s=0.02, clock=SystemClock(), pause_s=0.01) is None
    held.release()
    taken = locks.wait(place, timeout_s=0.02, clock=SystemClock())
    assert taken is not None
    taken.release()


def test_an_adopted_lock_still_holds(tmp_path: Path) -> None:
    place = tmp_path / "main.lock"
    held = locks.try_take(place)
    assert held is not None
    adopted = locks.adopt(place, held.descriptor)
    assert locks.try_take(place) is None
    adopted.release()


def test_a_link_in_place_of_the_lock_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "lock").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(Refused, match=r"Can't lock .*lock: "):
        locks.try_take(tmp_path / "lock")

    assert not (tmp_path / "elsewhere").exists()


def test_a_link_in_the_place_of_a_lock_is_refused_in_a_sentence(tmp_path: Path) -> None:
    target = tmp_path / "somebody's"
    place = tmp_path / "main.lock"
    place.symlink_to(target)
    with pytest.raises(Refused, match="Can't lock"):
        locks.try_take(place)
    assert not target.exists()


def test_a_folder_in_the_place_of_a_lock_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "main.lock").mkdir()
    with pytest.raises(Refused, match=r"Can't lock .*: Is a directory"):
        locks.try_take(tmp_path / "main.lock")

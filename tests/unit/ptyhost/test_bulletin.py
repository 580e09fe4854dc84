"""Titles and bells leave at once, but not as often as a program likes."""

from teleterm.bridge import frames
from teleterm.ptyhost.bulletin import SLOT_S, Bulletin


def test_the_first_leaves_at_once_and_the_next_at_the_slots_end() -> None:
    bulletin = Bulletin()
    assert bulletin.due_in(5.0) is None
    bulletin.add(frames.Rang())
    assert bulletin.due_in(5.0) == 0.0
    assert bulletin.take(5.0) == [frames.Rang()]
    bulletin.add(frames.Rang())
    due = bulletin.due_in(5.0 + SLOT_S / 2)
    assert due is not None
    assert 0.0 < due < SLOT_S
    assert bulletin.due_in(5.0 + 2 * SLOT_S) == 0.0


def test_of_ten_thousand_only_the_newest_of_each_kind_is_left() -> None:
    bulletin = Bulletin()
    for number in range(10_000):
        bulletin.add(frames.Titled(str(number)))
        bulletin.add(frames.Rang())
        bulletin.add(frames.Noticed("", str(number)))
    assert bulletin.take(0.0) == [
        frames.Titled("9999"),
        frames.Rang(),
        frames.Noticed("", "9999"),
    ]
    assert bulletin.due_in(0.0) is None
    assert bulletin.take(0.0) == []

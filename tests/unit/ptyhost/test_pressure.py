"""The rules of pressure, with a clock made of numbers."""

import pytest

from teleterm.ptyhost.pressure import (
    CHUNK_BYTES,
    HOLD_S,
    SLOT_S,
    SMALL_CHUNK_BYTES,
    Appetite,
    FrameGate,
)


def test_first_frame_leaves_at_once() -> None:
    assert FrameGate().due_in(100.0, is_held=False) == 0.0


def test_one_unanswered_frame_at_a_time() -> None:
    gate = FrameGate()
    gate.sent(0.0)
    assert gate.due_in(5.0, is_held=False) is None
    gate.painted(gate.serial - 1)
    assert gate.is_waiting
    gate.painted(gate.serial)
    assert gate.due_in(5.0, is_held=False) == 0.0


def test_second_frame_waits_for_the_end_of_the_slot() -> None:
    gate = FrameGate()
    gate.sent(1.0)
    gate.painted(1)
    assert gate.due_in(1.004, is_held=False) == pytest.approx(SLOT_S - 0.004)


def test_a_program_can_hold_frames_back_only_so_long() -> None:
    gate = FrameGate()
    assert gate.due_in(1.0, is_held=True) == pytest.approx(HOLD_S)
    assert gate.due_in(1.0 + HOLD_S, is_held=True) == pytest.approx(0.0)
    assert gate.due_in(2.0, is_held=False) == 0.0


def test_a_new_window_owes_nothing() -> None:
    gate = FrameGate()
    gate.sent(0.0)
    gate.reset()
    assert gate.due_in(0.001, is_held=False) == 0.0


def test_slow_chunks_make_smaller_ones() -> None:
    appetite = Appetite()
    assert appetite.chunk_bytes == CHUNK_BYTES
    appetite.ate(0.02)
    assert appetite.chunk_bytes == SMALL_CHUNK_BYTES
    appetite.ate(0.001)
    assert appetite.chunk_bytes == CHUNK_BYTES

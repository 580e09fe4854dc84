"""The command table beside pyte's, whose names the screen carries."""

import pyte

from teleterm.terminal.dispatch import CSI, numbers_of
from teleterm.terminal.engine import Engine
from teleterm.terminal.screen import Screen


def test_every_command_of_pyte_is_here_by_its_name() -> None:
    missing = [name for name in sorted(pyte.Stream.events) if not hasattr(Screen, name)]
    assert missing == []


def test_every_final_of_pyte_is_known() -> None:
    ours = set(CSI) | {"m"}
    # pyte takes ' for HPA; the standard's final is the grave accent.
    assert set(pyte.Stream.csi) - {"'"} <= ours


def test_pyte_can_drive_the_screen() -> None:
    screen = Screen(20, 5, 100)
    stream = pyte.Stream()
    stream.attach(screen)  # type: ignore[arg-type]  # it has the same commands
    stream.feed("ab\x1b[2;5Hcd\x1b[1;31me\x1b[m\r\n\x1b[Kf\x1b]2;title\x07")
    rows = ["".join(row.cells).rstrip() for row in screen.grid.rows]
    assert rows == ["ab", "    cde", "f", "", ""]
    assert screen.grid.rows[1].styles[6].fg == 1
    assert screen.title == "title"


def test_parameters() -> None:
    assert numbers_of("") == []
    assert numbers_of("1;;3") == [1, None, 3]
    assert numbers_of("4:3;7") == [4, 7]
    assert numbers_of("99999999999") == [999_999]
    assert len(numbers_of("1;" * 500)) == 32


def test_numbers_may_start_with_zeros() -> None:
    engine = Engine(80, 24)
    engine.feed(b"\x1b[00000000004;000000010Hx\x1b[000000000031my")
    assert "".join(engine.screen.grid.rows[3].cells).strip() == "xy"
    assert engine.screen.grid.rows[3].styles[10].fg == 1
    engine.feed(b"\x1b[1;1H\x1b[10000000000031mz")
    assert engine.screen.style.fg == 1

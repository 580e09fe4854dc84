"""A long command's end is told once, by the marks of the shell."""

from teleterm.bridge import frames
from teleterm.ptyhost.commands import LONG_S, Commands
from teleterm.terminal.events import PromptMark


def marks(commands: Commands, *given: tuple[str, float, int | None]) -> list[frames.Finished]:
    """What is told for marks of these kinds, times and statuses."""
    told = [commands.saw(PromptMark(kind, 0, status), at) for kind, at, status in given]
    return [message for message in told if message is not None]


def test_a_long_command_is_told_with_its_status() -> None:
    given = (("A", 0.0, None), ("B", 1.0, None), ("C", 2.0, None), ("D", 3.0 + LONG_S, 7))
    assert marks(Commands(), *given) == [frames.Finished(7)]


def test_a_status_that_was_not_said_is_none() -> None:
    assert marks(Commands(), ("C", 0.0, None), ("D", 1.0 + LONG_S, None)) == [frames.Finished(0)]


def test_a_short_one_is_not() -> None:
    assert marks(Commands(), ("C", 2.0, None), ("D", 2.0 + LONG_S, 0)) == []


def test_an_end_without_a_start_is_not() -> None:
    far = 9.0 + LONG_S
    assert marks(Commands(), ("D", far, 0), ("C", 0.0, None), ("A", 1.0, None), ("D", far, 0)) == []


def test_an_end_is_told_once() -> None:
    far = 9.0 + LONG_S
    assert len(marks(Commands(), ("C", 0.0, None), ("D", far, 0), ("D", far, 0))) == 1

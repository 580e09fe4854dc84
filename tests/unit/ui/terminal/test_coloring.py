"""Styles of an engine and the colours they come to."""

import pytest

from teleterm.bridge import frames
from teleterm.ui.terminal.coloring import Coloring, Colors, indexed
from teleterm.ui.theme import tokens

COLORS = Colors(
    foreground="#E8EBF0",
    background="#0F1116",
    cursor="#5B9DFF",
    selection="#263B5E",
    hit="#6B5200",
    current_hit="#F2B84B",
    on_current_hit="#0B1220",
    palette=tokens.terminal_palette("dark"),
)


def make_paint(*styles: frames.StyleRow, **changes: object) -> frames.Paint:
    fields: dict[str, object] = {
        "serial": 1, "cols": 4, "rows": 1, "is_full": True, "scrolled": 0, "changed": (),
        "styles": styles, "links": (), "cursor": (0, 0, "block", True, False),
        "modes": frames.Modes(), "lines": ((0, 0),), "view": (0, 1, 0),
    }  # fmt: skip
    return frames.Paint(**(fields | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("index", "color"),
    [
        (1, "#FF7A7A"),
        (16, "#000000"),
        (21, "#0000FF"),
        (231, "#FFFFFF"),
        (232, "#080808"),
        (255, "#EEEEEE"),
    ],
)
def test_the_256_colours(index: int, color: str) -> None:
    assert indexed(index, COLORS.palette) == color


def test_the_default_style_shows_the_terminals_own_ground() -> None:
    look = Coloring(COLORS, 4.5).appearance(0)
    assert (look.foreground, look.background, look.face) == ("#E8EBF0", "", 0)


def test_attributes() -> None:
    coloring = Coloring(COLORS, 1)
    coloring.take(make_paint((5, 0x1123456, 2, -1, frames.BOLD | frames.ITALIC | 3 << 8, 7)))
    look = coloring.appearance(5)
    assert look.foreground == "#123456"
    assert look.background == COLORS.palette[2]
    assert (look.face, look.underline, look.link) == (3, 3, 7)


def test_inverse_and_hidden() -> None:
    coloring = Coloring(COLORS, 1)
    coloring.take(make_paint((1, -1, -1, -1, frames.INVERSE, 0), (2, 1, 3, -1, frames.HIDDEN, 0)))
    inverse, hidden = coloring.appearance(1), coloring.appearance(2)
    assert (inverse.foreground, inverse.background) == ("#0F1116", "#E8EBF0")
    assert hidden.foreground == hidden.background == COLORS.palette[3]


def test_low_contrast_is_lifted_but_block_characters_keep_their_colour() -> None:
    coloring = Coloring(COLORS, 4.5)
    coloring.take(make_paint((1, 0x1111111, -1, -1, 0, 0)))
    look = coloring.appearance(1)
    assert tokens.contrast(look.foreground, COLORS.background) >= 4.5
    assert look.plain_foreground == "#111111"


def test_a_program_may_change_the_palette() -> None:
    coloring = Coloring(COLORS, 1)
    assert coloring.take(make_paint((1, 1, -1, -1, 0, 0), palette=((1, 0x00FF00), (257, 0x101010))))
    assert coloring.appearance(1).foreground == "#00FF00"
    assert coloring.background == "#101010"
    assert not coloring.take(make_paint((1, 1, -1, -1, 0, 0), is_full=False))


def test_reverse_screen_swaps_the_defaults() -> None:
    coloring = Coloring(COLORS, 1)
    assert coloring.take(make_paint(modes=frames.Modes(is_reverse=True)))
    assert coloring.background == "#E8EBF0"
    assert (coloring.appearance(0).foreground, coloring.appearance(0).background) == ("#0F1116", "")


def test_bold_means_bright_for_the_first_eight_colours() -> None:
    made = Coloring(COLORS, 1.0)
    made.take(_styled((1, 4, -1, -1, frames.BOLD, 0), (2, 4, -1, -1, 0, 0)))
    assert made.appearance(1).foreground == made.colors.palette[12]
    assert made.appearance(2).foreground == made.colors.palette[4]


def test_blinking_text_goes_and_comes_back() -> None:
    made = Coloring(COLORS, 1.0)
    made.take(_styled((1, 4, -1, -1, frames.BLINK, 0), (2, 4, -1, -1, 0, 0)))
    shown = made.appearance(1).foreground
    assert made.blink(is_off=True) == {1}
    assert made.appearance(1).foreground == made.background
    assert made.blink(is_off=True) == set()
    assert made.blink(is_off=False) == {1}
    assert made.appearance(1).foreground == shown


def _styled(*styles: frames.StyleRow) -> frames.Paint:
    return frames.Paint(
        1, 80, 24, is_full=True, scrolled=0, changed=(), styles=styles, links=(),
        cursor=(0, 0, "block", True, False), modes=frames.Modes(), lines=(), view=(0, 24, 0),
    )  # fmt: skip

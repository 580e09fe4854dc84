"""Frames, the scrolled-back view, search and selection."""

import msgspec
import pytest

from teleterm.terminal.engine import Engine, PatternError
from teleterm.terminal.frame import WRAPPED, Frame


def lines(first: int, last: int) -> bytes:
    return b"".join(f"line {number}\r\n".encode() for number in range(first, last))


def painted(frames: list[Frame]) -> list[str]:
    """Paint frames as a window does; gives the rows."""
    shown: list[str] = []
    for frame in frames:
        if len(shown) != frame.rows or frame.full:
            shown = [""] * frame.rows
        if frame.scrolled > 0:
            shown = shown[frame.scrolled :] + [""] * frame.scrolled
        elif frame.scrolled < 0:
            shown = [""] * -frame.scrolled + shown[: frame.scrolled]
        for row, _flags, runs in frame.changed:
            text = ""
            for col, run, _style, _width in runs:
                text = text.ljust(col) + run
            shown[row] = text.rstrip(" ")
    return shown


def test_first_frame_is_full() -> None:
    engine = Engine(10, 3)
    engine.feed(b"a\x1b[1;31mb\x1b[m")
    frame = engine.frame()
    assert frame.full
    assert frame.changed[0] == (0, 0, ((0, "a", 0, 0), (1, "b", 1, 0)))
    assert frame.styles == ((1, 1, -1, -1, 1, 0),)
    assert frame.cursor == (2, 0, "block", True, False)
    assert frame.lines == ((0, 0), (1, 0), (2, 0))


def test_frame_has_only_what_changed() -> None:
    engine = Engine(10, 3)
    engine.feed(b"a\r\nb\r\nc")
    seen = [engine.has_damage]
    engine.frame()
    seen.append(engine.has_damage)
    engine.feed(b"\x1b[2;1HX")
    seen.append(engine.has_damage)
    assert seen == [True, False, True]
    frame = engine.frame()
    assert (frame.full, frame.scrolled, frame.styles, frame.palette) == (False, 0, (), None)
    assert [damage[0] for damage in frame.changed] == [1]
    assert engine.frame().changed == ()


def test_frame_says_how_far_the_screen_scrolled() -> None:
    engine = Engine(10, 4)
    engine.feed(lines(0, 4))
    frames = [engine.frame()]
    engine.feed(lines(4, 6))
    frames.append(engine.frame())
    assert frames[1].scrolled == 2
    assert [damage[0] for damage in frames[1].changed] == [1, 2, 3]
    assert painted(frames) == ["line 3", "line 4", "line 5", ""]


def test_full_frame_numbers_all_styles_again() -> None:
    engine = Engine(10, 2)
    engine.feed(b"\x1b[31ma\x1b[32mb")
    first, again = engine.frame(), engine.frame(full=True)
    assert first.styles == again.styles
    assert again.full


def test_wide_cells_and_clusters_have_runs_of_their_own() -> None:
    engine = Engine(10, 1)
    engine.feed("a漢be\u0301c".encode())
    assert engine.frame().changed[0][2] == (
        (0, "a", 0, 0),
        (1, "漢", 0, 2),
        (3, "b", 0, 0),
        (4, "e\u0301", 0, 1),
        (5, "c", 0, 0),
    )


def test_links_are_sent_once() -> None:
    engine = Engine(20, 2)
    engine.feed(b"\x1b]8;;https://example.com\x1b\\a\x1b[1mb\x1b]8;;\x1b\\c")
    frame = engine.frame()
    assert frame.links == ((1, "https://example.com"),)
    assert [style[5] for style in frame.styles] == [1, 1, 0]


def test_frame_survives_messagepack() -> None:
    engine = Engine(20, 5)
    engine.feed("\x1b[31mrot 漢\x1b]4;3;#102030\x07".encode())
    frame = engine.frame()
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(frame), type=Frame) == frame


def test_modes_and_cursor_shape() -> None:
    engine = Engine(10, 2)
    engine.feed(b"\x1b[?1h\x1b[?1002h\x1b[?1006h\x1b[?2004h\x1b[?1004h\x1b[5 q\x1b[?25l\x1b[?1049h")
    frame = engine.frame()
    assert (frame.modes.mouse, frame.modes.mouse_encoding) == (1002, 1006)
    assert frame.modes.app_cursor
    assert frame.modes.bracketed_paste
    assert frame.modes.focus_events
    assert frame.modes.alternate
    assert frame.cursor[2:] == ("bar", False, True)


def test_synchronized_output_is_said_and_can_be_ended() -> None:
    engine = Engine(10, 2)
    engine.feed(b"\x1b[?2026h")
    assert engine.is_held
    engine.release()
    assert not engine.is_held


def test_view_is_held_while_output_goes_on() -> None:
    engine = Engine(10, 4)
    engine.feed(lines(0, 50))
    engine.scroll_by(-10)
    frames = [engine.frame()]
    assert painted(frames) == ["line 37", "line 38", "line 39", "line 40"]
    assert not frames[0].cursor[3]
    engine.feed(lines(50, 60))
    frames.append(engine.frame())
    assert painted(frames) == ["line 37", "line 38", "line 39", "line 40"]
    assert frames[1].changed == ()
    assert frames[1].view == (37, 61, 10)
    engine.scroll_by(-1)
    frames.append(engine.frame())
    assert frames[2].scrolled == -1
    assert painted(frames)[0] == "line 36"
    engine.scroll_to_end()
    assert painted([engine.frame()])[:3] == ["line 57", "line 58", "line 59"]


def test_scroll_to_a_line_and_to_a_fraction() -> None:
    engine = Engine(10, 4)
    engine.feed(lines(0, 50))
    engine.scroll_to(12)
    assert engine.frame().lines[0] == (12, 0)
    engine.scroll_to_fraction(0.0)
    assert engine.frame().lines[0] == (0, 0)
    engine.scroll_to_fraction(1.0)
    assert engine.is_at_end


def test_clear_scrollback() -> None:
    engine = Engine(10, 4)
    engine.feed(lines(0, 50))
    engine.scroll_by(-10)
    engine.clear_scrollback()
    assert engine.is_at_end
    assert engine.text() == "line 47\nline 48\nline 49"


def test_scrollback_is_bounded() -> None:
    engine = Engine(10, 4, scrollback=1000)
    engine.feed(lines(0, 20_000))
    assert 1000 <= engine.screen.history.line_count < 9000


def test_find() -> None:
    engine = Engine(20, 4)
    engine.feed(lines(0, 20) + "漢字 Line 漢x\r\n".encode())
    assert engine.find("line 1")[:3] == [(1, 0, 6), (10, 0, 6), (11, 0, 6)]
    assert engine.find("LINE 19") == [(19, 0, 7)]
    assert engine.find("Line", match_case=True) == [(20, 5, 4)]
    assert engine.find("漢x") == [(20, 10, 3)]
    assert engine.find(r"^line \d$", is_regex=True)[-1] == (9, 0, 6)
    assert engine.find("lin", whole_word=True) == []
    assert engine.find("line", limit=5) == [(number, 0, 4) for number in range(5)]
    assert engine.find("") == []


def test_bad_pattern_is_said() -> None:
    with pytest.raises(PatternError, match="isn't a regular expression"):
        Engine(10, 2).find("(", is_regex=True)


def test_find_across_a_wrap_and_show() -> None:
    engine = Engine(10, 4)
    engine.feed(b"abcdefghijklm\r\n" + lines(0, 30))
    hits = engine.find("ijkl")
    assert hits == [(0, 8, 4)]
    engine.show(*hits[0][:2])
    assert engine.place_of(hits[0][:2]) == (0, 8)


def test_selection() -> None:
    engine = Engine(10, 5)
    engine.feed(b"one two three four\r\nfive  \r\nsix")
    assert engine.point_at(1, 3) == (0, 13)
    assert engine.word_at((0, 9)) == ((0, 8), (0, 13))
    assert engine.line_at((0, 9))[1] == (0, 20)
    assert engine.text_between((0, 4), (0, 13)) == "two three"
    assert engine.text_between((2, 2), (0, 14)) == "four\nfive\nsi"
    assert engine.text_between((0, 0), (1, 3), block=True) == "one\nree\nfiv"
    start, end = engine.all_span()
    assert engine.text_between(start, end).rstrip("\n") == engine.text()
    assert engine.text() == "one two three four\nfive\nsix"


def test_selection_in_scrollback_and_alternate_screen() -> None:
    engine = Engine(10, 3)
    engine.feed(b"0123456789abcdef\r\n" + lines(0, 9))
    assert engine.text_between((0, 8), (0, 12)) == "89ab"
    engine.feed(b"\x1b[?1049h\x1b[Hhello you")
    point = engine.point_at(0, 7)
    assert point[0] < 0
    assert engine.text_between(*engine.word_at(point)) == "you"


def test_wrapped_rows_are_marked() -> None:
    engine = Engine(4, 3)
    engine.feed(b"abcdef")
    assert [flags & WRAPPED for _row, flags, _runs in engine.frame().changed] == [1, 0, 0]


@pytest.mark.slow
def test_style_flood_renumbers_instead_of_growing() -> None:
    engine = Engine(10, 2)
    for start in range(0, 60_000, 10):
        engine.feed(
            b"\x1b[H"
            + b"".join(
                b"\x1b[38;2;%d;%d;7mx" % (number >> 8, number & 255)
                for number in range(start, start + 10)
            )
        )
        assert max((style[0] for style in engine.frame().styles), default=0) < 51_000


@pytest.mark.parametrize("size", [(0, 0), (1, 1), (100_000, 100_000)])
def test_sizes_are_clamped(size: tuple[int, int]) -> None:
    engine = Engine(80, 24)
    engine.resize(*size)
    assert 2 <= engine.cols <= 2000
    assert 1 <= engine.rows <= 1000


def test_a_word_and_a_hit_that_begin_in_the_scrollback() -> None:
    engine = Engine(5, 2)
    engine.feed("ab \u6f22cdefghijk\u6f22 z".encode())
    hits = engine.find("cdefghijk")
    assert [length for _, _, length in hits] == [9]
    line_id, offset, _ = hits[0]
    start, end = engine.word_at((line_id, offset + 8))
    assert engine.text_between(start, end) == "\u6f22cdefghijk\u6f22"
    engine.resize(9, 3)
    assert engine.text_between(start, end) == "\u6f22cdefghijk\u6f22"
    assert engine.find("cdefghijk") == hits

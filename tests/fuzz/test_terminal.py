"""The terminal engine under any input: properties that hold whatever a program writes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teleterm.terminal.engine import Engine
from teleterm.terminal.lines import lay_out
from teleterm.terminal.row import Row

_SEQUENCES = st.sampled_from(
    [
        *(
            f"\x1b[{number}{final}"
            for number in ("", "0", "3", "999999")
            for final in "@ABCDEFGHIJKLMPSTXZ`abdefgr"
        ),
        *(f"\x1b[{a};{b}{final}" for a, b in ((2, 3), (9, 1), (1, 99)) for final in "Hrs"),
        *(
            f"\x1b[?{mode}{final}"
            for mode in (3, 5, 6, 7, 40, 45, 47, 69, 1047, 1049, 2027)
            for final in "hl"
        ),
        *("\x1b[4h", "\x1b[4l", "\x1b[20h", "\x1b[31m", "\x1b[48;5;9m", "\x1b[m", "\x1b[1;4:3m"),
        *(
            "\x1b7",
            "\x1b8",
            "\x1bM",
            "\x1bD",
            "\x1bE",
            "\x1bH",
            "\x1bc",
            "\x1b#8",
            "\x1b#6",
            "\x1b6",
        ),
        *("\x1b(0", "\x1b(B", "\x0e", "\x0f", "\x1bN", "\x1b[!p", '\x1b[1"q', "\x1b[?2J", "\x1bV"),
        *("\x1b[65;1;2;3;4$x", "\x1b[1;1;2;2$z", "\x1b[1;1;3;4;1;2;5$v", "\x1b[1;1;3;3${"),
        *(
            "\x1b]0;SECRETTITLE\x07",
            "\x1b]8;;http://SECRET\x1b\\",
            "\x1b]8;;\x07",
            "\x1b]52;c;U0VDUkVU\x07",
        ),
        *(
            "\x1b]4;1;?\x07",
            "\x1b]10;?\x1b\\",
            "\x1bP$qm\x1b\\",
            "\x1bP+q544e\x1b\\",
            "\x1b[21t",
            "\x1b[c",
        ),
        *(
            "\x1bP1;2q",
            "\x1b_x",
            "\x1b]",
            "\x1b\\",
            "\x18",
            "\x1b[",
            "\x1b",
            "\x07",
            "\x9b3A",
            "\x85",
        ),
        *("\x1b[5iab\x1b[4i", "\x1b~", "\x1b-A", "\x1b)0", "\x1b[?42h", "\x1b(H[", "\x1b[3b"),
        *("\udce4", "\udcc3", "\udcff\udce6", "\u0301"),  # bytes that aren't UTF-8, and a mark
        *("\x1b[#{", "\x1b[1;30#p", "\x1b[#}", "\x1b[?2l", "\x1b<", "\x1bY!#", "\x1bK", "\x1bJ"),
        *(
            "\r",
            "\n",
            "\r\n",
            "\t",
            "\b",
            "漢字",
            "e\u0301",
            "🇩🇪",
            "👩\u200d👧",
            "👍🏽",
            "\u200d",
            "─",
        ),
    ]
)
_TEXT = st.text(alphabet="abcdefg XYZ0123456789", min_size=1, max_size=30)
_PIECES = st.lists(st.one_of(_SEQUENCES, _TEXT), max_size=40)
_SIZES = st.tuples(st.integers(2, 30), st.integers(1, 10))


def _state(engine: Engine) -> object:
    screen = engine.screen
    grids = [
        [
            (row.cells, [(s.fg, s.bg, s.attrs) for s in row.styles], row.is_wrapped, row.size)
            for row in grid.rows
        ]
        for grid in (screen.main, screen.alternate)
    ]
    cursor = (screen.x, screen.y, screen.wrap_due, screen.style.fg, screen.is_alternate)
    margins = (screen.top, screen.bottom, screen.left, screen.right)
    return grids, cursor, margins, engine.text(), engine.title


def _check_shape(engine: Engine) -> None:
    screen = engine.screen
    assert 0 <= screen.y < screen.row_count
    assert 0 <= screen.x <= screen.cols
    assert 0 <= screen.top <= screen.bottom < screen.row_count
    assert 0 <= screen.left <= screen.right < screen.cols
    for grid in (screen.main, screen.alternate):
        assert len(grid.rows) == screen.row_count
        for row in grid.rows:
            assert len(row.cells) == len(row.styles) == screen.cols
            assert row.cells[0] != ""
            if not row.is_special:
                assert all(len(cell) == 1 for cell in row.cells)
            assert all(cell or row.cells[col - 1] for col, cell in enumerate(row.cells))


@settings(max_examples=150, deadline=None)
@given(pieces=_PIECES, size=_SIZES, cuts=st.lists(st.integers(0, 2000), max_size=20))
@pytest.mark.slow
def test_any_split_gives_the_same(
    pieces: list[str], size: tuple[int, int], cuts: list[int]
) -> None:
    data = "".join(pieces).encode("utf-8", "surrogateescape")
    whole, parts = Engine(*size, scrollback=50), Engine(*size, scrollback=50)
    whole.feed(data)
    at = 0
    for cut in [*sorted({min(cut, len(data)) for cut in cuts}), len(data)]:
        parts.feed(data[at:cut])
        at = cut
    _check_shape(whole)
    assert _state(parts) == _state(whole)
    assert parts.take_replies() == whole.take_replies()
    assert parts.take_events() == whole.take_events()


_IN_MARGINS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *(
                    "\r\n",
                    "\n",
                    "x\r\n",
                    "\x1bD",
                    "\x1b[S",
                    "\x1b[2S",
                    "\x1b[T",
                    "\x1bM",
                    "\x1b[A",
                    "\x1b[2Ay",
                ),
                *("漢字漢", "e\u0301", "\x1b[41m", "\x1b[m", "\x1b[9H", "\x1b[9;9H", "\x1b[3;6H"),
                *("\x1b[2;7s", "\x1b[1;5s", "\x1b[2;5r", "\x1b[r", "\x1b[?69l", "\x1b[?69h"),
                *("\x1b[?1049h", "\x1b[?1049l", "\x1b[!p", "\x1b[L", "\x1b[M", "\x1b#6", "\x1b[J"),
            ]
        ),
        _TEXT,
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(pieces=_IN_MARGINS, size=_SIZES)
@pytest.mark.slow
def test_looking_at_rows_that_scroll_inside_margins_changes_nothing(
    pieces: list[str], size: tuple[int, int]
) -> None:
    seen, unseen = Engine(*size, scrollback=50), Engine(*size, scrollback=50)
    for engine in (seen, unseen):
        engine.feed(b"abcdefgh\r\n" * 9 + b"\x1b[?69h\x1b[3;6s\x1b[9;3H")
    for piece in pieces:
        for engine in (seen, unseen):
            engine.feed(piece.encode("utf-8", "surrogateescape"))
        _check_shape(seen)
    assert _state(seen) == _state(unseen)
    _check_shape(unseen)


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=400), size=_SIZES)
@pytest.mark.slow
def test_no_bytes_raise(data: bytes, size: tuple[int, int]) -> None:
    engine = Engine(*size, scrollback=20, replies_window_ops=True, answers_checksums=True)
    engine.feed(b"\x1b[" + data + b"\x1b]" + data)
    engine.resize(12, 5)
    engine.feed(data)
    _check_shape(engine)
    engine.frame()
    engine.scroll_by(-3)
    engine.frame()


@settings(max_examples=100, deadline=None)
@given(pieces=_PIECES, sizes=st.lists(_SIZES, min_size=1, max_size=5))
@pytest.mark.slow
def test_frames_and_resizes_in_between_never_raise(
    pieces: list[str], sizes: list[tuple[int, int]]
) -> None:
    engine = Engine(20, 6, scrollback=50)
    for number, piece in enumerate(pieces):
        engine.feed(piece.encode("utf-8", "surrogateescape"))
        if number % 4 == 3:
            engine.resize(*sizes[number % len(sizes)])
            engine.scroll_by(-2 if number % 8 == 3 else 1)
        _check_shape(engine)
        frame = engine.frame()
        assert len(frame.lines) == frame.rows
        for row, _flags, runs in frame.changed:
            assert 0 <= row < frame.rows
            end = 0
            for col, text, _style, width in runs:
                assert col >= end
                end = col + (width or len(text))
            assert end <= frame.cols
    engine.find("a")
    engine.text()


@settings(max_examples=100, deadline=None)
@given(
    lines=st.lists(st.text(alphabet="abc漢é ", max_size=40).map(str.rstrip), max_size=12),
    sizes=st.lists(_SIZES, min_size=1, max_size=4),
)
@pytest.mark.slow
def test_resizing_there_and_back_keeps_the_text(
    lines: list[str], sizes: list[tuple[int, int]]
) -> None:
    engine = Engine(20, 6)
    engine.feed("\r\n".join([*lines, "$ "]).encode())
    before = engine.text()
    for size in sizes:
        engine.resize(*size)
        assert engine.text() == before
    engine.resize(20, 6)
    assert engine.text() == before


@settings(max_examples=100, deadline=None)
@given(pieces=_PIECES)
def test_replies_hold_nothing_a_program_wrote(pieces: list[str]) -> None:
    engine = Engine(20, 6)
    engine.feed("".join(pieces).encode("utf-8", "surrogateescape"))
    engine.feed(b"\x18\x1b<\x1b]0;SECRETTITLE\x07\x1b]8;;http://SECRET\x07SECRET")
    engine.feed(b"\x1b[20t\x1b[21t\x1b]52;c;?\x07\x1b]8;;?\x07\x1b]0;?\x07\x1b[c\x1bP$qt\x1b\\")
    replies = engine.take_replies()
    assert b"SECRET" not in replies
    assert b"U0VDUkVU" not in replies


BOMBS = [
    b"\x1b[999999999L" * 200,
    b"a\x1b[999999999b" * 20,
    b"\x1b]2;" + b"x" * 3_000_000,
    b"\x1bPq" + b"#" * 3_000_000,
    b"\x1b[" + b"1;" * 500_000,
    b"e" + "\u0301".encode() * 300_000,
    b"x" * 1_000_000,
    b"".join(b"\x1b[38;2;%d;%d;1mx" % (number >> 8, number & 255) for number in range(60_000)),
    b"".join(b"\x1b]8;;http://h/%d\x07x" % number for number in range(20_000)),
    b"".join(b"\x1b]4;%d;#%06x\x07" % (number % 256, number) for number in range(20_000)),
    b"\x1b[22t\x1b]2;t\x07" * 20_000,
    b"\x1b[>1u" * 50_000,
    b"\x1b[?1049h\x1b[?1049l" * 5_000,
    b"\x1b[" * 100_000,
    bytes(range(256)) * 500,
]


@pytest.mark.slow
@pytest.mark.parametrize("bomb", BOMBS, ids=range(len(BOMBS)))
def test_bombs_are_bounded(bomb: bytes) -> None:
    engine = Engine(80, 24, scrollback=1000)
    for at in range(0, len(bomb), 65_536):
        engine.feed(bomb[at : at + 65_536])
    engine.frame()
    engine.resize(40, 10)
    assert len(engine.text()) < 2_000_000
    assert len(engine.take_events()) <= 1000


_LINE = st.lists(
    st.one_of(
        _TEXT,
        st.sampled_from(
            ["\x1b[31m", "\x1b[44m", "\x1b[m", "\x1b[0;1m", "\x1b[K", "\t", "漢字", "e\u0301", "🇩🇪"]
        ),
    ),
    max_size=5,
).map("".join)


@settings(max_examples=20, deadline=None)
@given(
    lines=st.lists(_LINE, min_size=1, max_size=12),
    start=st.lists(st.one_of(_LINE, _SEQUENCES), max_size=3),
    end=_LINE,
    size=_SIZES,
)
@pytest.mark.slow
def test_floods_of_lines_take_the_quick_way_to_the_same_place(
    lines: list[str], start: list[str], end: str, size: tuple[int, int]
) -> None:
    flood = ("\r\n".join(lines * (3000 // len(lines))) + "\r\n" + end).encode()
    flood = flood[: 2 << 16]
    quick, slow = Engine(*size, scrollback=100_000), Engine(*size, scrollback=100_000)
    for engine in (quick, slow):
        engine.feed("".join(start).encode("utf-8", "surrogateescape") + b"\r\n" * 12)
    quick.feed(flood)
    for at in range(0, len(flood), 1500):
        slow.feed(flood[at : at + 1500])
    assert quick.screen.history.line_count == slow.screen.history.line_count
    assert _state(quick) == _state(slow)
    quick.scroll_by(-40)
    slow.scroll_by(-40)
    assert [row.cells for row in _view(quick)] == [row.cells for row in _view(slow)]
    assert [_looks(row) for row in _view(quick)] == [_looks(row) for row in _view(slow)]


def _view(engine: Engine) -> list[Row]:
    rows = []
    for line in range(engine.screen.history.first_id, engine.screen.history.screen_id)[-60:]:
        kept = engine.screen.history.line(line)
        assert kept is not None
        rows.extend(lay_out(kept, engine.cols, engine.screen.table.default))
    return rows


def _looks(row: Row) -> list[tuple[int, int, int]]:
    return [(style.fg, style.bg, style.attrs) for style in row.styles]

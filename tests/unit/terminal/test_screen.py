"""What the screen shows after some bytes: a table of cases, with xterm's answers."""

import random

import pytest

from teleterm.terminal.engine import Engine
from teleterm.terminal.styles import UNDERLINE

COLS, ROWS = 10, 4

# name, bytes, rows (trailing blanks cut), cursor (column, row)
CASES = [
    ("text", b"abc", ["abc", "", "", ""], (3, 0)),
    ("CR LF", b"ab\r\ncd", ["ab", "cd", "", ""], (2, 1)),
    ("LF alone keeps the column", b"ab\ncd", ["ab", "  cd", "", ""], (4, 1)),
    ("scrolls at the bottom", b"1\r\n2\r\n3\r\n4\r\n5", ["2", "3", "4", "5"], (1, 3)),
    # a wrap that is due
    ("full row waits", b"0123456789", ["0123456789", "", "", ""], (9, 0)),
    ("wraps with the next", b"0123456789a", ["0123456789", "a", "", ""], (1, 1)),
    ("SGR keeps it", b"0123456789\x1b[1ma", ["0123456789", "a", "", ""], (1, 1)),
    ("CR ends it", b"0123456789\ra", ["a123456789", "", "", ""], (1, 0)),
    ("BS ends it", b"0123456789\bX", ["01234567X9", "", "", ""], (9, 0)),
    ("CUF ends it", b"0123456789\x1b[CX", ["012345678X", "", "", ""], (9, 0)),
    ("LF ends it", b"0123456789\nX", ["0123456789", "         X", "", ""], (9, 1)),
    ("TAB keeps it", b"0123456789\tX", ["0123456789", "X", "", ""], (1, 1)),
    ("EL keeps it", b"0123456789\x1b[KX", ["0123456789", "X", "", ""], (1, 1)),
    ("EL 2 keeps it", b"0123456789\x1b[2KX", ["", "X", "", ""], (1, 1)),
    ("ED keeps it", b"0123456789\x1b[JX", ["0123456789", "X", "", ""], (1, 1)),
    ("mark joins the last cell", b"012345678e\xcc\x81", ["012345678e\u0301", "", "", ""], (9, 0)),
    ("DECRC ends it", b"0123456789\x1b7\x1b[H\x1b8X", ["012345678X", "", "", ""], (9, 0)),
    (
        "leaving the alternate screen keeps it",
        b"0123456789\x1b[?1049h\x1b[?1049lX",
        ["0123456789", "X", "", ""],
        (1, 1),
    ),
    ("no autowrap", b"\x1b[?7l0123456789ab", ["012345678b", "", "", ""], (9, 0)),
    # wide characters
    ("wide", "漢a".encode(), ["漢a", "", "", ""], (3, 0)),
    ("wide at the margin", "012345678漢".encode(), ["012345678", "漢", "", ""], (2, 1)),
    ("wide without autowrap", "\x1b[?7l012345678漢".encode(), ["012345678", "", "", ""], (9, 0)),
    ("over the left half", "漢\ra".encode(), ["a", "", "", ""], (1, 0)),
    ("over the right half", "漢\x1b[2Ga".encode(), [" a", "", "", ""], (2, 0)),
    ("erase a half", "a漢b\x1b[3G\x1b[X".encode(), ["a  b", "", "", ""], (2, 0)),
    ("delete a half", "a漢b\x1b[3G\x1b[P".encode(), ["a b", "", "", ""], (2, 0)),
    ("insert between halves", "a漢b\x1b[3G\x1b[@".encode(), ["a   b", "", "", ""], (2, 0)),
    ("flag", "🇩🇪x".encode(), ["🇩🇪x", "", "", ""], (3, 0)),
    ("family", "👩\u200d👧x".encode(), ["👩\u200d👧x", "", "", ""], (3, 0)),
    (
        "family, clusters off",
        "\x1b[?2027l👩\u200d👧x".encode(),
        ["👩\u200d👧x", "", "", ""],
        (5, 0),
    ),
    ("skin tone", "👍🏽x".encode(), ["👍🏽x", "", "", ""], (3, 0)),
    ("heart stays narrow", "❤\ufe0fx".encode(), ["❤\ufe0fx", "", "", ""], (2, 0)),
    ("mark at column 0", b"\xcc\x81x", ["\u0301x", "", "", ""], (2, 0)),
    # cursor
    ("CUP", b"\x1b[2;3Hx", ["", "  x", "", ""], (3, 1)),
    ("CUP clamps", b"\x1b[99;99Hx", ["", "", "", "         x"], (9, 3)),
    ("CUP 0 is 1", b"\x1b[0;0Hx", ["x", "", "", ""], (1, 0)),
    ("CUU stops at the margin", b"\x1b[2;3r\x1b[3H\x1b[9Ax", ["", "x", "", ""], (1, 1)),
    ("CUU from above the margin", b"\x1b[3;4r\x1b[2H\x1b[9Ax", ["x", "", "", ""], (1, 0)),
    ("VPA and HPA", b"\x1b[3d\x1b[4`x", ["", "", "   x", ""], (4, 2)),
    ("CNL and CPL", b"ab\x1b[2Ex\x1b[Fy", ["ab", "y", "x", ""], (1, 1)),
    ("CBT and CHT", b"\x1b[Ix\x1b[Zy", ["        y", "", "", ""], (9, 0)),
    ("tab stop set", b"\x1b[4G\x1bH\r\tx", ["   x", "", "", ""], (4, 0)),
    ("tab stops gone", b"\x1b[3g\tx", ["         x", "", "", ""], (9, 0)),
    ("origin", b"\x1b[2;3r\x1b[?6h\x1b[1;1Hx", ["", "x", "", ""], (1, 1)),
    # scrolling and margins
    ("region scrolls", b"a\r\nb\r\nc\r\nd\x1b[2;3r\x1b[3H\n", ["a", "c", "", "d"], (0, 2)),
    ("LF below the region", b"\x1b[1;2r\x1b[4H\nx", ["", "", "", "x"], (1, 3)),
    ("RI scrolls down", b"a\r\nb\x1b[H\x1bM", ["", "a", "b", ""], (0, 0)),
    ("IL", b"a\r\nb\r\nc\x1b[2H\x1b[L", ["a", "", "b", "c"], (0, 1)),
    ("DL", b"a\r\nb\r\nc\x1b[2H\x1b[M", ["a", "c", "", ""], (0, 1)),
    ("SU and SD", b"a\r\nb\x1b[S\x1b[2T", ["", "", "b", ""], (1, 1)),
    (
        "side margins wrap",
        b"\x1b[?69h\x1b[3;5s\x1b[1;3Habcd",
        ["  abc", "  d", "", ""],
        (3, 1),
    ),
    (
        "side margins scroll",
        b"abcdefgh\x1b[?69h\x1b[3;5s\x1b[S",
        ["ab   fgh", "", "", ""],
        (0, 0),
    ),
    ("DECIC", b"abcd\x1b[2G\x1b[2'}", ["a  bcd", "", "", ""], (1, 0)),
    ("DECDC", b"abcd\x1b[2G\x1b[2'~", ["ad", "", "", ""], (1, 0)),
    ("DECBI", b"ab\r\x1b6", [" ab", "", "", ""], (0, 0)),
    # editing
    ("ICH", b"abc\r\x1b[2@", ["  abc", "", "", ""], (0, 0)),
    ("DCH", b"abcd\r\x1b[2P", ["cd", "", "", ""], (0, 0)),
    ("ECH", b"abcd\r\x1b[2X", ["  cd", "", "", ""], (0, 0)),
    ("IRM", b"abc\r\x1b[4hxy", ["xyabc", "", "", ""], (2, 0)),
    ("ED 1", b"abc\r\ndef\x1b[2;2H\x1b[1J", ["", "  f", "", ""], (1, 1)),
    ("ED 2 keeps the cursor", b"abc\x1b[2J", ["", "", "", ""], (3, 0)),
    ("DECSED", b'a\x1b[1"qb\x1b[0"qc\x1b[?2J', [" b", "", "", ""], (3, 0)),
    ("SPA protects from ED", b"a\x1bVb\x1bWc\x1b[2J", [" b", "", "", ""], (3, 0)),
    ("REP", b"ab\x1b[3b", ["abbbb", "", "", ""], (5, 0)),
    ("REP only after text", b"ab\x1b[D\x1b[3b", ["ab", "", "", ""], (1, 0)),
    ("REP after a VT52's text", b"\x1b[?2lab\x1b<\x1b[3b", ["ab", "", "", ""], (2, 0)),
    ("REP of a REP", b"ab\x1b[2b\x1b[2bc\x1b[b", ["abbbcc", "", "", ""], (6, 0)),
    ("REP of a marked one", "ae\u0301\x1b[2b".encode(), ["a" + "e\u0301" * 3, "", "", ""], (4, 0)),
    ("REP of a lone mark", "\u0301\x1b[2b".encode(), ["\u0301" * 3, "", "", ""], (1, 0)),
    ("REP wraps", b"ab\x1b[12b", ["abbbbbbbbb", "bbbb", "", ""], (4, 1)),
    # rectangles
    ("technical set", b"\x1b(>!Ea\x1b(Bz", ["⎷∇αz", "", "", ""], (4, 0)),
    ("DECFRA", b"\x1b[88;1;2;2;3$x", [" XX", " XX", "", ""], (0, 0)),
    ("DECERA", b"abc\r\ndef\x1b[1;2;2;2$z", ["a c", "d f", "", ""], (3, 1)),
    ("DECCRA", b"abc\r\ndef\x1b[1;1;2;2;1;3;5$v", ["abc", "def", "    ab", "    de"], (3, 1)),
    ("DECSERA", b'a\x1b[1"qb\x1b[1;1;1;5${', [" b", "", "", ""], (2, 0)),
    ("DECALN", b"\x1b#8", ["E" * 10] * 4, (0, 0)),
    # character sets
    ("line drawing", b"\x1b(0lqk\x1b(Bx", ["┌─┐x", "", "", ""], (4, 0)),
    ("SO and SI", b"\x1b)0\x0eq\x0fq", ["─q", "", "", ""], (2, 0)),
    ("single shift", b"\x1b*0\x1bNqq", ["─q", "", "", ""], (2, 0)),
    ("Swedish", b"\x1b(H[\x1b[?42h[\x1b[?42l[", ["[Ä[", "", "", ""], (3, 0)),
    ("set on the right", b"\x1b-A\x1b~\xe4\xc3\xb6\xe4 ", ["äöä", "", "", ""], (4, 0)),
    ("reset on the right", b"\x1b)0\x1b~\xf1\x1b[!p\xf1 ", ["─\ufffd", "", "", ""], (3, 0)),
    ("British", b"\x1b(A#", ["£", "", "", ""], (1, 0)),
    # malformed
    ("C0 inside CSI", b"\x1b[2\n;3Hx", ["", "  x", "", ""], (3, 1)),
    ("ESC inside CSI", b"\x1b[2;3\x1b[3Hx", ["", "", "x", ""], (1, 2)),
    ("CAN aborts", b"\x1b[2;3\x18Hx", ["Hx", "", "", ""], (2, 0)),
    ("unknown private", b"\x1b[>4;1mx\x1b[?99zy", ["xy", "", "", ""], (2, 0)),
    ("intermediate is another command", b"ab\x1b[2 Hx", ["abx", "", "", ""], (3, 0)),
    ("DCS swallowed", b"a\x1bPq#0;1\nxx\x1b\\b", ["ab", "", "", ""], (2, 0)),
    (
        "APC, PM, SOS swallowed",
        b"a\x1b_x\x1b\\\x1b^y\x1b\\\x1bXz\x1b\\b",
        ["ab", "", "", ""],
        (2, 0),
    ),
    ("OSC cut by CAN", b"a\x1b]0;t\x18b", ["ab", "", "", ""], (2, 0)),
    ("OSC cut by another", b"a\x1b]0;t\x1b[2Cb", ["a  b", "", "", ""], (4, 0)),
    ("C1 in UTF-8", b"\xc2\x9b2;2Hx", ["", " x", "", ""], (2, 1)),
    ("bad UTF-8", b"a\xffb\xc3", ["a\ufffdb", "", "", ""], (3, 0)),
    ("huge numbers", b"a\x1b[999999999999L\x1b[99999999999999999b", ["", "", "", ""], (0, 0)),
    ("too many parameters", b"\x1b[" + b"1;" * 5000 + b"Hx", ["x", "", "", ""], (1, 0)),
    ("MC for a printer", b"a\x1b[5ib\r\n\x1b[31mc\x1b]2;x\x07\x1b[4id", ["ad", "", "", ""], (2, 0)),
    ("RIS ends that too", b"a\x1b[5ib\x1bcd", ["d", "", "", ""], (1, 0)),
    ("MC off alone", b"a\x1b[4ib\x1b[i\x1b[?5ic", ["abc", "", "", ""], (3, 0)),
    # whole screen
    ("alternate and back", b"main\x1b[?1049halt\x1b[?1049l", ["main", "", "", ""], (4, 0)),
    ("alternate twice", b"m\x1b[?1049h\x1b[?1049hx\x1b[?1049l", ["m", "", "", ""], (1, 0)),
    ("47 keeps its cells", b"\x1b[?47halt\x1b[?47l\x1b[H\x1b[?47h", ["alt", "", "", ""], (0, 0)),
    ("1047 clears on exit", b"\x1b[?1047halt\x1b[?1047l\x1b[?1047h", ["", "", "", ""], (3, 0)),
    (
        "DECRC on the alternate screen wraps",
        b"\x1b[?1049h\x1b[10Gx\x1b7\x1b[H\x1b8y",
        ["         x", "y", "", ""],
        (1, 1),
    ),
    ("DECCOLM clears without leave to resize", b"abc\x1b[?3hd", ["d", "", "", ""], (1, 0)),
    ("DECCOLM off does nothing then", b"abc\x1b[?3ld", ["abcd", "", "", ""], (4, 0)),
    ("RIS", b"abc\x1b[2;3r\x1b[?6h\x1bcx", ["x", "", "", ""], (1, 0)),
    ("DECSTR", b"\x1b[2;3r\x1b[?6h\x1b[4h\x1b[!p\x1b[Hab\rx", ["xb", "", "", ""], (1, 0)),
]


def rows_of(engine: Engine) -> list[str]:
    return ["".join(row.cells).rstrip(" ") for row in engine.screen.grid.rows]


@pytest.mark.parametrize(
    ("data", "rows", "cursor"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_screen_after(data: bytes, rows: list[str], cursor: tuple[int, int]) -> None:
    engine = Engine(COLS, ROWS)
    engine.feed(data)
    assert rows_of(engine) == rows
    assert (engine.screen.column, engine.screen.y) == cursor


@pytest.mark.parametrize("data", [case[1] for case in CASES], ids=[case[0] for case in CASES])
def test_byte_by_byte_is_the_same(data: bytes) -> None:
    whole, pieces = Engine(COLS, ROWS), Engine(COLS, ROWS)
    whole.feed(data)
    for at in range(len(data)):
        pieces.feed(data[at : at + 1])
    assert rows_of(pieces) == rows_of(whole)
    assert (pieces.screen.x, pieces.screen.y) == (whole.screen.x, whole.screen.y)


def test_erased_cells_take_the_background() -> None:
    engine = Engine(COLS, ROWS)
    engine.feed(b"\x1b[44;1mab\x1b[K")
    styles = engine.screen.grid.rows[0].styles
    assert (styles[1].bg, styles[1].attrs) == (4, 1)
    assert (styles[5].bg, styles[5].attrs) == (4, 0)


def test_a_megabyte_of_accents_stays_one_small_cell() -> None:
    engine = Engine(COLS, ROWS)
    engine.feed(b"e" + "\u0301".encode() * 500_000)
    assert len(engine.screen.grid.rows[0].cells[0]) <= 16


def test_vt52_and_back() -> None:
    engine = Engine(10, 4)
    engine.feed(b"\x1b[?2lab\x1bY\x22\x23c\x1bFq\x1bGq\x1bA\x1bK\x1bI!\x1bZ\x1b<\x1b[1;31mX")
    assert rows_of(engine) == ["ab    !X", "", "   c─q", ""]
    assert engine.take_replies() == b"\x1b/Z"
    assert engine.screen.style.fg == 1


@pytest.mark.parametrize("cut", range(1, 30))
def test_vt52_cut_anywhere(cut: int) -> None:
    data = b"x\x1b[?2lab\x1bY\x21\x23c\x1bFq\x1b\x1bH\r\nz\x1b<\x1b[2;2HX"
    engine = Engine(10, 4)
    engine.feed(data[:cut])
    engine.feed(data[cut:])
    assert rows_of(engine) == ["xab", "≥X c─", "", ""]


def test_a_reset_ends_vt52() -> None:
    engine = Engine(10, 4)
    engine.feed(b"\x1b[?2l\x1bc\x1b[2;2HX")
    assert rows_of(engine) == ["", " X", "", ""]


def test_a_double_width_row_ends_at_half_the_columns() -> None:
    engine = Engine(10, 4)
    engine.feed(b"\x1b#6\t\t\tx\x1b[2;1H\x1b#6\x1b[2;9Hy\x1b[3;1H\x1b#6\x1b[9Cz")
    assert rows_of(engine) == ["    x", "    y", "    z", ""]


def test_delete_is_a_character_of_a_set_of_96() -> None:
    engine = Engine(10, 1)
    engine.feed(b"a\x7f\x1b-A\x0eb\x7f\x0f\x7f")
    assert rows_of(engine) == ["aâÿ"]


def test_another_level_leaves_the_screen() -> None:
    engine = Engine(10, 1)
    engine.feed(b'\x1b[4hab\x1b[64"pc')
    assert rows_of(engine) == ["abc"]
    assert not engine.screen.is_insert


def test_the_multinational_set_is_nearly_latin_1() -> None:
    engine = Engine(10, 1)
    engine.feed(b"\x1b)<\x0eAWwD$(")
    assert rows_of(engine) == ["Á\u0152\u0153Ä\u2e2e¤"]


def test_looks_put_aside_and_taken_back() -> None:
    engine = Engine(10, 1)
    engine.feed(b"\x1b[1;31;44m\x1b[#{\x1b[0;3;32m\x1b[3;10#p\x1b[0;4m\x1b[#q")
    style = engine.screen.style
    assert (style.fg, style.bg, style.attrs) == (2, -1, 4 | 1 << 8)
    engine.feed(b"\x1b[#}")
    style = engine.screen.style
    assert (style.fg, style.bg, style.attrs) == (1, 4, 1)
    engine.feed(b"\x1b[#}\x1b[m\x1b[#{" + b"\x1b[#{" * 1000)
    assert engine.screen.style is engine.screen.table.default


def test_attributes_changed_late_are_those_changed_at_once() -> None:
    chance = random.Random(4)
    pieces = (
        "\x1b[1;1;9;99;1;4$r",
        "\x1b[2;3;3;9;0$r",
        "\x1b[7$t",
        "\x1b[1;2;4;8;1;7$t",
        "\x1b[2*x",
    )
    others = ("x\r\n", "\x1b[2;2H\x1b[1mab", "\x1b[4:2mq", "\x1b[K", "\u6f22", "\x1b[@", "\x1b[2J")
    for _ in range(60):
        late, prompt = Engine(10, 4), Engine(10, 4)
        made = [chance.choice((*pieces, *pieces, *others)) for _ in range(12)]
        late.feed("".join(made).encode())
        for piece in made:
            prompt.feed(piece.encode())
            prompt.frame()
        assert late.frame(full=True) == prompt.frame(full=True), made


def test_underlining_a_rectangle_leaves_one_line() -> None:
    engine = Engine(4, 1)
    engine.feed(b"\x1b[4:2mab\x1b[1;1;1;2;4$r")
    assert {style.attrs for style in engine.screen.grid.rows[0].styles[:2]} == {UNDERLINE}

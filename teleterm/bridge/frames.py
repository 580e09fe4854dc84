"""The frame channel: what a terminal's engine and the window say to each other, as bytes.

Shape: 4 bytes big endian length, then msgpack of one message; at most MAX_BODY_BYTES.
The window takes bytes of an engine as hostile: `check` compares places with the frame's own size.
"""

import msgspec
from msgspec import Struct

from teleterm.bridge import splitter
from teleterm.bridge.splitter import Splitter
from teleterm.model.errors import PeerBroke

MAX_BODY_BYTES = 4 * 1024 * 1024
MAX_COLS = 2000
MAX_ROWS = 1000

Point = tuple[int, int]
"""(line id, offset in cells): a place in the text that scrolling and reflow don't move."""
Run = tuple[int, str, int, int]
"""(column, text, style id, width): width 0: each character is one cell; 1, 2: one cluster."""
RowDamage = tuple[int, int, tuple[Run, ...]]
"""(row, flags, runs); bit 0 of flags: goes on in the next row; bits 4-5: double size."""
StyleRow = tuple[int, int, int, int, int, int]
"""(id, fg, bg, underline colour, attributes, link id); -1 default, 0-255, 0x1000000 | rgb."""

BOLD, DIM, ITALIC, BLINK, INVERSE, HIDDEN, STRIKE, OVERLINE = (1 << bit for bit in range(8))
UNDERLINE_SHIFT = 8
"""Bits 8-10 of attributes: 0 none, 1 single, 2 double, 3 curly, 4 dotted, 5 dashed."""


# From the engine to the window


class Modes(Struct, frozen=True, array_like=True):
    """What the program switched on that the window must know."""

    mouse: int = 0
    has_bracketed_paste: bool = False
    has_focus_events: bool = False
    is_alternate: bool = False
    is_reverse: bool = False
    alternate_scroll: bool = True
    has_pixel_mouse: bool = False
    kitty: int = 0


class Paint(Struct, frozen=True, array_like=True, tag="p"):
    """What changed since the frame before; the window answers with Painted(serial)."""

    serial: int
    cols: int
    rows: int
    is_full: bool
    scrolled: int
    changed: tuple[RowDamage, ...]
    styles: tuple[StyleRow, ...]
    links: tuple[tuple[int, str], ...]
    cursor: tuple[int, int, str, bool, bool]
    modes: Modes
    lines: tuple[Point, ...]
    view: tuple[int, int, int]
    palette: tuple[tuple[int, int], ...] | None = None


class Rang(Struct, frozen=True, array_like=True, tag="b"):
    """The bell."""


class Titled(Struct, frozen=True, array_like=True, tag="t"):
    """The program set a title."""

    title: str


class Moved(Struct, frozen=True, array_like=True, tag="d"):
    """The program's folder, as a file: address."""

    uri: str


class WantsClipboard(Struct, frozen=True, array_like=True, tag="c"):
    """The program wants to write the clipboard."""

    selection: str
    data: bytes


class Noticed(Struct, frozen=True, array_like=True, tag="n"):
    """A notice by the program (OSC 9, 777)."""

    title: str
    body: str


class Warned(Struct, frozen=True, array_like=True, tag="w"):
    """The engine itself could not do something: a sentence for the person."""

    text: str


class Finished(Struct, frozen=True, array_like=True, tag="m"):
    """A command that took long has ended, as the shell's marks (OSC 133) say."""

    status: int


class Recording(Struct, frozen=True, array_like=True, tag="r"):
    """Where the session is written to from now on; empty: nowhere, `problem` says why if asked."""

    path: str
    problem: str = ""


class Active(Struct, frozen=True, array_like=True, tag="a"):
    """New output in a terminal that isn't shown."""


class Ended(Struct, frozen=True, array_like=True, tag="e"):
    """The program ended: its status, or the signal that ended it (then status is 128 + signal)."""

    status: int
    signal: int


class Spanned(Struct, frozen=True, array_like=True, tag="s"):
    """The answer to a question for a word, a line or everything: from start to before end."""

    ask: int
    start: Point
    end: Point


class Copied(Struct, frozen=True, array_like=True, tag="x"):
    """The answer to Copy: the text, cut at MAX_TEXT characters."""

    ask: int
    text: str
    is_cut: bool


class Kept(Struct, frozen=True, array_like=True, tag="k"):
    """The answer to AskKept: how many lines the scrollback has, roughly in how many bytes."""

    ask: int
    lines: int
    size_bytes: int


class Found(Struct, frozen=True, array_like=True, tag="f"):
    """The answer to Find: all hits so far, oldest first; `problem` says why there are none."""

    ask: int
    hits: tuple[tuple[int, int, int], ...]
    is_done: bool
    problem: str = ""


ToWindow = (
    Paint
    | Rang
    | Titled
    | Moved
    | WantsClipboard
    | Noticed
    | Warned
    | Finished
    | Recording
    | Active
    | Ended
    | Spanned
    | Copied
    | Kept
    | Found
)

MAX_TEXT = 1_000_000
"""Most characters that Copied brings; more stays where it is and is said to be cut."""

# From the window to the engine


class Painted(Struct, frozen=True, array_like=True, tag="P"):
    """The frame of that serial is on the screen: the next may come."""

    serial: int


class Shown(Struct, frozen=True, array_like=True, tag="V"):
    """The terminal is (not) in front; one that isn't sends no frames."""

    is_visible: bool


class Pressed(Struct, frozen=True, array_like=True, tag="K"):
    """A key: a character or a name of terminal keys; modifiers shift 1, alt 2, ctrl 4, super 8.

    `event` 1 press, 2 repeat, 3 release: the latter two only where `Modes.kitty` has bit 2.
    """

    key: str
    modifiers: int
    event: int = 1


class Committed(Struct, frozen=True, array_like=True, tag="T"):
    """Text of an input method or a dead key."""

    text: str


class Pasted(Struct, frozen=True, array_like=True, tag="I"):
    """Text from the clipboard; the engine cleans and brackets it."""

    text: str


class Pointed(Struct, frozen=True, array_like=True, tag="M"):
    """The mouse, for programs that asked for it: press, release or move."""

    kind: str
    button: int
    col: int
    row: int
    modifiers: int
    x_px: int
    y_px: int


class Focused(Struct, frozen=True, array_like=True, tag="F"):
    """The terminal has (lost) the keyboard."""

    is_focused: bool


class Resized(Struct, frozen=True, array_like=True, tag="R"):
    """The grid's new size."""

    cols: int
    rows: int


class Scrolled(Struct, frozen=True, array_like=True, tag="S"):
    """Scroll by rows (negative: back); on the alternate screen the wheel sends arrows."""

    rows: int
    is_wheel: bool


class Sought(Struct, frozen=True, array_like=True, tag="G"):
    """Scroll to a fraction of everything (1.0: the end)."""

    fraction: float


class Show(Struct, frozen=True, array_like=True, tag="L"):
    """Bring a place into view."""

    point: Point


class AskSpan(Struct, frozen=True, array_like=True, tag="W"):
    """What is the word, the line, or everything, at a place? `what`: word, line, all."""

    ask: int
    what: str
    point: Point
    separators: str


class AskKept(Struct, frozen=True, array_like=True, tag="H"):
    """How large is the scrollback?"""

    ask: int


class Copy(Struct, frozen=True, array_like=True, tag="X"):
    """Give the text between two places."""

    ask: int
    start: Point
    end: Point
    is_block: bool


class Find(Struct, frozen=True, array_like=True, tag="Q"):
    """Search everything; a later Find ends an earlier one, an empty pattern just ends it."""

    ask: int
    pattern: str
    has_case: bool
    is_regex: bool
    is_word: bool


class Record(Struct, frozen=True, array_like=True, tag="O"):
    """Write what the program prints to a new file named like this, or (empty) stop doing so."""

    name: str


class Reset(Struct, frozen=True, array_like=True, tag="E"):
    """Put the terminal back to how it was at its start, whatever a program left behind."""


class Clear(Struct, frozen=True, array_like=True, tag="Z"):
    """Empty the scrollback."""


class Themed(Struct, frozen=True, array_like=True, tag="C"):
    """The colours to answer queries with: 16 colours, foreground, background, cursor (0xRRGGBB)."""

    palette: tuple[int, ...]
    foreground: int
    background: int
    cursor: int


ToEngine = (
    Painted
    | Shown
    | Pressed
    | Committed
    | Pasted
    | Pointed
    | Focused
    | Resized
    | Scrolled
    | Sought
    | Show
    | AskSpan
    | AskKept
    | Copy
    | Find
    | Record
    | Reset
    | Clear
    | Themed
)


def pack(message: ToWindow | ToEngine) -> bytes:
    """One message as it goes over the wire.

    Raises: PeerBroke when it is too long; nothing was sent then.
    """
    return splitter.pack(message, limit_bytes=MAX_BODY_BYTES, what="frame")


def window_reader() -> Splitter[ToWindow]:
    """For the window: what an engine sends."""
    decoder = msgspec.msgpack.Decoder(ToWindow)
    return Splitter(decoder, limit_bytes=MAX_BODY_BYTES, what="frame")


def engine_reader() -> Splitter[ToEngine]:
    """For an engine: what the window sends."""
    decoder = msgspec.msgpack.Decoder(ToEngine)
    return Splitter(decoder, limit_bytes=MAX_BODY_BYTES, what="frame")


def check(paint: Paint) -> None:
    """Make sure that a frame's places lie in the frame.

    Raises: PeerBroke when they don't.
    """
    is_sized = 0 < paint.cols <= MAX_COLS and 0 < paint.rows <= MAX_ROWS
    if not is_sized or abs(paint.scrolled) >= max(paint.rows, 1) or len(paint.lines) > paint.rows:
        raise PeerBroke(f"A frame of {paint.cols}x{paint.rows} scrolled by {paint.scrolled}.")
    for row, _flags, runs in paint.changed:
        if not 0 <= row < paint.rows:
            raise PeerBroke(f"A frame of {paint.rows} rows paints row {row}.")
        for col, text, _style, width in runs:
            cells = len(text) if width == 0 else width
            if not (0 <= col <= paint.cols - cells and 0 <= width <= 2):
                raise PeerBroke(f"A frame of {paint.cols} columns paints at column {col}.")

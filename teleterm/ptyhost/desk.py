"""What a window may ask of one terminal, done on its engine and its pty. No I/O of its own."""

from collections.abc import Callable, Iterator

from teleterm.bridge import frames
from teleterm.ptyhost.backend import PtyBackend
from teleterm.terminal import keys
from teleterm.terminal.engine import Engine
from teleterm.terminal.frame import Modes
from teleterm.terminal.palette import Theme
from teleterm.terminal.search import PatternError

PASTE_LIMIT_BYTES = 1024 * 1024
RESET = b"\x18\x1bc"
"""Out of any sequence, then RIS."""
MODIFIERS = ("shift", "alt", "ctrl", "super")


class Desk:
    """Take the window's messages for one terminal.

    `say` sends a message to the window; `keys_in` queues bytes for the program and `paste_in` does
    so unless too much waits already.
    """

    def __init__(
        self,
        engine: Engine,
        pty: PtyBackend,
        *,
        say: Callable[[frames.ToWindow], None],
        keys_in: Callable[[bytes], None],
        paste_in: Callable[[bytes], bool],
    ) -> None:
        self._engine = engine
        self._pty = pty
        self._say = say
        self._keys_in = keys_in
        self._paste_in = paste_in
        self._search: Iterator[list[tuple[int, int, int]]] | None = None
        self._search_ask = 0
        self._hits: list[tuple[int, int, int]] = []

    @property
    def is_searching(self) -> bool:
        """Whether `search_on` has work left."""
        return self._search is not None

    def take(self, message: frames.ToEngine) -> None:
        """Do what the window asks; Painted, Shown and Record are the loop's own."""
        match message:
            case frames.Pressed() | frames.Committed() | frames.Pasted() | frames.Focused():
                self._type(message)
            case frames.Pointed():
                self._point(message)
            case frames.Resized():
                self._resize(message.cols, message.rows)
            case frames.Scrolled() | frames.Sought() | frames.Show() | frames.Clear():
                self._scroll(message)
            case frames.AskSpan() | frames.AskKept() | frames.Copy() | frames.Find():
                self._answer(message)
            case frames.Themed():
                theme = Theme(
                    message.foreground, message.background, message.cursor, message.palette
                )
                self._engine.set_theme(theme)
            case frames.Reset():
                self._engine.feed(RESET)
            case frames.Painted() | frames.Shown() | frames.Record():
                pass

    def search_on(self) -> None:
        """Search one slice further and tell the window of hits."""
        if self._search is None:
            return
        try:
            found = next(self._search, None)
        except PatternError as error:
            self._search = None
            self._say(frames.Found(self._search_ask, (), is_done=True, problem=str(error)))
            return
        if found is None:
            self._search = None
        else:
            self._hits += found
        if found or self._search is None:
            hits = tuple(self._hits[:10_000])
            self._say(frames.Found(self._search_ask, hits, self._search is None))

    def _type(
        self, message: frames.Pressed | frames.Committed | frames.Pasted | frames.Focused
    ) -> None:
        modes: Modes = self._engine.modes
        match message:
            case frames.Pressed():
                names = _names(message.modifiers)
                data = keys.encode_key(message.key, names, modes, event=message.event)
                self._end_of_scroll(data)
            case frames.Committed():
                self._end_of_scroll(keys.encode_text(message.text))
            case frames.Pasted():
                data = keys.encode_paste(message.text, bracketed=modes.bracketed_paste)
                if not self._paste_in(data):
                    self._say(frames.Warned("Not pasted: the program isn't reading."))
                self._look_at_end()
            case frames.Focused():
                if modes.focus_events:
                    self._keys_in(keys.encode_focus(is_focused=message.is_focused))

    def _end_of_scroll(self, data: bytes) -> None:
        if data:
            self._look_at_end()
            self._keys_in(data)

    def _look_at_end(self) -> None:
        """Scroll only if needed: the echo would wait a slot behind a frame without news."""
        if not self._engine.is_at_end:
            self._engine.scroll_to_end()

    def _point(self, message: frames.Pointed) -> None:
        self._keys_in(
            keys.encode_mouse(
                message.kind,
                message.button,
                message.col,
                message.row,
                _names(message.modifiers),
                self._engine.modes,
                pixel=(message.x_px, message.y_px),
            )
        )

    def _resize(self, cols: int, rows: int) -> None:
        if (cols, rows) != (self._engine.cols, self._engine.rows):
            self._engine.resize(cols, rows)
            self._pty.resize(self._engine.cols, self._engine.rows)

    def _scroll(
        self, message: frames.Scrolled | frames.Sought | frames.Show | frames.Clear
    ) -> None:
        engine = self._engine
        match message:
            case frames.Scrolled() if message.is_wheel and engine.is_alternate:
                if engine.modes.alternate_scroll:
                    self._keys_in(keys.encode_wheel_arrows(message.rows, engine.modes))
            case frames.Scrolled():
                engine.scroll_by(message.rows)
            case frames.Sought() if message.fraction >= 1.0:
                engine.scroll_to_end()
            case frames.Sought():
                engine.scroll_to_fraction(max(0.0, message.fraction))
            case frames.Show():
                engine.show(*message.point)
            case frames.Clear():
                engine.clear_scrollback()

    def _answer(self, message: frames.AskSpan | frames.AskKept | frames.Copy | frames.Find) -> None:
        match message:
            case frames.AskKept():
                self._say(frames.Kept(message.ask, *self._engine.kept))
            case frames.AskSpan():
                start, end = self._span(message)
                self._say(frames.Spanned(message.ask, start, end))
            case frames.Copy():
                text = self._engine.text_between(message.start, message.end, block=message.is_block)
                is_cut = len(text) > frames.MAX_TEXT
                self._say(frames.Copied(message.ask, text[: frames.MAX_TEXT], is_cut))
            case frames.Find():
                self._find(message)

    def _span(self, message: frames.AskSpan) -> tuple[frames.Point, frames.Point]:
        match message.what:
            case "word":
                return self._engine.word_at(message.point, message.separators)
            case "line":
                return self._engine.line_at(message.point)
            case _:
                return self._engine.all_span()

    def _find(self, message: frames.Find) -> None:
        self._search, self._hits, self._search_ask = None, [], message.ask
        if not message.pattern:
            return
        try:
            self._search = self._engine.find_in_slices(
                message.pattern,
                match_case=message.has_case,
                is_regex=message.is_regex,
                whole_word=message.is_word,
            )
            self.search_on()
        except PatternError as error:
            self._search = None
            self._say(frames.Found(message.ask, (), is_done=True, problem=str(error)))


def _names(modifiers: int) -> list[str]:
    return [name for bit, name in enumerate(MODIFIERS) if modifiers & (1 << bit)]

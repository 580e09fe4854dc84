"""The search of one terminal: asks the engine, keeps the hits, goes from one to the next."""

import tkinter as tk
from collections.abc import Callable

from teleterm.bridge import frames
from teleterm.ui.terminal.searchbar import Query, SearchBar
from teleterm.ui.theme.look import Look

Hit = tuple[int, int, int]
"""(line id, offset, length) in cells."""


class Searching:
    """`on_change` is called when the marks on the screen must be drawn anew."""

    def __init__(
        self,
        look: Look,
        parent: tk.Misc,
        send: Callable[[frames.ToEngine], object],
        *,
        on_change: Callable[[], object],
        on_close: Callable[[], object],
    ) -> None:
        self._look, self._parent, self._send = look, parent, send
        self._on_change, self._on_close = on_change, on_close
        self.on_say: Callable[[str], object] = lambda _words: None
        self._bar: SearchBar | None = None
        self._ask = 0
        self.hits: tuple[Hit, ...] = ()
        self._place = -1
        self._has_stepped = False

    @property
    def is_open(self) -> bool:
        """Whether the bar is shown."""
        return self._bar is not None

    @property
    def current(self) -> Hit | None:
        """The hit one stands on."""
        return self.hits[self._place] if 0 <= self._place < len(self.hits) else None

    def open(self, text: str) -> None:
        """Show the bar."""
        if self._bar is None:
            self._bar = SearchBar(
                self._look,
                self._parent,
                on_query=self._query,
                on_step=self.step,
                on_close=self.close,
            )
            inset = self._look.dp(8)
            self._bar.place(relx=1.0, x=-inset - self._look.dp(10), y=inset, anchor="ne")
        self._bar.lift()
        self._bar.start(text)

    def close(self) -> None:
        """Take the bar away; the spot stays selected."""
        if self._bar is None:
            return
        self._bar.destroy()
        self._bar = None
        self._ask += 1
        self._send(frames.Find(self._ask, "", has_case=False, is_regex=False, is_word=False))
        self._on_close()
        self.hits, self._place = (), -1
        self._on_change()

    def _query(self, query: Query) -> None:
        pattern, has_case, is_word, is_regex = query
        self._ask += 1
        self.hits, self._place, self._has_stepped = (), -1, False
        message = frames.Find(
            self._ask, pattern, has_case=has_case, is_regex=is_regex, is_word=is_word
        )
        self._send(message)
        self._say("")
        self._on_change()

    def found(self, answer: frames.Found) -> None:
        """Hits came; the newest one is where one stands, as the eye is at the end."""
        if answer.ask != self._ask or self._bar is None:
            return
        before, self.hits = self.current, answer.hits
        if answer.problem:
            self._say(answer.problem, is_problem=True)
        elif not self.hits:
            self._say("No results" if answer.is_done and self._has_pattern() else "")
        elif self._has_stepped and before is not None:
            self._place = self._near(before)
            self._go(shows=False)
        else:
            self._place = len(self.hits) - 1
            self._go(shows=answer.is_done)
        self._on_change()

    def _has_pattern(self) -> bool:
        return self._bar is not None and bool(self._bar.pattern)

    def _near(self, hit: Hit) -> int:
        return self.hits.index(hit) if hit in self.hits else len(self.hits) - 1

    def step(self, way: int) -> None:
        """Go to the next (1, further down) or the previous (-1) hit, around the ends."""
        if self.hits:
            self._has_stepped = True
            self._place = (self._place + way) % len(self.hits)
            self._go()
            self._on_change()

    def _go(self, *, shows: bool = True) -> None:
        hit = self.current
        if hit is not None:
            self._say(f"{self._place + 1} of {len(self.hits)}")
            if shows:
                self._send(frames.Show((hit[0], hit[1])))

    def _say(self, words: str, *, is_problem: bool = False) -> None:
        if self._bar is not None:
            self._bar.say(words, is_problem=is_problem)
            self.on_say(words)

"""A window's end of a frame channel without a window: it keeps the rows as text."""

import os
import select
import time
from collections.abc import Callable

from teleterm.bridge import frames

DEADLINE_S = 20.0


class PtyWindow:
    """Acknowledges frames and remembers what they paint and what else was said."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        os.set_blocking(descriptor, False)
        self._reader = frames.window_reader()
        self._rows: dict[int, str] = {}
        self.said: list[frames.ToWindow] = []
        self.paints = 0
        self.size = (0, 0)
        self.is_closed = False
        self.acknowledges = True

    @property
    def text(self) -> str:
        """The screen, one line a row."""
        return "\n".join(self._rows.get(row, "") for row in range(self.size[1]))

    def send(self, message: frames.ToEngine) -> None:
        """Say something to the engine."""
        os.write(self._descriptor, frames.pack(message))

    def types(self, text: str) -> None:
        """Type text as a person does."""
        self.send(frames.Committed(text))

    def close(self) -> None:
        """Leave without a word, as a killed window does."""
        os.close(self._descriptor)

    def waits(self, seen: Callable[[], bool], timeout_s: float = DEADLINE_S) -> None:
        """Read until `seen` holds.

        Raises: AssertionError with the screen when it never does.
        """
        ends_at = time.monotonic() + timeout_s
        while not seen():
            rest_s = ends_at - time.monotonic()
            if rest_s <= 0 or self.is_closed:
                raise AssertionError(f"never seen; closed: {self.is_closed}; screen:\n{self.text}")
            if select.select([self._descriptor], [], [], rest_s)[0]:
                self._read()

    def waits_for_text(self, text: str) -> None:
        """Read until the screen shows `text`."""
        self.waits(lambda: text in self.text)

    def waits_for(self, kind: type[frames.ToWindow]) -> frames.ToWindow:
        """Read until a message of a kind was said, and give it."""
        self.waits(lambda: any(isinstance(message, kind) for message in self.said))
        return next(message for message in self.said if isinstance(message, kind))

    def _read(self) -> None:
        try:
            data = os.read(self._descriptor, 65536)
        except BlockingIOError:
            return
        except ConnectionResetError:
            data = b""
        if not data:
            self.is_closed = True
        for message in self._reader.feed(data):
            if isinstance(message, frames.Paint):
                self._paint(message)
            else:
                self.said.append(message)

    def _paint(self, paint: frames.Paint) -> None:
        frames.check(paint)
        self.paints += 1
        self.size = (paint.cols, paint.rows)
        if paint.scrolled:
            moved = {row - paint.scrolled: text for row, text in self._rows.items()}
            self._rows = {row: text for row, text in moved.items() if 0 <= row < paint.rows}
        for row, _flags, runs in paint.changed:
            line = ""
            for col, text, _style, _width in runs:
                line = line.ljust(col) + text
            self._rows[row] = line.rstrip()
        if self.acknowledges:
            self.send(frames.Painted(paint.serial))

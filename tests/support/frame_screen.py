"""The window's side of a frame channel without a window: rows of text, keys, acknowledgements."""

import socket
import time
from collections.abc import Callable

from teleterm.bridge import frames


class FrameScreen:
    """Reads the frames of one terminal and types into it."""

    def __init__(self, descriptor: int, timeout_s: float = 30) -> None:
        self._socket = socket.socket(fileno=descriptor)
        self._timeout_s = timeout_s
        self._reader = frames.window_reader()
        self.rows: dict[int, str] = {}
        self.ended: frames.Ended | None = None
        self.acknowledges = True
        self.frames = 0
        self.answers: list[frames.Spanned] = []
        self.says(frames.Shown(is_visible=True))

    def __enter__(self) -> "FrameScreen":
        return self

    def __exit__(self, *failure: object) -> None:
        self._socket.close()

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(self.rows[row].rstrip() for row in sorted(self.rows))

    def type(self, text: str) -> None:
        """Press the keys of a line; a newline is Enter."""
        for sign in text:
            key = "Return" if sign == "\n" else sign
            self.says(frames.Pressed(key=key, modifiers=0))

    def until(self, fits: Callable[[str], bool]) -> str:
        """Read on until the screen fits; gives it."""
        end = time.monotonic() + self._timeout_s
        while not fits(self.text):
            self._socket.settimeout(max(0.01, end - time.monotonic()))
            try:
                data = self._socket.recv(262144)
            except TimeoutError:
                raise AssertionError(f"the screen never came; it shows:\n{self.text}") from None
            assert data, f"the terminal went away; it showed:\n{self.text}"
            for message in self._reader.feed(data):
                self._take(message)
        return self.text

    def _take(self, message: object) -> None:
        match message:
            case frames.Paint():
                self.frames += 1
                self._paint(message)
                if self.acknowledges:
                    self.says(frames.Painted(serial=message.serial))
            case frames.Ended():
                self.ended = message
            case frames.Spanned():
                self.answers.append(message)
            case _:
                pass

    def _paint(self, paint: frames.Paint) -> None:
        if paint.is_full:
            self.rows.clear()
        elif paint.scrolled:
            moved = {row - paint.scrolled: text for row, text in self.rows.items()}
            self.rows = {row: text for row, text in moved.items() if 0 <= row < paint.rows}
        for row, _, runs in paint.changed:
            line = ""
            for col, text, _, _ in runs:
                line = line.ljust(col) + text
            self.rows[row] = line

    def says(self, message: frames.ToEngine) -> None:
        """Send a message to the engine."""
        self._socket.sendall(frames.pack(message))

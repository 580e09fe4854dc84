"""A terminal's frame channel on which a made-up engine shows a few lines and may end."""

import socket

from teleterm.bridge import frames

_held: list[socket.socket] = []


def open_channel(*rows: str, status: int | None = None) -> int:
    """The window's end of a channel that has painted `rows`; with a status it has ended as well."""
    ours, theirs = socket.socketpair()
    ours.sendall(frames.pack(_paint(rows)))
    if status is not None:
        ours.sendall(frames.pack(frames.Ended(status, 0)))
    _held.append(ours)
    return theirs.detach()


def _paint(rows: tuple[str, ...]) -> frames.Paint:
    shown = rows + ("",) * (24 - len(rows))
    return frames.Paint(
        serial=1,
        cols=80,
        rows=24,
        is_full=True,
        scrolled=0,
        changed=tuple(
            (row, 0, ((0, text, 0, 0),) if text else ()) for row, text in enumerate(shown)
        ),
        styles=((0, -1, -1, -1, 0, 0),),
        links=(),
        cursor=(len(rows), 0, "block", True, False),
        modes=frames.Modes(),
        lines=tuple((row, 0) for row in range(24)),
        view=(0, 24, 0),
    )

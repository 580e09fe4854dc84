"""What is marked on a terminal's screen: search hits, and the selection over them."""

from teleterm.bridge import frames
from teleterm.ui.terminal import selecting
from teleterm.ui.terminal.coloring import Colors
from teleterm.ui.terminal.painter import Band
from teleterm.ui.terminal.selecting import Selection

Hit = tuple[int, int, int]
"""(line id, offset, length)."""


def bands(
    frame: frames.Paint,
    colors: Colors,
    hits: "list[Hit] | tuple[Hit, ...]",
    current: Hit | None,
    selection: Selection,
) -> list[Band]:
    """The marks of a view, the lower ones first."""
    found: list[Band] = []
    shown = {line for line, _offset in frame.lines}
    for hit in hits:
        line, offset, length = hit
        if line not in shown:
            continue
        is_current = hit == current
        color = colors.current_hit if is_current else colors.hit
        ink = colors.on_current_hit if is_current else ""
        end = (line, offset + length)
        for row, left, right in selecting.shown((line, offset), end, frame.lines, frame.cols):
            found.append((row, (left, right, color, ink)))
    for row, left, right in selection.spans(frame.lines, frame.cols):
        found.append((row, (left, right, colors.selection, "")))
    return found

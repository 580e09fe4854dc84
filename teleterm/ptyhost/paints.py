"""An engine's frames and events as messages of the frame channel."""

from teleterm.bridge import frames
from teleterm.terminal import events
from teleterm.terminal.frame import Frame
from teleterm.terminal.frame import Modes as EngineModes


def paint_of(frame: Frame, serial: int) -> frames.Paint:
    """The frame as the window gets it."""
    return frames.Paint(
        serial,
        frame.cols,
        frame.rows,
        frame.full,
        frame.scrolled,
        frame.changed,
        frame.styles,
        frame.links,
        frame.cursor,
        modes_of(frame.modes),
        frame.lines,
        frame.view,
        frame.palette,
    )


def modes_of(modes: EngineModes) -> frames.Modes:
    """The modes that the window must know; keys are encoded here, so the rest stays here."""
    return frames.Modes(
        mouse=modes.mouse,
        has_bracketed_paste=modes.bracketed_paste,
        has_focus_events=modes.focus_events,
        is_alternate=modes.alternate,
        is_reverse=modes.reverse_screen,
        alternate_scroll=modes.alternate_scroll,
        has_pixel_mouse=modes.mouse_encoding == 1016,
        kitty=modes.kitty,
    )


def message_of(event: events.Event) -> frames.ToWindow | None:
    """The message for an event of the engine; None for those the window has no use for."""
    match event:
        case events.Bell():
            return frames.Rang()
        case events.TitleChanged():
            return frames.Titled(event.title)
        case events.ClipboardWrite():
            return frames.WantsClipboard(event.selection, event.data)
        case events.DirectoryChanged():
            return frames.Moved(event.uri)
        case events.Notice():
            return frames.Noticed(event.title, event.body)
        case _:
            return None

"""What an engine says besides frames and answers, handed on to whoever listens."""

from teleterm.bridge import frames
from teleterm.ui.terminal.options import Callbacks

Told = (
    frames.Titled
    | frames.Moved
    | frames.WantsClipboard
    | frames.Noticed
    | frames.Warned
    | frames.Active
    | frames.Finished
    | frames.Recording
)


def tell(calls: Callbacks, message: Told) -> None:
    """Call what is set for this message."""
    match message:
        case frames.Titled():
            calls.titled(message.title)
        case frames.Moved():
            calls.moved(message.uri)
        case frames.WantsClipboard():
            calls.clipboard(message.data)
        case frames.Noticed():
            calls.noticed(message.title, message.body)
        case frames.Warned():
            calls.warned(message.text)
        case frames.Active():
            calls.active()
        case frames.Recording():
            calls.recorded(message.path, message.problem)
        case frames.Finished():
            calls.finished(message.status)

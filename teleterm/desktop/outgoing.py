"""What a person does in the window, as messages for the desktop."""

from collections.abc import Iterator

from teleterm.bridge import desktop_contract as contract
from teleterm.wire import scancodes
from teleterm.wire.tdp import files, messages
from teleterm.wire.tdp.codec import MAX_DATA, MAX_NAME, Message

SHARED = 1
_MIN_SIDE = 64
_I16 = 32767


def encoded(given: contract.FromWindow) -> Iterator[Message]:
    """The messages, none for what means nothing there."""
    if isinstance(given, contract.Key | contract.Scancode):
        yield from _key(given)
        return
    match given:
        case contract.Moved(x=x, y=y):
            yield messages.MouseMove(_side(x), _side(y))
        case contract.Button(button=button, is_down=is_down) if 0 <= button <= 2:
            yield messages.MouseButton(button, int(is_down))
        case contract.Wheel(is_vertical=is_vertical, delta=delta):
            yield messages.Wheel(int(not is_vertical), max(-_I16, min(delta, _I16)))
        case contract.Copied(text=text):
            data = text.encode("utf-8", "replace")
            if len(data) <= MAX_DATA:
                yield messages.Clipboard(data)
        case contract.Resize(width=width, height=height):
            yield messages.ScreenSpec(max(_MIN_SIDE, _side(width)), max(_MIN_SIDE, _side(height)))
        case contract.Announce(name=name):
            yield files.Announce(SHARED, name[: MAX_NAME // 4])
        case _:
            return


def _key(given: contract.Key | contract.Scancode) -> Iterator[Message]:
    scancode = (
        given.scancode if isinstance(given, contract.Scancode) else scancodes.of_x_key(given.code)
    )
    if scancode:
        yield messages.Key(scancode & 0xFFFF, int(given.is_down))


def _side(value: int) -> int:
    return max(0, min(value, contract.MAX_SIDE))

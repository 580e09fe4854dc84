"""Which command a control sequence names: a table from its final characters to a method."""

from __future__ import annotations

from collections.abc import Callable

from teleterm.terminal.screen import Screen

Params = list[int | None]
Command = Callable[[Screen, Params], None]

_MAX_PARAMETERS = 32
_MAX_NUMBER = 999_999


def _plain(method: Callable[[Screen], None]) -> Command:
    return lambda screen, _params: method(screen)


def _one(method: Callable[[Screen, int | None], None]) -> Command:
    return lambda screen, params: method(screen, params[0] if params else None)


def _two(method: Callable[[Screen, int | None, int | None], None]) -> Command:
    return lambda screen, params: method(
        screen, params[0] if params else None, params[1] if len(params) > 1 else None
    )


def _numbers(params: Params) -> list[int]:
    return [number for number in params if number is not None]


def _side_margins_or_save(screen: Screen, params: Params) -> None:
    """DECSLRM with mode 69, else SCOSC."""
    if screen.has_side_margins:
        screen.set_side_margins(*[*params, None, None][:2])
    elif not _numbers(params):
        screen.save_cursor()


def _scroll_down(screen: Screen, params: Params) -> None:
    """SD; with five parameters it is xterm's highlight tracking, which isn't done."""
    if len(params) <= 1:
        screen.scroll_down(params[0] if params else None)


# Keyed by private prefix, intermediates and final. Names of methods: as pyte has them.
CSI: dict[str, Command] = {
    "@": _one(Screen.insert_characters),
    "A": _one(Screen.cursor_up),
    "B": _one(Screen.cursor_down),
    "C": _one(Screen.cursor_forward),
    "D": _one(Screen.cursor_back),
    "E": _one(Screen.cursor_down1),
    "F": _one(Screen.cursor_up1),
    "G": _one(Screen.cursor_to_column),
    "H": _two(Screen.cursor_position),
    "I": _one(Screen.tab_forward),
    "J": _one(Screen.erase_in_display),
    "K": _one(Screen.erase_in_line),
    "L": _one(Screen.insert_lines),
    "M": _one(Screen.delete_lines),
    "P": _one(Screen.delete_characters),
    "S": _one(Screen.scroll_up),
    "T": _scroll_down,
    "^": _one(Screen.scroll_down),
    "X": _one(Screen.erase_characters),
    "Z": _one(Screen.tab_back),
    "`": _one(Screen.cursor_to_column),
    "a": _one(Screen.column_forward),
    "b": _one(Screen.repeat),
    "c": _one(Screen.report_device_attributes),
    "d": _one(Screen.cursor_to_line),
    "e": _one(Screen.line_forward),
    "f": _two(Screen.cursor_position),
    "g": _one(Screen.clear_tab_stop),
    "h": lambda screen, params: screen.set_mode(*_numbers(params)),
    "l": lambda screen, params: screen.reset_mode(*_numbers(params)),
    "n": _one(Screen.report_device_status),
    "r": _two(Screen.set_margins),
    "s": _side_margins_or_save,
    "t": lambda screen, params: screen.window_operation(params),
    "u": _plain(Screen.restore_cursor),
    "x": _one(Screen.report_parameters),
    "?J": lambda screen, params: screen.erase_in_display(_first(params), private=True),
    "?K": lambda screen, params: screen.erase_in_line(_first(params), private=True),
    "?W": _one(Screen.default_tab_stops),
    "?h": lambda screen, params: screen.set_mode(*_numbers(params), private=True),
    "?l": lambda screen, params: screen.reset_mode(*_numbers(params), private=True),
    "?m": lambda screen, params: screen.report_key_modifiers(params),
    "?n": lambda screen, params: screen.report_status(_numbers(params), params),
    "?r": lambda screen, params: screen.restore_modes(params),
    "?s": lambda screen, params: screen.save_modes(params),
    "?u": _plain(Screen.kitty_report),
    "=c": _one(Screen.report_tertiary_attributes),
    "=u": lambda screen, params: screen.kitty_set(params),
    ">c": _one(Screen.report_secondary_attributes),
    ">f": lambda screen, params: screen.set_key_format(params),
    ">m": lambda screen, params: screen.set_key_modifiers(params),
    ">n": lambda screen, params: screen.disable_key_modifiers(params),
    ">q": _one(Screen.report_version),
    ">u": lambda screen, params: screen.kitty_push(params),
    "<u": lambda screen, params: screen.kitty_pop(params),
    "!p": _plain(Screen.soft_reset),
    '"p': _two(Screen.set_conformance),
    '"q': _one(Screen.set_protection),
    " @": _one(Screen.scroll_left),
    " A": _one(Screen.scroll_right),
    " q": _one(Screen.set_cursor_shape),
    "$p": lambda screen, params: screen.report_mode(_first(params), private=False),
    "?$p": lambda screen, params: screen.report_mode(_first(params), private=True),
    "$r": lambda screen, params: screen.change_attributes(params),
    "$t": lambda screen, params: screen.reverse_attributes(params),
    "$v": lambda screen, params: screen.copy_rectangle(params),
    "$w": _one(Screen.report_presentation),
    "$x": lambda screen, params: screen.fill_rectangle(params),
    "$z": lambda screen, params: screen.erase_rectangle(params),
    "${": lambda screen, params: screen.erase_rectangle_unprotected(params),
    "*|": _one(Screen.set_rows),
    "$|": _one(Screen.set_cols),
    "*x": _one(Screen.set_rectangle_extent),
    "*y": lambda screen, params: screen.report_checksum(params),
    "#p": lambda screen, params: screen.push_rendition(params),
    "#{": lambda screen, params: screen.push_rendition(params),
    "#q": _plain(Screen.pop_rendition),
    "#}": _plain(Screen.pop_rendition),
    "#P": lambda screen, params: screen.push_colours(params),
    "#Q": lambda screen, params: screen.pop_colours(params),
    "#R": _plain(Screen.report_colour_stack),
    "'}": _one(Screen.insert_columns),
    "'~": _one(Screen.delete_columns),
}

ESCAPES: dict[str, Callable[[Screen], None]] = {
    "6": Screen.back_index,
    "7": Screen.save_cursor,
    "8": Screen.restore_cursor,
    "9": Screen.forward_index,
    "=": lambda screen: screen.set_mode(66, private=True),
    ">": lambda screen: screen.reset_mode(66, private=True),
    "D": Screen.index,
    "E": Screen.next_line,
    "H": Screen.set_tab_stop,
    "M": Screen.reverse_index,
    "N": lambda screen: screen.single_shift(2),
    "O": lambda screen: screen.single_shift(3),
    "V": lambda screen: screen.guard_area(is_start=True),
    "W": lambda screen: screen.guard_area(is_start=False),
    "Z": Screen.report_device_attributes,
    "c": Screen.reset,
    "n": lambda screen: screen.invoke(2),
    "o": lambda screen: screen.invoke(3),
    "|": lambda screen: screen.invoke_right(3),
    "}": lambda screen: screen.invoke_right(2),
    "~": lambda screen: screen.invoke_right(1),
    "#3": lambda screen: screen.set_line_size("3"),
    "#4": lambda screen: screen.set_line_size("4"),
    "#5": lambda screen: screen.set_line_size("5"),
    "#6": lambda screen: screen.set_line_size("6"),
    "#8": Screen.alignment_display,
    " F": lambda screen: screen.set_8bit_replies(is_on=False),
    " G": lambda screen: screen.set_8bit_replies(is_on=True),
}

CONTROLS: dict[str, Callable[[Screen], None]] = {
    "\x05": Screen.answerback,
    "\x07": Screen.bell,
    "\x08": Screen.backspace,
    "\x09": Screen.tab,
    "\x0a": Screen.linefeed,
    "\x0b": Screen.linefeed,
    "\x0c": Screen.linefeed,
    "\x0d": Screen.carriage_return,
    "\x0e": Screen.shift_out,
    "\x0f": Screen.shift_in,
    "\x7f": Screen.delete,
}


def _first(params: Params) -> int | None:
    return params[0] if params else None


def number_of(digits: str) -> int:
    """Read a number, however many zeros it starts with; a huge one is as good as the greatest."""
    if len(digits) > 6:
        digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) <= 6 else _MAX_NUMBER


def numbers_of(text: str) -> Params:
    """Read parameters: empty ones are None, sub-parameters of the plain commands are dropped."""
    if not text:
        return []
    params: Params = []
    for part in text.split(";")[:_MAX_PARAMETERS]:
        digits = part.partition(":")[0]
        params.append(number_of(digits) if digits else None)
    return params


def csi_command(body: str) -> Callable[[Screen], None] | None:
    """Find what a CSI does, given all after its introducer; None: nothing."""
    start = 1 if body[:1] in ("<", "=", ">", "?") else 0
    end = start
    while end < len(body) and body[end] in "0123456789:;":
        end += 1
    numbers = body[start:end]
    command = CSI.get(body[:start] + body[end:])
    if command is None:
        return None
    params = numbers_of(numbers)
    return lambda screen: command(screen, params)


def escape_command(body: str) -> Callable[[Screen], None] | None:
    """Find what an escape sequence does, given all after ESC; None: nothing."""
    found = ESCAPES.get(body)
    if found is not None:
        return found
    if len(body) >= 2 and body[0] in "()*+-./":
        code, slot = body[1:], body[0]
        return lambda screen: screen.define_charset(code, slot)
    return None

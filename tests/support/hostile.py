"""What a hostile program may write: short pieces, to be repeated as often as wanted.

Each case is what comes first, once, and what is repeated; a number in the piece ("{}") counts up.
"""

from collections.abc import Iterator

_FINALS = "@ABCDEFGHIJKLMPSTXZ`abcdefghilmnpqrstuvwxyz{|}~^"
_PREFIXES = ("", "?", ">", "<", "=")
_INTERMEDIATES = (" ", "!", '"', "$", "'", "*", "#", "%")

_STRINGS = {
    "OSC without end": ("\x1b]2;", "x"),
    "DCS without end": ("\x1bP1$r", "x"),
    "APC without end": ("\x1b_", "x"),
    "PM without end": ("\x1b^", "x"),
    "SOS without end": ("\x1bX", "x"),
    "CSI without end": ("\x1b[", "1;"),
    "CSI with intermediates without end": ("\x1b[", " "),
    "escape without end": ("\x1b", " "),
    "strings in strings": ("", "\x1b]2;\x1bP\x1b_\x1b^\x1bX"),
    "sequences in sequences": ("", "\x1b[1;\x1b[3\x1b]\x1b[?\x1b\x1b["),
    "controls in sequences": ("", "\x1b[1\n2\r3\x08H"),
    "palette": ("", "\x1b]4;1;#{0:06x}\x07"),
    "palette questions": ("", "\x1b]4;1;?;2;?;3;?;4;?;5;?\x07"),
    "palette resets": ("", "\x1b]104\x07"),
    "titles": ("", "\x1b]2;{0}\x07"),
    "title stack": ("", "\x1b[22t\x1b]2;{0}\x07"),
    "links": ("", "\x1b]8;;http://h/{0}\x07x"),
    "links with names": ("", "\x1b]8;id={0};http://h/\x07x"),
    "marks of prompts": ("", "\x1b]133;A\x07"),
    "clipboard": ("", "\x1b]52;c;QUFBQUFBQUFBQUFBQUFBQQ==\x07"),
    "kitty stack": ("", "\x1b[>{0}u"),
    "sixel": ("\x1bPq", "#1;2;9;9;9!999999999~-"),
    "questions for settings": ("", "\x1bP$qm\x1b\\"),
    "questions for capabilities": ("", "\x1bP+q544e;436f;544e;436f\x1b\\"),
    "questions for attributes": ("", "\x1b[c\x1b[>c\x1b[=c\x1b[6n"),
    "questions for modes": ("", "\x1b[?{0}$p"),
    "questions for checksums": ("", "\x1b[1;1;1;1;999;999*y"),
}
_TEXT = {
    "combining marks": ("", "\u0301"),
    "combining marks on text": ("", "a\u0301\u0302\u0303\u0304\u0305"),
    "marks inserted": ("\x1b[4h", "a\u0301"),
    "joiners": ("", "\u200d"),
    "families": ("", "\U0001f469\u200d"),
    "flags": ("", "\U0001f1e9"),
    "skin tones": ("", "\U0001f44d\U0001f3fd"),
    "wide characters": ("", "\u6f22"),
    "wide and narrow": ("", "a\u6f22"),
    "a line without end": ("", "x"),
    "line feeds": ("", "\n"),
    "line ends": ("", "\r\n"),
    "stairs": ("", "x\n"),
    "line ends on the alternate screen": ("\x1b[?1049h", "x\r\n"),
    "tabs without stops": ("\x1b[3g", "\t\r"),
    "tab stops": ("", "x\x1bH\x1b[g"),
    "bells": ("", "\x07"),
    "insertion": ("\x1b[4h", "x\r"),
    "narrow margins": ("\x1b[?69h\x1b[1;40s\x1b[99H", "x\r\n"),
}
_SCREENS = {
    "resets": ("", "\x1bc"),
    "resets after text": ("", "x\x1bc"),
    "soft resets": ("", "x\x1b[!p"),
    "erased screens": ("", "x\x1b[2J"),
    "erased scrollback": ("", "x\x1b[2J\x1b[3J"),
    "selective erasing": ("", "x\x1b[?2J"),
    "alignment": ("", "x\x1b#8"),
    "alignment scrolled": ("", "\x1b#8\x1b[99S"),
    "screens switched": ("", "\x1b[?1049hx\x1b[?1049lx"),
    "columns switched": ("\x1b[?40h", "\x1b[?3hx\x1b[?3lx"),
    "cursors saved": ("", "\x1b7\x1b8"),
    "index": ("", "x\x1bD"),
    "reverse index": ("", "x\x1bM"),
    "next line": ("", "x\x1bE"),
    "forward index": ("\x1b[99C", "\x1b9"),
    "reverse wrap": ("\x1b[?45h", "\x1b[999999999D"),
    "columns inserted": ("", "x\x1b[9999999'}}"),
    "columns deleted": ("", "x\x1b[9999999'~"),
    "rectangles filled": ("", "\x1b[65;1;1;999;999$x"),
    "rectangles filled in part": ("", "\x1b[65;1;2;999;70$x"),
    "rectangles erased": ("", "\x1b[1;2;999;70$z"),
    "rectangles copied": ("", "x\x1b[1;1;999;999;1;2;2;1$v"),
    "rectangles copied whole": ("", "x\x1b[1;1;999;999;1;2;1;1$v"),
    "rectangles copied in part": ("", "x\x1b[1;1;999;120;1;2;2;1$v"),
    "rectangles copied to the right": ("", "x\x1b[1;1;999;999;1;1;2;1$v"),
    "rectangles copied in colours": ("", "\x1b[31mx\x1b[32my\x1b[1;1;999;999;1;2;2;1$v"),
    "wide cells copied": ("", "\u6f22\x1b[1;1;999;999;1;2;3;1$v"),
    "rectangles restyled": ("", "x\x1b[1;1;999;999;1;4$r"),
    "rectangles reversed": ("", "x\x1b[1;1;999;999;7$t"),
    "repetition": ("", "x\x1b[999999999b"),
    "repetition from the top": ("", "\x1b[Hx\x1b[9999b"),
    "repetition of wide characters": ("", "\u6f22\x1b[999999999b"),
    "colours": ("", "\x1b[38;2;{1};{2};1mx"),
    "colours erased": ("", "\x1b[48;2;{1};{2};1mx\x1b[2J"),
    "long SGR": ("", "\x1b[" + "1;" * 200 + "m"),
    "modes": ("", "\x1b[?{0}h"),
    "modes saved": ("", "\x1b[?{0}s"),
}


def _numbers() -> Iterator[tuple[str, tuple[str, str]]]:
    """Every command with a huge number."""
    for final in _FINALS:
        for prefix in _PREFIXES:
            piece = f"x\x1b[{prefix}999999999{final}"
            yield f"CSI {prefix} 999999999 {final}", ("", _plain(piece))
        for middle in _INTERMEDIATES:
            piece = f"x\x1b[999999999{middle}{final}"
            yield f"CSI 999999999 {middle} {final}", ("", _plain(piece))


def _plain(piece: str) -> str:
    """Write a piece without a number that counts up."""
    return piece.replace("{", "{{").replace("}", "}}")


CASES = _STRINGS | _TEXT | _SCREENS | dict(_numbers())
"""By name: what comes first, and what is repeated."""

BYTES = {
    "invalid UTF-8": b"\xff\xc3\xe2\x82\xf0\x9f\xed\xa0\x80",
    "8-bit controls": b"\xc2\x9b999999999S\xc2\x9d2;",
    "every byte": bytes(range(256)),
}
"""The same for what isn't text."""


def make(name: str, size: int) -> bytes:
    """Give about `size` bytes of a case."""
    if name in BYTES:
        return BYTES[name] * (size // len(BYTES[name]) + 1)
    first, piece = CASES[name]
    parts = [first]
    length = len(first)
    number = 0
    while length < size:
        made = piece.format(number, number % 256, number // 256 % 256)
        repeats = 1 if "{0" in piece or "{1" in piece else max(1, size // 64 // len(made))
        parts.append(made * repeats)
        length += len(parts[-1].encode())
        number += 1
    return "".join(parts).encode()

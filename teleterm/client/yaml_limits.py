"""What is refused before the YAML reader sees it: its time grows with the square of the nesting."""

import re

MAX_CHARACTERS = 256 * 1024
MAX_DEPTH = 60
_OPENS = re.compile(r"[\[{]")
_CLOSES = re.compile(r"[\]}]")
_DASHES = re.compile(r"\s*((?:[-?]\s+)+)")


def is_beyond(text: str, *, max_characters: int = MAX_CHARACTERS) -> bool:
    """Whether a text is larger or nested deeper than a file of ours, or of `tsh`, ever is.

    It counts brackets in quoted text as well: a bound, not a parser.
    """
    if len(text) > max_characters:
        return True
    depth = 0
    for line in text.splitlines():
        depth = max(0, depth + len(_OPENS.findall(line)) - len(_CLOSES.findall(line)))
        dashes = _DASHES.match(line)
        on_line = len(dashes.group(1).split()) if dashes else 0
        indent = len(line) - len(line.lstrip(" "))
        if max(depth, on_line, len(_OPENS.findall(line)), indent // 2) > MAX_DEPTH:
            return True
    return False

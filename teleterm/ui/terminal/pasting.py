"""When a paste is asked about, and what is shown of it (ux.md 10)."""

LONG_CHARACTERS = 5000
PREVIEW_LINES = 8


def is_doubtful(text: str, *, is_bracketed: bool, warning: str) -> bool:
    """Whether to ask first; `warning` is the setting: auto, always or never."""
    if warning == "never":
        return False
    if warning == "always":
        return True
    if len(text) > LONG_CHARACTERS:
        return True
    return not is_bracketed and _count_lines(text) > 1


def _count_lines(text: str) -> int:
    """How many lines there are after cutting one trailing line end."""
    body = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    return body.count("\n") + 1


def as_one_line(text: str) -> str:
    """The lines joined by blanks."""
    return " ".join(line.strip() for line in text.splitlines() if line.strip())


def preview(text: str) -> tuple[str, ...]:
    """The first lines, for the question."""
    return tuple(line[:100] for line in text.splitlines()[:PREVIEW_LINES])


def describe(text: str) -> str:
    """How much it is."""
    lines = _count_lines(text)
    words = f"{len(text):,} characters".replace(",", "\N{NARROW NO-BREAK SPACE}")
    return f"{lines} lines, {words}" if lines != 1 else f"One line, {words}"

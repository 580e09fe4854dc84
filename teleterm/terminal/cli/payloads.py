"""What the bench feeds: made the same way each time, nothing is read from anywhere."""

from __future__ import annotations

import random
from collections.abc import Callable

_WORDS = [
    *("connect", "accept", "session", "cluster", "resource", "gateway"),
    *("token", "refused", "retry", "ready", "node"),
]


_COLOURS = ["1;31", "32", "38;5;208", "34", "1;36"]


def log_lines(size: int, _cols: int, _rows: int) -> bytes:
    """Plain log lines."""
    draw = random.Random(1)  # noqa: S311 - the same lines each time, not a secret
    lines: list[str] = []
    total = 0
    while total < size:
        words = " ".join(draw.choice(_WORDS) for _ in range(draw.randint(4, 10)))
        line = (
            f"2026-01-02T03:04:{len(lines) % 60:02d}.{draw.randint(0, 999):03d}Z INFO {words}\r\n"
        )
        lines.append(line)
        total += len(line)
    return "".join(lines).encode()


def coloured_lines(size: int, _cols: int, _rows: int) -> bytes:
    """Lines as a compiler or a listing colours them."""
    draw = random.Random(2)  # noqa: S311
    lines = []
    total = 0
    while total < size:
        parts = [
            f"\x1b[{draw.choice(_COLOURS)}m{draw.choice(_WORDS)}\x1b[0m"
            for _ in range(draw.randint(3, 7))
        ]
        line = "  ".join(parts) + "\r\n"
        lines.append(line)
        total += len(line)
    return "".join(lines).encode()


def unicode_lines(size: int, _cols: int, _rows: int) -> bytes:
    """Lines with accents, CJK and emoji."""
    draw = random.Random(3)  # noqa: S311
    words = ["größe", "naïve", "日本語", "한국어", "→", "✓", "тест", "🚀", "e\u0301te\u0301"]
    lines = []
    total = 0
    while total < size:
        line = " ".join(draw.choice(words) for _ in range(draw.randint(4, 9))) + "\r\n"
        lines.append(line)
        total += len(line.encode())
    return "".join(lines).encode()


def every_cell(size: int, cols: int, rows: int) -> bytes:
    """Screens in which every cell has its own colours."""
    parts = []
    total = 0
    frame = 0
    while total < size:
        screen = []
        for row in range(rows):
            screen.append(f"\x1b[{row + 1};1H")
            for col in range(cols):
                number = (row + col + frame) % 156 + 100
                char = chr(33 + (row * 7 + col + frame) % 94)
                screen.append(f"\x1b[38;5;{number};48;5;{255 - number % 128};1m{char}")
        made = "".join(screen)
        frame += 1
        parts.append(made)
        total += len(made)
    return "".join(parts).encode()


def full_screen(size: int, cols: int, rows: int) -> bytes:
    """What editors, pagers and process viewers write: placing, colouring, erasing, scrolling."""
    draw = random.Random(5)  # noqa: S311
    parts = ["\x1b[?1049h\x1b[H\x1b[2J"]
    total = 0
    while total < size:
        made = []
        for _ in range(rows):
            row = draw.randint(1, rows)
            made.append(f"\x1b[{row};{draw.randint(1, cols // 2)}H")
            for _ in range(draw.randint(1, 5)):
                made.append(f"\x1b[{draw.choice(('0', '1', '7', '34', '38;5;130', '0;32'))}m")
                made.append(draw.choice(_WORDS)[: cols // 8] + " ")
            made.append("\x1b[m\x1b[K")
        made.append(
            f"\x1b[1;{rows - 1}r\x1b[{rows - 1};1H\r\n\x1b[r\x1b[{rows};1H-- INSERT --\x1b[K"
        )
        text = "".join(made)
        parts.append(text)
        total += len(text)
    return "".join(parts).encode()


PAYLOADS: dict[str, Callable[[int, int, int], bytes]] = {
    "log lines": log_lines,
    "coloured lines": coloured_lines,
    "unicode lines": unicode_lines,
    "every cell": every_cell,
    "full screen": full_screen,
}

"""The icons as path data on a 24 grid (a table; all drawn for this project).

Shape: each icon is a tuple of strokes, a letter and numbers with blanks between:
       L x y x y …         a line through points
       C cx cy r           a circle
       A cx cy rx ry a b   an arc from angle a to b, degrees, clockwise, 0 at three o'clock
       R x y w h r         a rectangle with round corners
       D cx cy r           a filled dot
       F x y x y …         a filled polygon
"""

from math import cos, pi, sin

from teleterm.ui.theme.png import Coverage, Point, tinted

GRID = 24
STROKE = 1.75

ICONS: dict[str, tuple[str, ...]] = {
    "server": (
        "R 3.5 4 17 7 2",
        "R 3.5 13 17 7 2",
        "D 7.5 7.5 1.2",
        "D 7.5 16.5 1.2",
        "L 12 7.5 17 7.5",
        "L 12 16.5 17 16.5",
    ),
    "database": (
        "A 12 6 7.5 3 0 360",
        "L 4.5 6 4.5 18",
        "L 19.5 6 19.5 18",
        "A 12 18 7.5 3 0 180",
        "A 12 12 7.5 3 0 180",
    ),
    "kube": (
        "L 12 3 19.5 6.8 21 14.5 16 20.7 8 20.7 3 14.5 4.5 6.8 12 3",
        "C 12 12.4 2.2",
        "L 12 10.2 12 6.3",
        "L 14.1 12.9 17.6 14",
        "L 9.9 12.9 6.4 14",
        "L 13.2 14.3 15 17.3",
        "L 10.8 14.3 9 17.3",
    ),
    "app": (
        "R 3.5 4.5 17 15 2.5",
        "L 3.5 9 20.5 9",
        "D 6.6 6.8 0.9",
        "D 9.4 6.8 0.9",
    ),
    "desktop": (
        "R 3 4 18 12.5 2",
        "L 12 16.5 12 20",
        "L 8 20 16 20",
    ),
    "terminal": (
        "R 3 4.5 18 15 2.5",
        "L 7 9 10 12 7 15",
        "L 12.5 15 16.5 15",
    ),
    "prompt": (
        "L 5 6 11 12 5 18",
        "L 13 18 19 18",
    ),
    "cluster": (
        "R 9 3.5 6 5.5 1.5",
        "R 3 15 6 5.5 1.5",
        "R 15 15 6 5.5 1.5",
        "L 12 9 12 12",
        "L 6 15 6 12 18 12 18 15",
    ),
    "leaf": (
        "L 5 19 14 10",
        "A 5.5 18 13.5 13.5 270 360",
        "A 19 4.5 13.5 13.5 90 180",
    ),
    "user": (
        "C 12 8.2 3.9",
        "A 12 20.5 7.5 6.5 180 360",
    ),
    "key": (
        "C 8 15.5 4",
        "L 10.9 12.7 19.5 4.2",
        "L 16 7.6 18.8 10.4",
    ),
    "shield": (
        "L 12 3 19.5 6 19.5 11.5 17.6 16.6 12 21 6.4 16.6 4.5 11.5 4.5 6 12 3",
        "L 8.8 11.8 11.2 14.2 15.4 9.6",
    ),
    "lock": (
        "R 5 10.5 14 10 2",
        "A 12 8 4 4.5 180 360",
        "L 8 8 8 10.5",
        "L 16 8 16 10.5",
    ),
    "pin": (
        "L 9 3.5 15 3.5",
        "L 10 3.5 9.5 10 6.5 14 17.5 14 14.5 10 14 3.5",
        "L 12 14 12 20.5",
    ),
    "plus": (
        "L 12 5 12 19",
        "L 5 12 19 12",
    ),
    "cross": (
        "L 6.5 6.5 17.5 17.5",
        "L 17.5 6.5 6.5 17.5",
    ),
    "check": ("L 5 12.5 10 17.5 19 7",),
    "down": ("L 6.5 9.5 12 15 17.5 9.5",),
    "up": ("L 6.5 14.5 12 9 17.5 14.5",),
    "right": ("L 9.5 6.5 15 12 9.5 17.5",),
    "left": ("L 14.5 6.5 9 12 14.5 17.5",),
    "more": (
        "D 12 5.5 1.7",
        "D 12 12 1.7",
        "D 12 18.5 1.7",
    ),
    "search": (
        "C 10.5 10.5 6",
        "L 15 15 20 20",
    ),
    "refresh": (
        "A 12 12 7.5 7.5 20 305",
        "L 20 3.8 19.2 9 14.2 8",
    ),
    "gear": (
        "C 12 12 3",
        "C 12 12 6.6",
        "L 12 2.8 12 5.2",
        "L 12 18.8 12 21.2",
        "L 2.8 12 5.2 12",
        "L 18.8 12 21.2 12",
        "L 5.5 5.5 7.2 7.2",
        "L 16.8 16.8 18.5 18.5",
        "L 5.5 18.5 7.2 16.8",
        "L 16.8 7.2 18.5 5.5",
    ),
    "link": (
        "L 9 15 15 9",
        "L 11 6.6 13 4.9",
        "A 16 8 4.3 4.3 225 405",
        "L 13 17.4 11 19.1",
        "A 8 16 4.3 4.3 45 225",
        "L 19 11.1 17.4 13",
        "L 5 12.9 6.6 11",
    ),
    "copy": (
        "R 8.5 8.5 11.5 11.5 2",
        "L 5.8 15.5 4.5 15 4 14 4 5.5 4.6 4.4 5.6 4 14 4 15 4.5 15.5 5.6",
    ),
    "play": (
        "F 8 5 19 12 8 19",
        "L 8 5 19 12 8 19 8 5",
    ),
    "stop": (
        "R 6.5 6.5 11 11 1.5",
        "F 6.5 6.5 17.5 6.5 17.5 17.5 6.5 17.5",
    ),
    "split_right": (
        "R 3.5 4.5 17 15 2.5",
        "L 12 4.5 12 19.5",
    ),
    "split_down": (
        "R 3.5 4.5 17 15 2.5",
        "L 3.5 12 20.5 12",
    ),
    "upload": (
        "L 12 15.5 12 4.5",
        "L 7.5 9 12 4.5 16.5 9",
        "L 4.5 15.5 4.5 19.5 19.5 19.5 19.5 15.5",
    ),
    "download": (
        "L 12 4.5 12 15.5",
        "L 7.5 11 12 15.5 16.5 11",
        "L 4.5 15.5 4.5 19.5 19.5 19.5 19.5 15.5",
    ),
    "bell": (
        "A 12 10 5.5 6 180 360",
        "L 6.5 10 6.2 14 4.5 17 19.5 17 17.8 14 17.5 10",
        "A 12 18.5 2.4 2.2 10 170",
    ),
    "warning": (
        "L 12 4 21 19.5 3 19.5 12 4",
        "L 12 10 12 14",
        "D 12 16.9 1.1",
    ),
    "info": (
        "C 12 12 8.5",
        "L 12 11.5 12 16.2",
        "D 12 8 1.1",
    ),
    "error": (
        "C 12 12 8.5",
        "L 12 7.6 12 12.6",
        "D 12 16 1.1",
    ),
    "success": (
        "C 12 12 8.5",
        "L 8.2 12.4 11 15.2 16 9.4",
    ),
    "broadcast": (
        "D 12 12 1.8",
        "A 12 12 5 5 130 230",
        "A 12 12 5 5 -50 50",
        "A 12 12 8.7 8.7 130 230",
        "A 12 12 8.7 8.7 -50 50",
    ),
    "tunnel": (
        "L 4 9 20 9 15.5 4.5",
        "L 20 15 4 15 8.5 19.5",
    ),
    "home": (
        "L 3.5 11.5 12 4 20.5 11.5",
        "L 6 9.8 6 19.5 18 19.5 18 9.8",
        "L 10 19.5 10 14 14 14 14 19.5",
    ),
    "log": (
        "R 4.5 3.5 15 17 2.2",
        "L 8 8.5 16 8.5",
        "L 8 12 16 12",
        "L 8 15.5 12.5 15.5",
    ),
    "ticks": (
        "L 3.5 6.5 5.5 8.5 9 4.5",
        "L 3.5 15.5 5.5 17.5 9 13.5",
        "L 12.5 7 20.5 7",
        "L 12.5 16 20.5 16",
    ),
    "eye": (
        "A 12 16.5 10.4 9.6 208 332",
        "A 12 7.5 10.4 9.6 28 152",
        "C 12 12 2.6",
    ),
    "eye_off": (
        "A 12 16.5 10.4 9.6 208 332",
        "A 12 7.5 10.4 9.6 28 152",
        "C 12 12 2.6",
        "L 5 19 19 5",
    ),
    "logout": (
        "L 13 4.5 5 4.5 5 19.5 13 19.5",
        "L 10.5 12 20 12",
        "L 16.2 8 20 12 16.2 16",
    ),
    "login": (
        "L 11 4.5 19 4.5 19 19.5 11 19.5",
        "L 4 12 13.5 12",
        "L 9.8 8 13.6 12 9.8 16",
    ),
    "trash": (
        "L 4.5 6.5 19.5 6.5",
        "L 9 6.5 9 4 15 4 15 6.5",
        "L 6.5 6.5 7.2 20 16.8 20 17.5 6.5",
    ),
    "grid": (
        "R 4 4 6.5 6.5 1.5",
        "R 13.5 4 6.5 6.5 1.5",
        "R 4 13.5 6.5 6.5 1.5",
        "R 13.5 13.5 6.5 6.5 1.5",
    ),
    "sidebar": (
        "R 3.5 4.5 17 15 2.5",
        "L 9.5 4.5 9.5 19.5",
    ),
    "theme": (
        "C 12 12 8.5",
        "F 12 3.5 12 20.5 15.5 19.8 18.5 17.8 20.2 14.6 20.5 12 20.2 9.4 18.5 6.2 15.5 4.2",
    ),
    "keyboard": (
        "R 2.5 6 19 12 2",
        "D 6.5 10 0.9",
        "D 10.2 10 0.9",
        "D 13.8 10 0.9",
        "D 17.5 10 0.9",
        "L 7.5 14.2 16.5 14.2",
    ),
    "external": (
        "L 13.5 4.5 19.5 4.5 19.5 10.5",
        "L 19.5 4.5 11 13",
        "L 10 5.5 4.5 5.5 4.5 19.5 18.5 19.5 18.5 14",
    ),
    "pencil": ("L 4.5 19.5 5.2 15.5 16 4.7 19.3 8 8.5 18.8 4.5 19.5",),
    "logo": (
        "L 5.2 8 10.2 12.4 5.2 16.8",
        "L 12.4 17.2 17.4 17.2",
        "D 18.2 7.4 1.9",
    ),
    "dot": ("D 12 12 6",),
    "mark_on": ("D 12 12 6.2",),
    "mark_half": (
        "C 12 12 5.6",
        "F 12 6.4 12 17.6 9 16.9 7 15 6.4 12 7 9 9 7.1",
    ),
    "mark_ring": ("C 12 12 5.4",),
    "mark_trouble": (
        "F 12 4.5 20 18.5 4 18.5",
        "L 12 4.5 20 18.5 4 18.5 12 4.5",
    ),
    "mark_locked": (
        "C 12 12 5.6",
        "F 6.4 12 17.6 12 16.9 15 15 17 12 17.6 9 17 7.1 15",
        "L 4 12 20 12",
    ),
    "fold_open": ("L 7 10 12 15 17 10",),
    "fold_closed": ("L 10 7 15 12 10 17",),
}


def draw(name: str, size_px: int, color: str) -> bytes:
    """An icon as PNG bytes, `size_px` square, in one colour."""
    scale = size_px / GRID
    coverage = Coverage(size_px)
    width = max(1.15, STROKE * scale)
    for stroke in ICONS[name]:
        kind, *numbers = stroke.split()
        values = [float(number) for number in numbers]
        if kind == "D":
            coverage.stroke([(values[0] * scale, values[1] * scale)], values[2] * 2 * scale)
        elif kind == "F":
            coverage.fill(_points(values, scale))
        else:
            coverage.stroke(_outline(kind, values, scale), width)
    return tinted(coverage, color)


def _outline(kind: str, values: list[float], scale: float) -> list[Point]:
    if kind == "C":
        return _arc(values[0], values[1], values[2], values[2], 0, 360, scale)
    if kind == "A":
        cx, cy, rx, ry, start, end = values
        return _arc(cx, cy, rx, ry, start, end, scale)
    if kind == "R":
        return _rectangle(values, scale)
    return _points(values, scale)


def _points(values: list[float], scale: float) -> list[Point]:
    return [(x * scale, y * scale) for x, y in zip(values[::2], values[1::2], strict=True)]


def _arc(
    cx: float, cy: float, rx: float, ry: float, start: float, end: float, scale: float
) -> list[Point]:
    steps = max(4, int(abs(end - start) / 18))
    points = []
    for step in range(steps + 1):
        angle = (start + (end - start) * step / steps) * pi / 180
        points.append(((cx + rx * cos(angle)) * scale, (cy + ry * sin(angle)) * scale))
    return points


def _rectangle(values: list[float], scale: float) -> list[Point]:
    x, y, width, height, radius = values
    corners = (
        (x + width - radius, y + radius, 270),
        (x + width - radius, y + height - radius, 0),
        (x + radius, y + height - radius, 90),
        (x + radius, y + radius, 180),
    )
    points: list[Point] = []
    for cx, cy, start in corners:
        points += _arc(cx, cy, radius, radius, start, start + 90, scale)
    return [*points, points[0]]

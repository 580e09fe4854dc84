"""How the panes of a tab lie: a tree of splits, its rectangles, and steps from one to another."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from msgspec import Struct

LEAST = 0.05
"""The least share of a split that a pane keeps."""
DIRECTIONS = ("left", "right", "up", "down")


class Leaf(Struct, tag="pane"):
    """A pane, by its number."""

    pane: int


class Split(Struct, tag="split"):
    """Parts beside each other (`is_row`) or below each other; `shares` add up to 1."""

    is_row: bool
    parts: list["Leaf | Split"]
    shares: list[float]


Node = Leaf | Split


class Box(NamedTuple):
    """A rectangle in pixels."""

    x: int
    y: int
    width: int
    height: int


class Divider(NamedTuple):
    """The line behind part `after` of a split; `length` are the pixels its parts share."""

    box: Box
    split: Split
    after: int
    length: int


_decoder = msgspec.json.Decoder(Node)


class Layout:
    """The tree; pane numbers are the caller's own."""

    def __init__(self, root: Node) -> None:
        self.root = root

    def panes(self) -> list[int]:
        """All panes in reading order."""
        return _panes(self.root)

    def dump(self) -> str:
        """The tree as text, panes numbered in reading order from 0."""
        numbers = {pane: number for number, pane in enumerate(self.panes())}
        return msgspec.json.encode(_numbered(self.root, numbers)).decode()

    # Changes

    def split(self, pane: int, added: int, *, is_row: bool) -> None:
        """Give half of a pane's place to another one, right of it or below it."""
        self.root = _split(self.root, pane, added, is_row=is_row)

    def remove(self, pane: int) -> None:
        """Take a pane away; those beside it share its place. The last one stays."""
        left = _without(self.root, pane)
        if left is not None:
            self.root = left

    def resize(self, pane: int, direction: str, step: float) -> bool:
        """Move the nearest divider beside a pane; False when there is none that way."""
        is_row = direction in {"left", "right"}
        way = 1.0 if direction in {"right", "down"} else -1.0
        for split, index in reversed(_way_to(self.root, pane)):
            if split.is_row == is_row:
                move(split, index if index < len(split.parts) - 1 else index - 1, way * step)
                return True
        return False

    # Geometry

    def boxes(self, area: Box, gap: int) -> tuple[dict[int, Box], list[Divider]]:
        """Where each pane and each divider (`gap` wide) lies."""
        boxes: dict[int, Box] = {}
        dividers: list[Divider] = []
        _lay(self.root, area, gap, boxes, dividers)
        return boxes, dividers


def neighbour(boxes: dict[int, Box], pane: int, direction: str) -> int | None:
    """The pane that lies that way and shares the longest edge; None at the rim."""
    here = boxes[pane]
    best, best_key = None, (0, 0)
    for other, box in boxes.items():
        if other == pane or not _is_beyond(here, box, direction):
            continue
        if direction in {"left", "right"}:
            shared = min(here.y + here.height, box.y + box.height) - max(here.y, box.y)
            away = abs(box.x - here.x)
        else:
            shared = min(here.x + here.width, box.x + box.width) - max(here.x, box.x)
            away = abs(box.y - here.y)
        if shared > 0 and (best is None or (-away, shared) > best_key):
            best, best_key = other, (-away, shared)
    return best


def move(split: Split, index: int, step: float) -> None:
    """Move the divider behind part `index` by a share of the split's length."""
    both = split.shares[index] + split.shares[index + 1]
    least = min(LEAST, both / 2)
    first = max(least, min(both - least, split.shares[index] + step))
    split.shares[index], split.shares[index + 1] = first, both - first


def even(split: Split) -> None:
    """Give every part of a split the same size."""
    split.shares = [1 / len(split.parts)] * len(split.parts)


def load(text: str, count: int) -> Layout | None:
    """The layout that `dump` told, if it holds exactly the panes 0 to `count` - 1."""
    try:
        root = _decoder.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None
    is_sound = sorted(_panes(root)) == list(range(count)) and _is_sound(root)
    return Layout(root) if is_sound else None


def grid(panes: Sequence[int]) -> Layout:
    """Panes in rows and columns, as near to a square as they go; columns first."""
    count = len(panes)
    columns = 1
    while columns * columns < count:
        columns += 1
    rows = -(-count // columns)
    lines: list[Node] = []
    for row in range(rows):
        parts: list[Node] = [Leaf(pane) for pane in panes[row * columns : (row + 1) * columns]]
        lines.append(parts[0] if len(parts) == 1 else _evenly(parts, is_row=True))
    return Layout(lines[0] if len(lines) == 1 else _evenly(lines, is_row=False))


def _evenly(parts: list[Node], *, is_row: bool) -> Split:
    return Split(is_row, parts, [1 / len(parts)] * len(parts))


def _panes(node: Node) -> list[int]:
    if isinstance(node, Leaf):
        return [node.pane]
    return [pane for part in node.parts for pane in _panes(part)]


def _numbered(node: Node, numbers: dict[int, int]) -> Node:
    if isinstance(node, Leaf):
        return Leaf(numbers[node.pane])
    parts = [_numbered(part, numbers) for part in node.parts]
    return Split(node.is_row, parts, list(node.shares))


def _is_sound(node: Node) -> bool:
    if isinstance(node, Leaf):
        return True
    return (
        len(node.parts) >= 2
        and len(node.parts) == len(node.shares)
        and all(0 < share < 1 for share in node.shares)
        and abs(sum(node.shares) - 1) < 0.01
        and all(_is_sound(part) for part in node.parts)
    )


def _split(node: Node, pane: int, added: int, *, is_row: bool) -> Node:
    if isinstance(node, Leaf):
        if node.pane != pane:
            return node
        return Split(is_row, [node, Leaf(added)], [0.5, 0.5])
    for index, part in enumerate(node.parts):
        if isinstance(part, Leaf) and part.pane == pane and node.is_row == is_row:
            half = node.shares[index] / 2
            node.parts.insert(index + 1, Leaf(added))
            node.shares[index : index + 1] = [half, half]
            return node
        node.parts[index] = _split(part, pane, added, is_row=is_row)
    return node


def _without(node: Node, pane: int) -> Node | None:
    if isinstance(node, Leaf):
        return None if node.pane == pane else node
    parts: list[Node] = []
    shares: list[float] = []
    for part, share in zip(node.parts, node.shares, strict=True):
        left = _without(part, pane)
        if left is not None:
            parts.append(left)
            shares.append(share)
    if len(parts) < 2:
        return parts[0] if parts else None
    whole = sum(shares)
    return Split(node.is_row, parts, [share / whole for share in shares])


def _way_to(node: Node, pane: int) -> list[tuple[Split, int]]:
    """The splits around a pane from the outermost, each with the part that leads to it."""
    if isinstance(node, Split):
        for index, part in enumerate(node.parts):
            if pane in _panes(part):
                return [(node, index), *_way_to(part, pane)]
    return []


def _lay(node: Node, area: Box, gap: int, boxes: dict[int, Box], dividers: list[Divider]) -> None:
    if isinstance(node, Leaf):
        boxes[node.pane] = area
        return
    whole = area.width if node.is_row else area.height
    room = max(0, whole - gap * (len(node.parts) - 1))
    start, told = 0, 0.0
    for index, (part, share) in enumerate(zip(node.parts, node.shares, strict=True)):
        told += share
        is_last = index == len(node.parts) - 1
        end = whole if is_last else round(room * told) + gap * index
        _lay(part, _part(area, start, end, is_row=node.is_row), gap, boxes, dividers)
        if not is_last:
            line = _part(area, end, end + gap, is_row=node.is_row)
            dividers.append(Divider(line, node, index, max(1, room)))
        start = end + gap


def _part(area: Box, start: int, end: int, *, is_row: bool) -> Box:
    if is_row:
        return Box(area.x + start, area.y, max(1, end - start), area.height)
    return Box(area.x, area.y + start, area.width, max(1, end - start))


def _is_beyond(here: Box, box: Box, direction: str) -> bool:
    match direction:
        case "left":
            return box.x + box.width <= here.x
        case "right":
            return box.x >= here.x + here.width
        case "up":
            return box.y + box.height <= here.y
        case _:
            return box.y >= here.y + here.height

"""What a program tells the window besides cells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bell:
    """The bell rang."""


@dataclass(frozen=True, slots=True)
class TitleChanged:
    """The program set its title: controls removed, at most 120 characters."""

    title: str


@dataclass(frozen=True, slots=True)
class IconNameChanged:
    """The program set its short name, cleaned as a title is."""

    name: str


@dataclass(frozen=True, slots=True)
class ClipboardWrite:
    """The program wants to set a clipboard (OSC 52); whoever gets this decides."""

    selection: str
    data: bytes


@dataclass(frozen=True, slots=True)
class DirectoryChanged:
    """The program's folder, as a file URI (OSC 7)."""

    uri: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice for the desktop (OSC 9, 777)."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of a job (OSC 9;4): state 0 none, 1 normal, 2 error, 3 unknown, 4 paused."""

    state: int
    percent: int


@dataclass(frozen=True, slots=True)
class PromptMark:
    """A shell's mark (OSC 133): "A" prompt, "B" command, "C" output, "D" end with its status."""

    kind: str
    line_id: int
    exit_status: int | None


@dataclass(frozen=True, slots=True)
class ResizeAsked:
    """The program wants another size; only told where window operations are allowed."""

    cols: int
    rows: int


@dataclass(frozen=True, slots=True)
class PointerShape:
    """The program wants another mouse pointer (OSC 22), by its name in CSS or X11."""

    name: str


@dataclass(frozen=True, slots=True)
class ScreenSwitched:
    """The main or the alternate screen came to the front."""

    alternate: bool


Event = (
    Bell
    | TitleChanged
    | IconNameChanged
    | ClipboardWrite
    | DirectoryChanged
    | Notice
    | Progress
    | PromptMark
    | ResizeAsked
    | PointerShape
    | ScreenSwitched
)

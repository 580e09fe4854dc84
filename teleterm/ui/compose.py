"""Dead keys and the Compose key, put together here instead of in Xlib.

Xlib reads the whole table of sequences three times when a window opens, which takes longer than
everything else that Tk does before its first picture. So its table is left empty (see
`osutil.forks`) and ours is asked from main, for one first key at a time, when that key is pressed.
Where a real input method runs (XMODIFIERS names one) none of this has anything to do.
"""

import tkinter as tk
from collections.abc import Callable
from functools import partial
from typing import Protocol

from msgspec import Struct

from teleterm.bridge.contract import ComposeTable, GetComposeTable, Reply, Request
from teleterm.bridge.window_end import OnReply

STARTERS = ("dead_", "Multi_key")
_CONTROL, _ALT = 0x04, 0x08
_COMMANDS = _CONTROL | _ALT
"""Keys held with a key of a shortcut, which is never a part of a sequence."""
_SILENT = ("Shift_", "Control_", "Alt_", "Meta_", "Super_", "Hyper_", "ISO_", "Caps_", "Num_")
MAX_WAITING = 256

Commit = Callable[[str], None]
Table = dict[tuple[str, ...], str]


class Main(Protocol):
    """Whoever answers with a table: the bridge."""

    def ask(self, body: Request, on_reply: OnReply | None = None) -> int:
        """Send a request; the answer goes to `on_reply`."""


class Press(Struct, frozen=True):
    """A key: its name, where a finished text goes, what it does by itself."""

    keysym: str
    commit: Commit
    alone: Callable[[], object]
    is_command: bool


class Composer:
    """One for the window. `take` decides for each key press who may have it."""

    def __init__(self, main: Main) -> None:
        self._main = main
        self._tables: dict[str, Table] = {}
        self._keys: tuple[str, ...] = ()
        self._waiting: list[Press] = []

    def take(
        self,
        keysym: str,
        character: str,
        state: int,
        commit: Commit,
        alone: Callable[[], object] | None = None,
    ) -> bool:
        """Whether this key became part of a sequence, or may become one, and is nobody else's.

        Shape:  `commit` gets the text once a sequence is whole, now or after main's answer;
                `alone` is called for a key that came before the answer and is no part of one:
                without it, `commit` gets the text of such a key, if it has one.
        Thread: Tk's.
        """
        is_started = bool(self._keys or self._waiting)
        if keysym.startswith(_SILENT):
            return is_started
        is_command = bool(state & _COMMANDS)
        press = Press(keysym, commit, alone or partial(_commit_text, commit, character), is_command)
        if self._waiting:  # nothing overtakes what waits
            if len(self._waiting) < MAX_WAITING:
                self._waiting.append(press)
            return True
        if is_command or (not is_started and not keysym.startswith(STARTERS)):
            self.forget()
            return False
        if self._needs_table(press):
            self._ask_for([press])
        else:
            self._advance(press)
        return True

    def forget(self) -> None:
        """Drop a sequence that was begun: the keyboard went elsewhere."""
        self._keys, self._waiting = (), []

    def serve_entries(self, root: tk.Misc) -> None:
        """Let sequences work in every entry of this interpreter."""
        root.bind_class("TEntry", "<KeyPress>", self._typed_in_entry)
        root.bind_class("TEntry", "<FocusOut>", lambda _event: self.forget(), add=True)

    def _typed_in_entry(self, event: "tk.Event[tk.Misc]") -> None:
        entry = event.widget

        def commit(text: str) -> None:
            if entry.winfo_exists():
                entry.tk.call("ttk::entry::Insert", str(entry), text)

        state = int(event.state)
        if not self.take(event.keysym, event.char, state, commit) and not state & _ALT:
            commit(event.char)

    def _needs_table(self, press: Press) -> bool:
        return not self._keys and press.keysym not in self._tables

    def _ask_for(self, waiting: list[Press]) -> None:
        """Have the first key's table found; until then these wait."""
        self._waiting = waiting
        self._main.ask(GetComposeTable(first=waiting[0].keysym), self._answered)

    def _answered(self, reply: Reply, _descriptor: int) -> None:
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        found = reply.sequences if isinstance(reply, ComposeTable) else ()
        self._tables[waiting[0].keysym] = {one.keys: one.text for one in found}
        for at, press in enumerate(waiting):
            is_start = press.keysym.startswith(STARTERS)
            if press.is_command or not (self._keys or is_start):
                self._keys = ()
                press.alone()
            elif self._needs_table(press):
                self._ask_for(waiting[at:])
                return
            else:
                self._advance(press)

    def _advance(self, press: Press) -> None:
        keys = (*self._keys, press.keysym)
        table = self._tables.get(keys[0], {})
        if keys in table:
            self._keys = ()
            press.commit(table[keys])
        elif any(known[: len(keys)] == keys for known in table):
            self._keys = keys
        else:
            self._keys = ()


def _commit_text(commit: Commit, character: str) -> None:
    if character.isprintable():
        commit(character)

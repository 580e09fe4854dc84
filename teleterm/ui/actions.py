"""What the window can do, by name: run from keys, menus and the palette alike."""

from collections.abc import Callable, Iterable

from msgspec import Struct


def _always() -> bool:
    return True


KEPT = frozenset({"terminalCopy"})
"""Actions whose keys with Shift are no terminal's, see `Actions.is_kept`."""


class Action(Struct, frozen=True, kw_only=True):
    """A thing to do; without a title it isn't listed. An action that can't run lets its key go."""

    name: str
    run: Callable[[], object]
    title: str = ""
    can_run: Callable[[], bool] = _always


class Actions:
    """All actions and the keys they have now."""

    def __init__(self) -> None:
        self._by_name: dict[str, Action] = {}
        self._keys: dict[str, str] = {}

    def add(self, actions: Iterable[Action]) -> None:
        """Make actions known."""
        self._by_name.update({action.name: action for action in actions})

    def set_keys(self, table: dict[str, str]) -> None:
        """Take a new table of keys to action names."""
        self._keys = table

    def for_keys(self, names: Iterable[str]) -> Action | None:
        """The action of the first of these keys that has one which can run now."""
        for name in names:
            action = self._by_name.get(self._keys.get(name, ""))
            if action is not None and action.can_run():
                return action
        return None

    def is_kept(self, names: Iterable[str]) -> bool:
        """Whether a terminal shan't have these keys although their action can't run now.

        Ctrl+Shift+C with nothing selected would be Ctrl+C there: it would end the program.
        """
        return any("Shift" in name and self._keys.get(name) in KEPT for name in names)

    def key_of(self, name: str) -> str:
        """The first key of an action, or nothing."""
        return next((key for key, action in self._keys.items() if action == name), "")

    def run(self, name: str) -> bool:
        """Run an action by name if it can."""
        action = self._by_name.get(name)
        if action is None or not action.can_run():
            return False
        action.run()
        return True

    def can_run(self, name: str) -> bool:
        """Whether an action of that name could run now."""
        action = self._by_name.get(name)
        return action is not None and action.can_run()

    def listed(self) -> list[Action]:
        """Those with a title, in the order they were added."""
        return [action for action in self._by_name.values() if action.title]

    def pairs(self) -> list[tuple[str, str]]:
        """Title and key of every listed action that has a key."""
        found = [(action.title, self.key_of(action.name)) for action in self.listed()]
        return [(title, key) for title, key in found if key]

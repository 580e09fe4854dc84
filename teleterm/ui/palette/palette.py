"""The palette's window within the window: a field, chips, a list, a line of hints."""

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from teleterm.bridge.contract import (
    Failed,
    ListDatabaseUsers,
    Names,
    Reply,
    SearchResources,
    SearchResult,
)
from teleterm.bridge.views import ResourceView
from teleterm.ui.palette import sources
from teleterm.ui.palette.box import PLACEHOLDER, ROWS, PaletteBox
from teleterm.ui.palette.grammar import Query, chip_of, command_of, parse
from teleterm.ui.palette.ranking import Fit
from teleterm.ui.palette.sources import Candidate
from teleterm.ui.palette.typed import run_command, title_of
from teleterm.ui.widgets.rowlist import Row

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

ASK_MS = 150
KEPT_RESOURCES = 20_000


class Palette:
    """`.palette`: field `head.field.entry`, list `list`; closing gives the keyboard back."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._box: PaletteBox | None = None
        self._before: tk.Misc | None = None
        self._known: dict[str, ResourceView] = {}
        self._candidates: dict[str, Candidate] = {}
        self._chips: list[tuple[str, str]] = []
        self._ask_id = 0
        self._ask_after = ""
        self._locked: tuple[str, ...] = ()
        self._problems: tuple[tuple[str, str], ...] = ()
        self._step_two: ResourceView | None = None
        self._names: list[str] = []

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return self._box is not None

    def toggle(self) -> None:
        """Open it, or close it."""
        if self.is_open:
            self.close()
        else:
            self.open()

    def open(self, text: str = "") -> None:
        """Show it with `text` typed already; nothing runs without a key."""
        if self.is_open:
            self.close()
        self._before = self._desk.root.focus_get()
        self._chips, self._step_two = [], None
        self._locked, self._problems = (), ()
        self._build()
        self._field.set(text)
        self._show()
        self._field.focus_set()
        self._desk.say("ui: palette shown")
        self._ask_soon(0)

    def close(self) -> None:
        """Take it away and give the keyboard back."""
        box, self._box = self._box, None
        if box is None:
            return
        if self._ask_after:
            self._desk.root.after_cancel(self._ask_after)
            self._ask_after = ""
        if self._ask_id:
            self._desk.bridge.forget(self._ask_id)
            self._ask_id = 0
        box.box.destroy()
        before = self._before
        if before is not None and before.winfo_exists():
            before.focus_set()
        self._desk.say("ui: palette closed")

    # Building

    def _build(self) -> None:
        shown = PaletteBox(self._desk.look, self._desk.root, lambda _text: self._typed())
        self._box, self._field, self._list = shown, shown.field, shown.list
        shown.list.on_open = self._choose
        shown.list.on_second = lambda key: self._choose(key, is_behind=True)
        self._bind_keys()

    def _bind_keys(self) -> None:
        entry = self._field.entry
        steps = (("<Down>", 1), ("<Up>", -1), ("<Next>", ROWS), ("<Prior>", -ROWS))
        for sequence, step in steps:
            entry.bind(sequence, self._doer(self._stepper(step)))
        for sequence, act in (
            ("<Return>", lambda: self._choose(self._list.selected)),
            ("<KP_Enter>", lambda: self._choose(self._list.selected)),
            ("<Control-Return>", lambda: self._choose(self._list.selected, is_behind=True)),
            ("<Escape>", self._escape),
            ("<Tab>", lambda: None),
        ):
            entry.bind(sequence, self._doer(act))
        entry.bind("<BackSpace>", self._backspace)
        entry.bind("<space>", self._space)
        entry.bind("<FocusOut>", lambda _event: self._desk.root.after_idle(self._close_if_left))

    def _stepper(self, step: int) -> Callable[[], None]:
        return lambda: self._list.step(step)

    def _doer(self, act: Callable[[], object]) -> Callable[["tk.Event[tk.Misc]"], str]:
        def run(_event: "tk.Event[tk.Misc]") -> str:
            act()
            return "break"

        return run

    def _close_if_left(self) -> None:
        if self._box is None:
            return
        if not self._box.has_focus():
            self._before = None
            self.close()

    def _escape(self) -> None:
        if self._step_two is not None:
            self._leave_step_two()
        else:
            self.close()

    # Chips

    def _space(self, _event: "tk.Event[tk.Misc]") -> str | None:
        text = self._field.get()
        head, _, word = text.rpartition(" ")
        chip = chip_of(word) if self._step_two is None and text[:1] not in "><@#=?" else None
        if chip is None:
            return None
        self._chips.append(chip)
        self._show_chips()
        self._field.set(head)
        return "break"

    def _backspace(self, _event: "tk.Event[tk.Misc]") -> str | None:
        if self._field.get():
            return None
        if self._step_two is not None:
            self._leave_step_two()
        elif self._chips:
            self._chips.pop()
            self._show_chips()
            self._typed()
        return "break"

    def _show_chips(self) -> None:
        if self._box is not None:
            self._box.show_chips(self._chips)

    # Searching

    def _query(self) -> Query:
        return parse(self._field.get(), tuple(self._chips))

    def _typed(self) -> None:
        if self._box is None:
            return
        self._show()
        if self._step_two is None:
            self._ask_soon(ASK_MS)

    def _ask_soon(self, wait_ms: int) -> None:
        if self._ask_after:
            self._desk.root.after_cancel(self._ask_after)
        self._ask_after = self._desk.root.after(wait_ms, self._ask)

    def _ask(self) -> None:
        self._ask_after = ""
        query = self._query()
        if query.mode or self._box is None or not self._desk.store.roots():
            return
        if self._ask_id:
            self._desk.bridge.forget(self._ask_id)
        request = SearchResources(words=query.text, kinds=query.kinds)
        self._ask_id = self._desk.bridge.ask(request, self._answered)

    def _answered(self, reply: Reply, _descriptor: int) -> None:
        self._ask_id = 0
        if isinstance(reply, SearchResult):
            if len(self._known) > KEPT_RESOURCES:
                self._known = {}
            self._known.update((row.uri, row) for row in reply.rows)
            self._locked, self._problems = reply.locked, reply.problems
        elif isinstance(reply, Failed):
            self._problems = ((reply.message, reply.details),)
        if self._box is not None and self._step_two is None:
            self._show(is_late=True)

    # Showing

    def _show(self, *, is_late: bool = False) -> None:
        if self._step_two is not None:
            self._show_names()
            return
        query = self._query()
        if query.mode == "help":
            self._candidates = {}
            self._set_rows(sources.help_rows())
            return
        candidates = self._command_rows() + self._rank(query)
        rows = [candidate.row for candidate in candidates]
        self._candidates = {candidate.row.key: candidate for candidate in candidates}
        rows += self._end_rows(query, has_rows=bool(rows))
        selected = self._list.selected
        self._set_rows(rows)
        if is_late:
            self._desk.say(f"ui: palette found {len(candidates)}")
        if not is_late or selected not in self._candidates:
            self._list.select_first()
        else:
            self._list.select(selected)

    def _rank(self, query: Query) -> list[Candidate]:
        desk = self._desk
        if query.mode == "commands":
            found = [*sources.snippets(desk), *sources.commands(desk)]
            return sources.ranked(found, query, desk)
        if query.mode == "clusters":
            return sources.ranked(sources.clusters(desk), query, desk)
        if query.mode == "tabs":
            return sources.ranked(sources.tabs(desk), query, desk)
        if query.mode == "predicate":
            return []
        if not query.words and not query.has_tokens:
            return self._unasked(query)
        found = [*sources.tabs(desk), *sources.recent(desk)]
        found += sources.resources(desk, self._known.values(), self._enter_step_two)
        if not query.has_tokens:
            found += [*sources.clusters(desk), *sources.snippets(desk), *sources.commands(desk)]
        return sources.ranked(found, query, desk)

    def _unasked(self, query: Query) -> list[Candidate]:
        """Without input: 5 tabs, 5 recent ones, 4 commands, then what else is known."""
        desk = self._desk
        groups = (
            (sources.tabs(desk), 5),
            (sources.recent(desk), 5),
            (sources.likely_commands(desk), 4),
            (sources.resources(desk, self._known.values(), self._enter_step_two), 40),
        )
        rows = sources.ranked
        return [c for group, most in groups for c in rows(group, query, desk)[:most]]

    def _command_rows(self) -> list[Candidate]:
        command = command_of(self._field.get()) if not self._chips else None
        if command is None:
            return []
        words = self._desk.look.clean(title_of(command), 120)
        row = Row(key="typed", title=words, icon="right", icon_token="accent", right="Enter")
        run = lambda: run_command(self._desk, command, list(self._known.values()))  # noqa: E731
        return [Candidate(row=row, fit=Fit(name=words), run=run)]

    def _end_rows(self, query: Query, *, has_rows: bool) -> list[Row]:
        look, rows = self._desk.look, []
        if not has_rows and query.mode != "predicate":
            rows.append(Row(key="", kind="message", title="Nothing found", title_token="muted"))
        for title in self._locked if not query.mode else ():
            cluster = self._desk.store.clusters.get(title)
            name = look.clean(cluster.title if cluster is not None else title, 80)
            rows.append(
                Row(
                    key=f"locked:{title}",
                    title=f"{name} not searched – log in",
                    icon="lock",
                    title_token="sec",
                )
            )
        for index, (words, _details) in enumerate(self._problems if not query.mode else ()):
            rows.append(
                Row(
                    key=f"problem:{index}",
                    title=look.clean(words, 120),
                    icon="warning",
                    icon_token="warning",
                    title_token="sec",
                )
            )
        if (query.text or query.has_tokens) and query.mode in {"", "predicate"}:
            rows.append(
                Row(key="all", title="Show all results in a tab", icon="grid", title_token="sec")
            )
        return rows

    def _set_rows(self, rows: list[Row]) -> None:
        if self._box is not None:
            self._box.set_rows(rows)

    # Choosing

    def _choose(self, key: str, *, is_behind: bool = False) -> None:
        if self._step_two is not None:
            self._choose_name(key, is_behind=is_behind)
            return
        candidate = self._candidates.get(key)
        if candidate is not None:
            if candidate.keeps_open:
                candidate.run()
                return
            self.close()
            (candidate.run_behind if is_behind and candidate.run_behind else candidate.run)()
            return
        kind, _, rest = key.partition(":")
        if kind == "locked":
            self.close()
            self._desk.dialogs.login(rest)
        elif kind == "problem":
            words, details = self._problems[int(rest)]
            self.close()
            self._desk.dialogs.details("Search", f"{words}\n\n{details}")
        elif kind == "all":
            self._show_all()

    def _show_all(self) -> None:
        query = self._query()
        cluster = self._desk.store.current_cluster()
        self.close()
        if cluster is not None:
            search = f"={query.text}" if query.mode == "predicate" else query.text
            words = [search, *(f"{key}={value}" for key, value in query.labels)]
            kinds = query.kinds or cluster.kinds
            self._desk.opener.resources(cluster.uri, kinds, " ".join(filter(None, words)))

    # Step two: as whom

    def _enter_step_two(self, resource: ResourceView) -> None:
        desk = self._desk
        if resource.requires_request or resource.kind not in {"servers", "databases"}:
            self.close()
            desk.opener.connect(resource)
            return
        names = [name for name in desk.opener.names_for(resource) if name != "*"]
        if resource.kind == "databases" and not names:
            desk.bridge.ask(
                ListDatabaseUsers(database_uri=resource.uri),
                lambda reply, _fd: self._names_answered(resource, reply),
            )
        self._step_two, self._names = resource, names
        verb = "Log in to" if resource.kind == "servers" else "Connect to"
        self._field.set("")
        self._field.set_placeholder(f"{verb} {desk.look.clean(resource.name, 60)} as…")
        self._show_names()
        desk.say(f"ui: palette asks as whom {resource.name}")

    def _names_answered(self, resource: ResourceView, reply: Reply) -> None:
        if self._step_two is not resource:
            return
        if isinstance(reply, Names):
            known = replace(resource, logins=tuple(n for n in reply.names if n != "*"))
            self._names = self._desk.opener.names_for(known)
            self._show_names()
        elif isinstance(reply, Failed):
            self.close()
            self._desk.opener.failed(reply, resource.cluster_uri)

    def _show_names(self) -> None:
        look, typed = self._desk.look, self._field.get().strip()
        found = [name for name in self._names if typed.lower() in name.lower()]
        rows = [
            Row(key=name, title=look.clean(name, 100), icon="user", icon_token="muted")
            for name in found
        ]
        if typed and typed not in found:
            rows.append(Row(key=typed, title=f"Use “{look.clean(typed, 100)}”", icon="pencil"))
        nothing = Row(key="", kind="message", title="Type a name", title_token="muted")
        self._set_rows(rows or [nothing])
        self._list.select_first()

    def _choose_name(self, name: str, *, is_behind: bool) -> None:
        resource = self._step_two
        if resource is None or not name:
            return
        self.close()
        self._desk.opener.connect_as(resource, name, is_background=is_behind)

    def _leave_step_two(self) -> None:
        self._step_two = None
        self._field.set_placeholder(PLACEHOLDER)
        self._field.set("")
        self._show()

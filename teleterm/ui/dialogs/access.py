"""Access requests: one to read and decide on, and a new one."""

from collections.abc import Callable, Sequence
from tkinter import ttk
from typing import TYPE_CHECKING

from teleterm.bridge.ask_access import AccessRequestView
from teleterm.bridge.contract import (
    CreateAccessRequest,
    Failed,
    ListRequestableRoles,
    Names,
    Reply,
)
from teleterm.ui.dialogs.dialog import ButtonKind, Dialog
from teleterm.ui.widgets.basic import frame, label
from teleterm.ui.widgets.field import Field

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

MAX_LINES, MAX_ROLES = 14, 12
OnDone = Callable[[AccessRequestView, str, str], object]
"""Gets the request, one of approve, deny, assume, drop, delete, and the reason."""


class RequestDialog(Dialog):
    """`.dlg_request`: what is known of a request; its buttons are named after what they do."""

    def __init__(
        self,
        desk: "Desk",
        one: AccessRequestView,
        lines: Sequence[tuple[str, str]],
        *,
        is_own: bool,
        on_done: OnDone,
    ) -> None:
        super().__init__(desk, "dlg_request", "Access request", width=560)
        self._one, self._on_done = one, on_done
        self._draw_lines(lines)
        self._reason: Field | None = None
        can_review = one.state == "PENDING" and not is_own
        if can_review:
            self.text("Reason", token="sec", below=4)
            self._reason = Field(desk.look, self.body, name="reason")
            self.add(self._reason)
        made = self.buttons(*self._choices(is_own=is_own, can_review=can_review))
        self.open(self._reason.entry if self._reason is not None else list(made.values())[-1])

    def _draw_lines(self, lines: Sequence[tuple[str, str]]) -> None:
        look = self.look
        grid = frame(look, self.body, "elevated", name="lines")
        grid.grid_columnconfigure(0, minsize=look.dp(110))
        for row, (title, text) in enumerate(lines[:MAX_LINES]):
            name = label(look, grid, look.clean(title, 60), token="muted", surface="elevated")
            name.grid(row=row, column=0, sticky="nw", pady=look.dp(2))
            words = look.clean(text, 400)
            value = label(look, grid, words, surface="elevated", wrap=self.text_width - 120)
            value.grid(row=row, column=1, sticky="w", padx=(look.dp(12), 0), pady=look.dp(2))
        self.add(grid)

    def _choices(
        self, *, is_own: bool, can_review: bool
    ) -> list[tuple[str, str, ButtonKind, Callable[[], object]]]:
        one = self._one
        found: list[tuple[str, str, ButtonKind, Callable[[], object]]] = [
            ("close", "Close", "", self.cancel)
        ]
        if is_own and not one.is_assumed:
            found.insert(0, ("delete", "Delete", "Danger", self._doer("delete")))
        if can_review:
            found.append(("deny", "Deny", "", self._doer("deny")))
            found.append(("approve", "Approve", "Primary", self._doer("approve")))
        if one.is_assumed:
            found.append(("drop", "Drop", "Primary", self._doer("drop")))
        elif is_own and one.state == "APPROVED":
            found.append(("assume", "Assume", "Primary", self._doer("assume")))
        return found

    def _doer(self, act: str) -> Callable[[], None]:
        def run() -> None:
            reason = self._reason.get().strip() if self._reason is not None else ""
            self.close()
            self._on_done(self._one, act, reason)

        return run


class NewRequestDialog(Dialog):
    """`.dlg_new_request`: ticks `roles.role0`…, fields `reason`, `reviewers`, button `ask`."""

    def __init__(self, desk: "Desk", cluster_uri: str, on_done: Callable[[], object]) -> None:
        super().__init__(desk, "dlg_new_request", "Request access")
        self._cluster_uri, self._on_done = cluster_uri, on_done
        self._ticks: dict[str, ttk.Checkbutton] = {}
        self._words = self.text("Asking which roles you may request…", token="sec")
        self._roles = frame(desk.look, self.body, "elevated", name="roles")
        self.add(self._roles)
        self.text("Why you need it", token="sec", below=4)
        self._reason = Field(desk.look, self.body, name="reason")
        self.add(self._reason)
        self.text("Who should look at it", token="sec", below=4)
        self._reviewers = Field(
            desk.look, self.body, name="reviewers", placeholder="Names, with a comma between"
        )
        self.add(self._reviewers)
        self.error_line()
        made = self.buttons(
            ("cancel", "Cancel", "", self.cancel), ("ask", "Request", "Primary", self._ask)
        )
        self._button = made["ask"]
        self._button.state(["disabled"])
        self.open(self._reason.entry)
        desk.bridge.ask(ListRequestableRoles(cluster_uri=cluster_uri), self._roles_found)

    def _roles_found(self, reply: Reply, _descriptor: int) -> None:
        if not self.winfo_exists():
            return
        if isinstance(reply, Failed):
            self._words.configure(text="")
            self.show_failed(reply)
        elif isinstance(reply, Names):
            self._show_roles(reply.names)

    def _show_roles(self, names: tuple[str, ...]) -> None:
        look = self.look
        if not names:
            self._words.configure(text="There is no role here that you may request.")
            self.desk.say("ui: requestable roles none")
            return
        self._words.configure(text="Roles")
        for index, name in enumerate(names[:MAX_ROLES]):
            tick = ttk.Checkbutton(
                self._roles, name=f"role{index}", text=look.clean(name, 60),
                style="elevated.TCheckbutton",
            )  # fmt: skip
            tick.state(["!alternate"])
            tick.pack(anchor="w", pady=look.dp(2))
            self._ticks[name] = tick
        if len(names) > MAX_ROLES:
            more = f"{len(names) - MAX_ROLES} more: use “tsh request create --roles=…”."
            label(look, self._roles, more, token="muted", surface="elevated").pack(anchor="w")
        self._button.state(["!disabled"])
        next(iter(self._ticks.values())).focus_set()
        self.desk.say(f"ui: requestable roles {len(names)}")

    def _ask(self) -> None:
        if self._button.instate(["disabled"]):
            return
        roles = tuple(name for name, tick in self._ticks.items() if tick.instate(["selected"]))
        if not roles:
            self.show_error("Choose at least one role.")
            return
        reviewers = (name.strip() for name in self._reviewers.get().split(","))
        self._button.state(["disabled"])
        request = CreateAccessRequest(
            cluster_uri=self._cluster_uri,
            roles=roles,
            reason=self._reason.get().strip(),
            reviewers=tuple(name for name in reviewers if name),
        )
        self.desk.bridge.ask(request, self._answered)

    def _answered(self, reply: Reply, _descriptor: int) -> None:
        if not self.winfo_exists():
            return
        self._button.state(["!disabled"])
        if isinstance(reply, Failed):
            self.show_failed(reply)
            return
        self.close()
        self.desk.notices.show("success", "Requested", "You see here when somebody answers.")
        self._on_done()

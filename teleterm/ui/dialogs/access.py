"""An access request to read and to decide on."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from teleterm.bridge.ask_access import AccessRequestView
from teleterm.ui.dialogs.dialog import ButtonKind, Dialog
from teleterm.ui.widgets.basic import frame, label
from teleterm.ui.widgets.field import Field

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

MAX_LINES = 14
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

"""First run: offer to link `tsh` and `teleterm` so that any terminal finds them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from teleterm.bridge.contract import ApplyLinks, Failed, Reply
from teleterm.bridge.views import LinkLine
from teleterm.ui.dialogs.dialog import Dialog
from teleterm.ui.widgets.basic import button, frame, label

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

STATE_WORDS = {
    "new": ("will be created", "success"),
    "ours": ("already ours", "muted"),
    "dangling": ("will be replaced: points to nothing", "success"),
    "foreign": ("belongs to something else", "warning"),
    "blocked": ("can't be created here", "danger"),
}


class LinksDialog(Dialog):
    """`.dlg_links`: ticks `tick_<name>`, buttons `never`, `later`, `create`.

    One that nobody asked for may come up while somebody types: Return puts it off then.
    """

    def __init__(
        self, desk: "Desk", lines: tuple[LinkLine, ...], *, is_asked_for: bool = True
    ) -> None:
        super().__init__(desk, "dlg_links", "Use tsh and teleterm in any terminal?", width=560)
        self.text(
            "These links are made in a folder of yours; no password is needed.",
            token="sec", below=16,
        )  # fmt: skip
        self._ticks: dict[str, Callable[[], bool]] = {}
        for line in lines:
            self._line(line)
        off_path = next((line for line in lines if not line.is_on_path and line.path_line), None)
        if off_path is not None:
            self._path_hint(off_path)
        self.error_line()
        made = self.buttons(
            ("never", "Never", "Ghost", lambda: self._apply((), is_never=True)),
            ("later", "Not now", "", lambda: self._apply(())),
            ("create", "Create links", "Primary", self._create),
        )
        first = made["create" if is_asked_for else "later"]
        self.set_default(first)
        self.open(first)

    def _line(self, line: LinkLine) -> None:
        from tkinter import ttk

        look = self.look
        row = frame(look, self.body, "elevated", name=f"line_{line.name}")
        row.grid_columnconfigure(1, weight=1)
        tick = ttk.Checkbutton(row, name=f"tick_{line.name}", style="elevated.TCheckbutton")
        can_tick = line.state in {"new", "dangling", "foreign"}
        tick.state(["!alternate", "selected" if line.state in {"new", "dangling"} else "!selected"])
        if not can_tick:
            tick.state(["disabled"])
        tick.grid(row=0, column=0, rowspan=2, sticky="n", padx=(0, look.dp(10)))
        words = f"{look.clean(line.path)}  →  {look.clean(line.target)}"
        label(look, row, words, font="mono", surface="elevated", wrap=460).grid(
            row=0, column=1, sticky="w"
        )
        text, token = STATE_WORDS[line.state]
        label(
            look, row, look.clean(line.text) or text, font="caption", token=token,
            surface="elevated", wrap=460,
        ).grid(row=1, column=1, sticky="w", pady=(look.dp(2), 0))  # fmt: skip
        self.add(row)
        self._ticks[line.name] = lambda: tick.instate(["selected"]) and can_tick

    def _path_hint(self, line: LinkLine) -> None:
        look = self.look
        self.text(
            "This folder is not in your PATH. Add this line to your shell's start file:",
            token="sec", below=4,
        )  # fmt: skip
        row = frame(look, self.body, "elevated", name="path")
        label(
            look, row, look.clean(line.path_line), font="mono", surface="elevated", wrap=420
        ).pack(side="left")
        button(
            look, row, "Copy", lambda: self.desk.opener.copy(line.path_line), name="copy_path",
            kind="Link", surface="elevated",
        ).pack(side="left", padx=look.dp(8))  # fmt: skip
        self.add(row)

    def _create(self) -> None:
        names = tuple(name for name, is_ticked in self._ticks.items() if is_ticked())
        self._apply(names)

    def _apply(self, names: tuple[str, ...], *, is_never: bool = False) -> None:
        self.desk.bridge.ask(ApplyLinks(names=names, is_never=is_never), self._applied)

    def _applied(self, reply: Reply, _descriptor: int) -> None:
        if not self.winfo_exists():
            return
        if isinstance(reply, Failed):
            self.show_failed(reply)
        else:
            self.close()

    def cancel(self) -> None:
        """Escape means "not now"."""
        self._apply(())
        self.close()

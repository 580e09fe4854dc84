"""A new access request: for roles, or for resources that one can't reach yet."""

from collections.abc import Callable, Sequence
from tkinter import ttk
from typing import TYPE_CHECKING

from teleterm.bridge.contract import (
    CreateAccessRequest,
    Failed,
    ListRequestableRoles,
    Names,
    Reply,
)
from teleterm.bridge.views import ResourceView
from teleterm.ui.dialogs.dialog import Dialog
from teleterm.ui.documents.identity import KIND_ICONS
from teleterm.ui.widgets.basic import frame, label, picture
from teleterm.ui.widgets.field import Field

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

MAX_ROLES, MAX_RESOURCES = 12, 6
HOURS = {0: "Longest", 1: "1 h", 4: "4 h", 8: "8 h", 24: "1 day"}
"""How long the access is to last; the cluster may make it shorter."""


class NewRequestDialog(Dialog):
    """`.dlg_new_request`: ticks `roles.role0`…, chips `hours.h4`…, `reason`, `reviewers`, `ask`.

    With `resources` it asks for those instead of for roles.
    """

    def __init__(
        self,
        desk: "Desk",
        cluster_uri: str,
        on_done: Callable[[], object],
        resources: Sequence[ResourceView] = (),
    ) -> None:
        super().__init__(desk, "dlg_new_request", "Request access", width=480)
        self._cluster_uri, self._on_done = cluster_uri, on_done
        self._resources = tuple(resources)
        self._ticks: dict[str, ttk.Checkbutton] = {}
        if self._resources:
            self._show_resources()
        else:
            self._words = self.text("Asking which roles you may request…", token="sec", below=4)
            self._roles = frame(desk.look, self.body, "elevated", name="roles")
            self.add(self._roles)
        self.text("Why you need it", token="sec", below=4)
        self._reason = Field(desk.look, self.body, name="reason")
        self.add(self._reason)
        self.text("Who should look at it", token="sec", below=4)
        self._reviewers = Field(
            desk.look, self.body, name="reviewers", placeholder="Names, with a comma between"
        )
        self._suggest()
        self.add(self._reviewers)
        self._make_hours()
        self.error_line()
        made = self.buttons(
            ("cancel", "Cancel", "", self.cancel), ("ask", "Request", "Primary", self._ask)
        )
        self._button = made["ask"]
        self.open(self._reason.entry)
        if not self._resources:
            self._button.state(["disabled"])
            desk.bridge.ask(ListRequestableRoles(cluster_uri=cluster_uri), self._roles_found)

    def _suggest(self) -> None:
        """Whom the cluster suggests stands there already."""
        root = self.desk.store.root_of(self._cluster_uri)
        if root is not None and root.reviewers:
            names = (self.look.clean(name, 80) for name in root.reviewers[:10])
            self._reviewers.set(", ".join(names))

    def _show_resources(self) -> None:
        look = self.look
        box = frame(look, self.body, "elevated", name="resources")
        for one in self._resources[:MAX_RESOURCES]:
            line = frame(look, box, "elevated")
            line.pack(anchor="w", pady=look.dp(2))
            icon = KIND_ICONS.get(one.kind, "grid")
            picture(look, line, icon, surface="elevated").pack(side="left")
            words = look.cut(look.clean(one.name, 120), look.dp(self.text_width - 32))
            name = label(look, line, words, surface="elevated")
            name.pack(side="left", padx=(look.dp(8), 0))
        if len(self._resources) > MAX_RESOURCES:
            more = f"and {len(self._resources) - MAX_RESOURCES} more"
            label(look, box, more, token="muted", surface="elevated").pack(anchor="w")
        self.add(box)

    def _make_hours(self) -> None:
        self._hours = 0
        self.text("How long", token="sec", below=4)
        line = frame(self.look, self.body, "elevated", name="hours")
        self._chips: dict[int, ttk.Checkbutton] = {}
        for hours, title in HOURS.items():
            chip = ttk.Checkbutton(
                line, name=f"h{hours}", text=title, style="elevated.Chip.TCheckbutton",
                command=self._chooser(hours),
            )  # fmt: skip
            chip.pack(side="left", padx=(0, self.look.dp(8)))
            self._chips[hours] = chip
        self.add(line)
        self._choose(0)

    def _chooser(self, hours: int) -> Callable[[], None]:
        return lambda: self._choose(hours)

    def _choose(self, hours: int) -> None:
        self._hours = hours
        for known, chip in self._chips.items():
            chip.state(["!alternate", "selected" if known == hours else "!selected"])

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
        if not roles and not self._resources:
            self.show_error("Choose at least one role.")
            return
        reviewers = (name.strip() for name in self._reviewers.get().split(","))
        self._button.state(["disabled"])
        request = CreateAccessRequest(
            cluster_uri=self._cluster_uri,
            roles=roles,
            resources=tuple(one.uri for one in self._resources),
            hours=self._hours,
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
        desk, uri = self.desk, self._cluster_uri
        self.close()
        is_shown = desk.tabs.active is not None and desk.tabs.active.kind == "requests"
        desk.notices.show(
            "success", "Requested", "Once it is approved, assume it to use it.",
            choices=[] if is_shown else [("Show requests", lambda: desk.opener.requests(uri))],
        )  # fmt: skip
        self._on_done()

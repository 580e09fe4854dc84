"""The bar at the top: whose cluster, the palette's field, notices, the menu."""

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from teleterm.ui.store import is_usable, login_state
from teleterm.ui.widgets.basic import icon_button, press_on_return
from teleterm.ui.widgets.menu import LINE, MenuItem, popup

if TYPE_CHECKING:
    from tkinter import ttk

    from teleterm.ui.desk import Desk

HEIGHT, FIELD_WIDTH = 44, 560


class TopBar(tk.Frame):
    """Buttons named `profile`, `palette`, `notices`, `menu`."""

    def __init__(self, desk: "Desk", parent: tk.Misc) -> None:
        super().__init__(
            parent, name="top", height=desk.look.dp(HEIGHT), borderwidth=0, highlightthickness=0
        )
        self._desk = desk
        look = desk.look
        self.grid_propagate(False)
        self.grid_rowconfigure(0, weight=1)
        for column, weight in ((0, 1), (1, 0), (2, 1)):
            self.grid_columnconfigure(column, weight=weight, uniform="sides" if weight else "")
        self._profile = self._make_profile()
        self._profile.grid(row=0, column=0, sticky="w", padx=(look.dp(8), 0))
        self.field = tk.Canvas(
            self, name="palette", height=look.dp(30), width=look.dp(FIELD_WIDTH), borderwidth=0,
            highlightthickness=0, cursor="xterm", takefocus=False,
        )  # fmt: skip
        self.field.grid(row=0, column=1, padx=look.dp(12))
        self.field.bind("<Button-1>", lambda _event: desk.actions.run("openSearchBar"))
        self.bind("<Configure>", lambda event: self._fit(event.width), add=True)
        right = tk.Frame(self, name="right", borderwidth=0, highlightthickness=0)
        right.grid(row=0, column=2, sticky="e", padx=(0, look.dp(8)))
        self._right = right
        self.notices = icon_button(
            look, right, "bell", "Notices", self._show_notices, name="notices"
        )
        self.notices.configure(compound="left")
        self.notices.pack(side="left")
        self.menu = icon_button(look, right, "more", "Menu", self._show_menu, name="menu")
        self.menu.pack(side="left")
        look.follow(self, self._paint)
        desk.store.listen("clusters", self.refresh)
        desk.store.listen("tabs", self.refresh)

    def _make_profile(self) -> "ttk.Button":
        from tkinter import ttk

        made = ttk.Button(
            self,
            name="profile",
            style="base.Ghost.TButton",
            compound="right",
            command=self.show_profiles,
        )
        press_on_return(made)
        return made

    def _fit(self, width_px: int) -> None:
        look = self._desk.look
        room = width_px - look.dp(2 * 190)
        self.field.configure(width=max(look.dp(160), min(look.dp(FIELD_WIDTH), room)))
        self._draw_field()

    def _paint(self) -> None:
        base = self._desk.look.color("base")
        self.configure(background=base)
        self._right.configure(background=base)
        self.field.configure(background=base)
        self._draw_field()
        self.refresh()

    def _draw_field(self) -> None:
        look, field = self._desk.look, self.field
        width, height = int(field.cget("width")), look.dp(30)
        field.delete("all")
        field.create_rectangle(
            0, 0, width - 1, height - 1, fill=look.color("sunken"), outline=look.color("border")
        )
        field.create_image(look.dp(18), height // 2, image=look.icon("search", 16, "muted"))
        field.create_text(
            look.dp(36), height // 2, anchor="w", text="Search or run a command…",
            font=look.font("body"), fill=look.color("muted"),
        )  # fmt: skip
        key = self._desk.actions.key_of("openSearchBar")
        if width > look.dp(340):
            field.create_text(
                width - look.dp(12), height // 2, anchor="e", text=key, font=look.font("caption"),
                fill=look.color("muted"),
            )  # fmt: skip

    def refresh(self) -> None:
        """Show whose cluster the active tab belongs to."""
        desk = self._desk
        active = desk.tabs.active
        cluster = desk.store.root_of(active.cluster_uri) if active and active.cluster_uri else None
        cluster = cluster or desk.store.current_cluster()
        root = desk.store.root_of(cluster.uri) if cluster is not None else None
        title = "No cluster yet"
        if root is not None:
            title = desk.look.cut(desk.look.clean(root.title, 80), desk.look.dp(150), "strong")
        self._profile.configure(text=f"{title} ", image=desk.look.icon("down", 14, "muted"))

    def set_notice_count(self, count: int) -> None:
        """How many notices nobody looked at yet."""
        self.notices.configure(text=f" {count}" if count else "")

    def _show_notices(self) -> None:
        x = self.notices.winfo_rootx()
        self._desk.notices.history(x, self.winfo_rooty() + self.winfo_height())

    def show_profiles(self) -> None:
        """The menu of clusters and users."""
        desk = self._desk
        items = []
        for root in desk.store.roots():
            right, _token = login_state(root, desk.now())
            title = desk.look.clean(f"{root.title} · {root.user}" if root.user else root.title, 80)
            uri = root.uri
            usable = is_usable(root, desk.now())
            run = self._opener(uri) if usable else self._login(uri)
            items.append(MenuItem(title=title, key=right, run=run))
        if items:
            items.append(LINE)
        items.append(MenuItem(title="Add cluster…", run=desk.dialogs.add_cluster))
        y = self.winfo_rooty() + self.winfo_height()
        popup(desk.look, self, items, self._profile.winfo_rootx(), y)

    def _opener(self, uri: str) -> Callable[[], None]:
        return lambda: self._desk.opener.resources(uri, ("servers",))

    def _login(self, uri: str) -> Callable[[], None]:
        return lambda: self._desk.dialogs.login(uri)

    def _show_menu(self) -> None:
        actions = self._desk.actions
        groups = (
            ("newTerminalTab", "newTab", "reopenTab"),
            ("openSearchBar", "toggleSidebar", "fullScreen"),
            ("addCluster", "links"),
            ("switchTheme", "settings", "shortcuts", "openLogs", "about"),
            ("quit",),
        )
        titles = {action.name: action for action in actions.listed()}
        items: list[MenuItem] = []
        for group in groups:
            if items:
                items.append(LINE)
            for name in group:
                if name in titles:
                    action = titles[name]
                    items.append(
                        MenuItem(
                            title=action.title, run=action.run, key=actions.key_of(name),
                            is_enabled=action.can_run(),
                        )
                    )  # fmt: skip
        x = self.menu.winfo_rootx() + self.menu.winfo_width() - self._desk.look.dp(290)
        popup(self._desk.look, self, items, x, self.winfo_rooty() + self.winfo_height())

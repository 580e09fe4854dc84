"""The whole window: bars, tree, documents; what main tells goes where it belongs."""

import tkinter as tk
from tkinter import ttk

from teleterm.bridge import contract as c
from teleterm.bridge.opening import Glance
from teleterm.bridge.views import DocumentView, LayoutView, TerminalView
from teleterm.ui.desk import Desk
from teleterm.ui.dialogs.front_desk import FrontDesk
from teleterm.ui.documents.factories import FACTORIES
from teleterm.ui.documents.home import HomePage
from teleterm.ui.documents.terminal import TerminalDocument
from teleterm.ui.opener import Opener
from teleterm.ui.palette.palette import Palette
from teleterm.ui.panes.actions import pane_actions
from teleterm.ui.shell import commands, placing, restoring
from teleterm.ui.shell.banner import Banner, Choice
from teleterm.ui.shell.keys import Keys
from teleterm.ui.shell.notices import Notices
from teleterm.ui.shell.regions import go_to_next
from teleterm.ui.shell.sidebar import Sidebar
from teleterm.ui.shell.statusbar import StatusBar
from teleterm.ui.shell.tabmenus import TabMenus
from teleterm.ui.shell.tabs import Tabs
from teleterm.ui.shell.tabstrip import TabStrip
from teleterm.ui.shell.topbar import TopBar
from teleterm.ui.widgets import focus
from teleterm.ui.widgets.basic import divider, frame

SAVE_MS = 800
SIDEBAR_MIN, SIDEBAR_MAX = 180, 420


class Window:
    """Builds everything below `.main` and passes main's events on."""

    def __init__(self, desk: Desk, terminals: tuple[TerminalView, ...]) -> None:
        self._desk = desk
        self._save_after = ""
        self._glance: Glance | None = None
        self._is_restoring = False
        self._banners: dict[str, Banner] = {}
        layout = desk.store.layout
        root = desk.root
        main = frame(desk.look, root, "base", name="main")
        main.pack(fill="both", expand=True)
        if desk.early is not None:
            desk.early.stay_on_top()
        self._main = main
        self._make_services(main)
        self._make_grid(main, layout)
        root.wm_minsize(desk.look.dp(640), desk.look.dp(400))
        placing.place(root, desk.look, layout.geometry)
        self._restore(layout, terminals)
        root.wm_protocol("WM_DELETE_WINDOW", desk.dialogs.close_window)
        root.bind("<Configure>", self._configured, add=True)
        desk.store.listen("settings", self._settings_changed)
        desk.store.listen("daemon", self._daemon_changed)
        self._daemon_changed()

    # Building

    def _make_services(self, main: tk.Frame) -> None:
        desk, look = self._desk, self._desk.look
        self._strip = TabStrip(look, main, name="tabs")
        self._notebook = ttk.Notebook(main, name="docs", takefocus=False)
        desk.tabs = Tabs(desk, self._strip, self._notebook, FACTORIES)
        desk.dialogs = FrontDesk(desk)
        desk.notices = Notices(desk, main)
        desk.opener = Opener(desk)
        self._palette = Palette(desk)
        self._keys = Keys(desk, lambda: self._palette.is_open)
        self._keys.take_settings()
        desk.tabs.on_empty = self._show_home
        desk.tabs.on_layout = self._save_soon
        desk.tabs.confirm_close = desk.dialogs.close_tabs
        desk.dialogs.on_logged_in = self._logged_in
        desk.dialogs.focus_document = self.focus_document

    def _make_grid(self, main: tk.Frame, layout: LayoutView) -> None:
        desk, look = self._desk, self._desk.look
        self._sidebar = Sidebar(desk, main)
        desk.actions.add(commands.window_actions(desk, self, self._sidebar, self._palette))
        desk.actions.add(commands.tab_actions(desk))
        desk.actions.add(pane_actions(desk))
        desk.actions.add(commands.cluster_actions(desk))
        desk.actions.add(commands.program_actions(desk))
        TabMenus(desk, self._strip)
        self._top = TopBar(desk, main)
        self._sash = frame(look, main, "border", name="sash")
        self._sash.configure(width=look.dp(4), cursor="sb_h_double_arrow")
        look.follow(
            self._sash, lambda: self._sash.configure(background=look.color("base")) and None
        )
        self._sash.bind("<B1-Motion>", self._drag_sash)
        self._home = HomePage(desk, main)
        self._line = divider(look, main, is_vertical=True)
        self._banner_area = frame(look, main, "surface", name="banners")
        self._banner_area.grid_columnconfigure(0, weight=1)
        self._status = StatusBar(desk, main)
        main.grid_columnconfigure(2, weight=1)
        main.grid_rowconfigure(4, weight=1)
        self._top.grid(row=0, column=0, columnspan=3, sticky="ew")
        divider(look, main).grid(row=1, column=0, columnspan=3, sticky="ew")
        self._strip.grid(row=2, column=2, sticky="ew")
        self._banner_area.grid(row=3, column=2, sticky="ew")
        self._home.grid(row=4, column=2, sticky="nsew")
        divider(look, main).grid(row=5, column=0, columnspan=3, sticky="ew")
        self._status.grid(row=6, column=0, columnspan=3, sticky="ew")
        self._sidebar_width = max(SIDEBAR_MIN, min(SIDEBAR_MAX, layout.sidebar_width))
        self._is_sidebar_shown = layout.is_sidebar_shown
        self._place_sidebar()
        desk.notices.on_count = self._top.set_notice_count
        desk.store.listen("tabs", self._place_documents)
        self._sidebar.refresh()
        self._home.refresh()
        self._top.refresh()

    def _place_sidebar(self) -> None:
        look = self._desk.look
        if not self._is_sidebar_shown:
            for widget in (self._sidebar, self._sash, self._line):
                widget.grid_remove()
            return
        self._main.grid_columnconfigure(0, minsize=look.dp(self._sidebar_width))
        self._sidebar.grid(row=2, column=0, rowspan=3, sticky="nsew")
        self._line.grid(row=2, column=1, rowspan=3, sticky="ns")
        self._sash.grid(row=2, column=0, rowspan=3, sticky="nse")
        self._sash.lift()

    def _drag_sash(self, event: "tk.Event[tk.Misc]") -> None:
        pixels = event.x_root - self._main.winfo_rootx()
        width = round(pixels / self._desk.look.scale)
        self._sidebar_width = max(SIDEBAR_MIN, min(SIDEBAR_MAX, width))
        self._place_sidebar()
        self._save_soon()

    def toggle_sidebar(self) -> None:
        """Show or hide the tree."""
        self._is_sidebar_shown = not self._is_sidebar_shown
        if not self._is_sidebar_shown:
            self._main.grid_columnconfigure(0, minsize=0)
            self.focus_document()
        self._place_sidebar()
        self._save_soon()

    def show_sidebar(self) -> None:
        """Show the tree if it is hidden."""
        if not self._is_sidebar_shown:
            self.toggle_sidebar()

    def show_profiles(self) -> None:
        """Open the menu of clusters."""
        self._top.show_profiles()

    def focus_document(self) -> None:
        """Give the keyboard to the active document, or to the Home page."""
        active = self._desk.tabs.active
        if active is None:
            self._home.focus_content()
        elif active.winfo_exists():
            active.focus_content()

    def focus_next_region(self) -> None:
        """From the document to its banner, the tree, the window's banners and notices, and back."""
        active = self._desk.tabs.active
        inside = f"{active}.banners" if active is not None else ""
        go_to_next(
            self._desk.root,
            (
                (str(active or ".main.home"), self.focus_document),
                *([(inside, None)] if inside else []),
                (".main.sidebar", self._focus_tree),
                (".main.banners", None),
                (".main.notices", None),
            ),
        )

    def _focus_tree(self) -> None:
        self.show_sidebar()
        self._sidebar.tree.focus_set()

    # Documents or Home

    def _place_documents(self) -> None:
        if self._desk.tabs.documents:
            self._home.grid_remove()
            self._strip.grid(row=2, column=2, sticky="ew")
            self._notebook.grid(row=4, column=2, sticky="nsew")
        else:
            self._notebook.grid_remove()
            self._home.grid()

    def _show_home(self) -> None:
        self._place_documents()
        self._home.refresh()
        if not self._desk.dialogs.is_any_open:
            self._home.focus_content()

    def _logged_in(self, cluster_uri: str) -> None:
        self._sidebar.reveal(cluster_uri)
        root = self._desk.store.root_of(cluster_uri)
        if root is not None and not self._desk.tabs.documents:
            self._desk.opener.resources(root.uri, ("servers",))

    # Restoring and saving

    def _restore(self, layout: LayoutView, terminals: tuple[TerminalView, ...]) -> None:
        """What crashed or was updated comes back as it lay; after an end it is offered."""
        self._is_restoring = True
        wish = self._desk.store.settings.session_restore
        is_whole = self._desk.store.is_whole
        asleep = [d for d in layout.documents if d.kind in FACTORIES]
        # Terminals outlive only a crash, an update, or a wish to keep them: the rest belongs there.
        restoring.revive(self._desk, asleep, terminals, all_=is_whole or wish != "never")
        self._is_restoring = False
        documents = self._desk.tabs.documents
        if documents:
            self._desk.tabs.show(documents[min(layout.active, len(documents) - 1)])
            self._place_documents()
            return
        self._show_home()
        if asleep and (is_whole or wish == "always"):
            restoring.reopen(self._desk, asleep)
        elif asleep and wish == "ask":
            self._offer(asleep)

    def _offer(self, documents: list[DocumentView]) -> None:
        count = len(documents)
        noun = "tab" if count == 1 else "tabs"

        def reopen() -> None:
            self.hide_banner("restore")
            restoring.reopen(self._desk, documents)

        self.show_banner(
            "restore", "info", f"Reopen {count} {noun} from last time?",
            [("Reopen", reopen), ("No", lambda: self.hide_banner("restore"))],
        )  # fmt: skip

    def layout(self) -> LayoutView:
        """The layout as it is now."""
        tabs = self._desk.tabs
        kept = [
            d for d in tabs.documents if d.kind not in {"about", "logs"} and not d.field("once")
        ]
        active = kept.index(tabs.active) if tabs.active in kept else 0
        return LayoutView(
            geometry=self._desk.root.wm_geometry(),
            sidebar_width=self._sidebar_width,
            is_sidebar_shown=self._is_sidebar_shown,
            open_nodes=tuple(sorted(self._sidebar.open_nodes)),
            documents=tuple(document.view() for document in kept),
            active=active,
        )

    def _configured(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self._desk.root:
            self._save_soon()

    def _save_soon(self) -> None:
        if not self._save_after and not self._is_restoring:
            self._save_after = self._desk.root.after(SAVE_MS, self._save)

    def _save(self) -> None:
        self._save_after = ""
        layout = self.layout()
        active = self._desk.tabs.active
        glance = active.glance() if isinstance(active, TerminalDocument) else None
        if layout != self._desk.store.layout or glance != self._glance:
            self._desk.store.layout, self._glance = layout, glance
            self._desk.bridge.ask(c.SaveLayout(layout=layout, glance=glance))
            if glance is not None:
                self._desk.say("ui: layout saved with a shell in front")

    # Banners

    def show_banner(self, key: str, level: str, text: str, choices: list[Choice]) -> None:
        """Show a banner under the strip; one of each key."""
        self.hide_banner(key)
        made = Banner(
            self._desk.look, self._banner_area, name=key, level=level, text=text,
            choices=choices,
            on_dismiss=lambda: self.hide_banner(key),
        )  # fmt: skip
        made.grid(sticky="ew", column=0)
        self._banners[key] = made
        self._desk.say(f"ui: banner shown {key} {text}")

    def hide_banner(self, key: str) -> None:
        """Take a banner away; the keyboard goes back to the document if a button had it."""
        banner = self._banners.pop(key, None)
        if banner is not None:
            had_focus = focus.holds(banner, str(self._desk.root.focus_get() or ""))
            banner.destroy()
            if had_focus:
                self.focus_document()
            self._desk.say(f"ui: banner hidden {key}")
            if not self._banners:
                self._banner_area.configure(height=1)

    # What main tells

    def take(self, event: c.Event) -> None:
        """Pass one event on."""
        desk, store = self._desk, self._desk.store
        match event:
            case c.ClustersChanged():
                store.set_clusters(event.clusters)
            case c.CountsChanged():
                store.set_counts(event.cluster_uri, event.counts)
                self._log_counts(event)
            case c.GatewaysChanged():
                store.set_gateways(event.gateways)
            case c.KeptTunnelsChanged():
                store.kept_tunnels = event.tunnels
                store.changed("gateways")
            case c.TransferMoved():
                desk.transfer_moved(event.key, event.percent)
            case c.RecentChanged():
                store.recent = event.recent
                store.changed("recent")
            case c.SettingsChanged():
                store.settings = event.settings
                desk.look.apply(event.settings)
                store.changed("settings")
            case c.UpdateChanged():
                store.set_update(event.update)
            case c.DaemonChanged():
                store.daemon_state = event.state
                store.daemon_message, store.daemon_log = event.message, event.log_tail
                store.changed("daemon")
            case _:
                self._take_question(event)

    def _take_question(self, event: c.Event) -> None:
        dialogs = self._desk.dialogs
        match event:
            case c.MfaAsked() | c.HeadlessAsked() | c.HardwareKeyAsked():
                self._bring_forward()
                dialogs.prompt(event)
            case c.KeyLoginAsked():
                dialogs.key_login(event)
            case c.ReloginAsked():
                self._bring_forward()
                dialogs.relogin(event)
            case c.PromptWithdrawn():
                dialogs.withdraw(event.prompt_id)
            case c.NoticePosted():
                self._desk.notices.show_view(event.notice)
            case c.OpenRequested():
                self._bring_forward()
                self._palette.open(event.line)
            case c.BringForward():
                self._bring_forward()
            case c.LinksOffered():
                dialogs.links(event.lines, is_asked_for=False)
            case _:
                self._desk.bridge.log(f"ui: no place for {type(event).__name__}", is_warning=True)

    def _log_counts(self, event: c.CountsChanged) -> None:
        words = " ".join(
            f"{count.kind}={count.count}" for count in event.counts if count.state == "counted"
        )
        self._desk.say(f"ui: counts shown {event.cluster_uri} {words}")

    def _bring_forward(self) -> None:
        root = self._desk.root
        was_hidden = root.wm_state() == "withdrawn"
        root.wm_deiconify()
        root.lift()
        self._desk.dialogs.lift()
        if was_hidden:
            self._desk.say("ui: window shown again")
            if not self._desk.dialogs.is_any_open:
                root.focus_force()
                self.focus_document()

    def _settings_changed(self) -> None:
        self._keys.take_settings()
        self._strip.event_generate("<Configure>")
        self._desk.say(f"ui: settings applied theme={self._desk.look.mode}")

    def _daemon_changed(self) -> None:
        store, dialogs = self._desk.store, self._desk.dialogs
        if store.daemon_state == "ready":
            self.hide_banner("daemon")
        if store.daemon_state in {"ready", "starting"}:
            return
        start = lambda: self._desk.bridge.ask(c.RestartDaemon())  # noqa: E731
        text = "The tsh daemon stopped. Terminals go on; new connections need it."
        if store.daemon_state == "failed":
            text = self._desk.look.clean(store.daemon_message, 200)
        self.show_banner(
            "daemon", "error", text,
            [("Start again", start), ("Log", lambda: self._show_log(dialogs))],
        )  # fmt: skip

    def _show_log(self, dialogs: FrontDesk) -> None:
        def answered(reply: c.Reply, _descriptor: int) -> None:
            if isinstance(reply, c.Text):
                dialogs.details("Log of the tsh daemon", reply.text or "The log is empty.")
            elif isinstance(reply, c.Failed):
                dialogs.details(
                    "Log of the tsh daemon", self._desk.store.daemon_log or reply.message
                )

        self._desk.bridge.ask(c.GetDaemonLog(), answered)

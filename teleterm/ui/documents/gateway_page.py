"""What the pages of local proxies share: their state, starting and stopping, port and errors."""

import tkinter as tk
from typing import TYPE_CHECKING

from teleterm.bridge.contract import (
    CreateGateway,
    Failed,
    GatewayReady,
    RemoveGateway,
    Reply,
)
from teleterm.bridge.views import DocumentView, GatewayView
from teleterm.model import port as ports
from teleterm.ui import failures
from teleterm.ui.documents.document import MARKS, Document
from teleterm.ui.documents.gateway_fields import GatewayFields
from teleterm.ui.documents.lock import PageLock
from teleterm.ui.widgets.basic import button, frame, label, picture
from teleterm.ui.widgets.loading import LoadingLine
from teleterm.ui.widgets.scroll import ScrolledPage

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

MAX_WIDTH, PADDING = 768, 24
DOCUMENTS = ".main.docs."


class GatewayDocument(Document):
    """A local proxy; a kind of its own says in `draw_details` what it is good for.

    Widgets: `…port`, `…second`, `…stop`, `…start`.
    """

    icon = "tunnel"
    second_field = ""
    """The field of the document that keeps it."""

    def __init__(self, desk: "Desk", parent: tk.Misc, view: DocumentView, name: str) -> None:
        super().__init__(desk, parent, view, name)
        self.gateway: GatewayView | None = None
        """The proxy while it runs."""
        self._noted = view.fields.get(self.second_field, "")
        self._is_working = False
        self._failure: Failed | None = None
        self._drawn: tuple[GatewayView | None, Failed | None, bool] | None = None
        self._is_wanted = False
        self._lock = PageLock(self, self._logged_in, lambda: None, lambda: None)
        self._loading = LoadingLine(desk.look, self)
        self.grid_rowconfigure(1, weight=0)
        self.grid_rowconfigure(2, weight=1)
        self._loading.grid(row=1, column=0, sticky="ew")
        self._page: ScrolledPage | None = None
        self.first: tk.Misc | None = None
        """The button that one would press first."""
        self._fields: GatewayFields | None = None
        desk.store.listen("gateways", self._gateways_changed)
        self.bind("<Destroy>", self._gone, add=True)
        self._gateways_changed()
        self._draw()

    def _gone(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self:
            self.desk.store.unlisten("gateways", self._gateways_changed)

    # State

    @property
    def state(self) -> str:
        """Whether the proxy listens."""
        if self._is_working:
            return "working"
        if self._failure is not None or (self.gateway is not None and self.gateway.problem):
            return "trouble"
        return "live" if self.gateway is not None else "offline"

    def status(self) -> str:
        """Where it listens."""
        gateway = self.gateway
        return f"{gateway.local_address}:{gateway.local_port}" if gateway is not None else ""

    def shown(self) -> None:
        """Start the proxy when it is looked at for the first time."""
        super().shown()
        if self.gateway is None and not self._is_working and self._failure is None:
            self.start()

    def focus_content(self) -> None:
        """The first thing one would press."""
        if self.first is not None and self.first.winfo_exists():
            self.first.focus_set()
        else:
            self.focus_set()

    def _gateways_changed(self) -> None:
        mine = [
            gateway
            for gateway in self.desk.store.gateways.values()
            if gateway.target_uri == self.field("target_uri") and gateway.user == self.field("user")
        ]
        gateway = mine[0] if mine else None
        if gateway != self.gateway:
            self.gateway = gateway
            if gateway is not None:
                self._failure = None
            self._draw()
            self.on_change()

    def _logged_in(self) -> None:
        """A proxy that runs goes on with the new login; one that couldn't start does now."""
        if self._lock.is_open() and self._is_wanted and self.gateway is None:
            self.start()

    # Asking

    def start(self) -> None:
        """Start the proxy, on the port it had if that is free."""
        if self._is_working:
            return
        self._is_working, self._is_wanted, self._failure = True, True, None
        self._loading.start()
        port = self.field("port")
        request = CreateGateway(
            target_uri=self.field("target_uri"),
            user=self.field("user"),
            subresource=self.field(self.second_field),
            local_port=ports.read(port),
        )
        self._draw()
        self.on_change()
        self.desk.bridge.ask(request, self._started)

    def _started(self, reply: Reply, _descriptor: int) -> None:
        if not self.winfo_exists():
            return
        self._is_working = False
        self._loading.stop()
        if isinstance(reply, GatewayReady):
            self._take(reply.gateway)
        elif isinstance(reply, Failed):
            self._refused(reply)
        self._draw()
        self.on_change()

    def _take(self, gateway: GatewayView) -> None:
        is_named = gateway.subresource and gateway.subresource != self._noted
        self.gateway, self._failure = gateway, None
        self.desk.store.gateways[gateway.uri] = gateway
        self.set_field("port", str(gateway.local_port))
        self.set_field(self.second_field, gateway.subresource)
        if is_named:
            self._noted = gateway.subresource
            self.desk.opener.used(self.view())
        self._draw()
        self.desk.say(f"ui: gateway shown {gateway.target_name} port={gateway.local_port}")

    def _refused(self, failed: Failed) -> None:
        if failed.needs_login:
            self._lock.close()
            return
        self._failure = failed
        self.desk.say(f"ui: gateway error {failed.message}")

    def stop(self) -> None:
        """Stop the proxy; open connections end."""
        gateway, self._is_wanted = self.gateway, False
        if gateway is None:
            return

        def answered(reply: Reply, _descriptor: int) -> None:
            if isinstance(reply, Failed):
                self.desk.notices.show_failed(reply)
            elif self.winfo_exists():
                self.desk.store.gateways.pop(gateway.uri, None)
                self.gateway = None
                self._draw()
                self.on_change()

        self.desk.bridge.ask(RemoveGateway(gateway_uri=gateway.uri), answered)

    # Drawing

    def _draw(self) -> None:
        """Draw it anew if something changed: a click must not meet a button that just went."""
        wanted = (self.gateway, self._failure, self._is_working)
        if wanted == self._drawn or not self.winfo_exists():
            return
        self._drawn = wanted
        typed = self._fields.typed() if self._fields is not None else (None, None)
        focus = str(self.desk.root.focus_get() or "")
        if self._page is not None:
            self._page.destroy()
        look = self.desk.look
        page = ScrolledPage(look, self, max_width=MAX_WIDTH)
        page.grid(row=2, column=0, sticky="nsew")
        self._page, self.first, self._fields = page, None, None
        body = frame(look, page.body, name="in")
        body.pack(fill="both", expand=True, padx=look.dp(PADDING), pady=look.dp(PADDING))
        self._draw_head(body)
        if self.gateway is not None:
            fields = self._draw_connection(body, self.gateway)
            fields.type_again(typed)
            self._fields = fields
            self.draw_details(body, self.gateway)
            self._draw_activity(body, self.gateway)
        else:
            self._draw_offline(body)
        page.settle()
        self._focus_again(focus)

    def _focus_again(self, before: str) -> None:
        """After drawing anew: the keyboard on what one would press first.

        Until the page is on the screen the keyboard is still in the document that was in front.
        """
        if self.desk.tabs.active is self and f"{before}.".startswith(DOCUMENTS):
            self.focus_content()

    def _draw_head(self, body: tk.Frame) -> None:
        look = self.desk.look
        line = frame(look, body)
        line.pack(fill="x", pady=(0, look.dp(20)))
        picture(look, line, self.icon, size=24, token="muted").pack(side="left")
        name = look.clean(self.field("target_name"), 80)
        label(look, line, name, font="h1").pack(side="left", padx=(look.dp(12), look.dp(8)))
        words = look.clean(self.head_words(), 120)
        label(look, line, words, token="muted").pack(side="left", pady=(look.dp(4), 0))

    def head_words(self) -> str:
        """What stands beside the name, not cleaned yet."""
        return self.field("protocol")

    def second(self) -> tuple[str, str]:
        """Name and title of the field beside the port; empty where there is none."""
        return "", ""

    def ready_words(self) -> str:
        """What stands beside the mark of a proxy that listens."""
        return "Ready. No password is needed."

    def draw_details(self, body: tk.Frame, gateway: GatewayView) -> None:
        """Draw what this kind of proxy is good for, below its address and port."""

    def section(self, body: tk.Frame, title: str) -> tk.Frame:
        """A headed part of the page; gives the frame to fill."""
        look = self.desk.look
        label(look, body, title, font="strong").pack(anchor="w", pady=(0, look.dp(8)))
        box = frame(look, body, name=title.lower().replace(" ", "_"))
        box.pack(fill="x", pady=(0, look.dp(24)))
        return box

    def _state_line(self, box: tk.Frame, text: str) -> tk.Frame:
        look = self.desk.look
        line = frame(look, box, name="line")
        icon, token = MARKS[self.state]
        picture(look, line, icon, token=token).pack(side="left")
        label(look, line, text).pack(side="left", padx=(look.dp(8), 0))
        return line

    def _draw_connection(self, body: tk.Frame, gateway: GatewayView) -> GatewayFields:
        look = self.desk.look
        box = self.section(body, "Connection")
        line = self._state_line(box, gateway.problem or self.ready_words())
        line.pack(fill="x", pady=(0, look.dp(12)))
        button(look, line, "Stop", self.stop, name="stop").pack(side="right")
        fields = GatewayFields(self.desk, box, gateway, self.second(), self._changed)
        fields.pack(fill="x")
        return fields

    def _changed(self, gateway: GatewayView) -> None:
        if self.winfo_exists():
            self._take(gateway)

    def _draw_activity(self, body: tk.Frame, gateway: GatewayView) -> None:
        look = self.desk.look
        box = self.section(body, "Activity")
        words = (
            f"Last error: {look.clean(gateway.problem, 300)}"
            if gateway.problem
            else "No errors so far."
        )
        label(
            look, box, words, token="danger" if gateway.problem else "muted", wrap=MAX_WIDTH - 48
        ).pack(anchor="w")

    def _draw_offline(self, body: tk.Frame) -> None:
        look, failed = self.desk.look, self._failure
        box = self.section(body, "Connection")
        if self._is_working:
            self._state_line(box, "Starting…").pack(fill="x")
            return
        if failed is not None:
            line = self._state_line(box, "Not connected")
            line.pack(fill="x", pady=(0, look.dp(8)))
            words = look.clean(failures.sentence(failed), 500)
            label(look, box, words, token="danger", wrap=MAX_WIDTH - 48, name="error").pack(
                anchor="w", pady=(0, look.dp(16))
            )
        else:
            line = self._state_line(box, "Stopped. Nothing listens for it on this computer.")
            line.pack(fill="x", pady=(0, look.dp(16)))
        buttons = frame(look, box, name="buttons")
        buttons.pack(anchor="w")
        words = "Try again" if failed is not None else "Start"
        start = button(look, buttons, words, self.start, name="start", kind="Primary")
        start.pack(side="left")
        self.first = start
        if failed is not None and failed.code == "port_in_use":
            free = button(look, buttons, "Use a free port", self._start_free, name="free_port")
            free.pack(side="left", padx=(look.dp(8), 0))
        if failed is not None and failed.details:
            details = failed.details
            more = button(
                look, buttons, "Details", lambda: self.desk.dialogs.details("Details", details),
                name="details", kind="Link",
            )  # fmt: skip
            more.pack(side="left", padx=(look.dp(8), 0))

    def _start_free(self) -> None:
        self.set_field("port", "")
        self.start()

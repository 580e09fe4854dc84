"""A database connection: where it listens, which command to run, what other programs need."""

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from teleterm.bridge.contract import (
    CreateGateway,
    Failed,
    GatewayReady,
    RemoveGateway,
    Reply,
    SetGatewayPort,
    SetGatewaySubresource,
)
from teleterm.bridge.views import DocumentView, GatewayView
from teleterm.ui import failures
from teleterm.ui.documents.connection_strings import strings_for
from teleterm.ui.documents.document import MARKS, Document
from teleterm.ui.documents.identity import client_document
from teleterm.ui.shell.banner import Banner
from teleterm.ui.store import is_usable, locked_text
from teleterm.ui.widgets.basic import button, frame, label, picture
from teleterm.ui.widgets.copybox import CopyBox
from teleterm.ui.widgets.field import Field
from teleterm.ui.widgets.loading import LoadingLine
from teleterm.ui.widgets.scroll import ScrolledPage

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

MAX_WIDTH, PADDING = 768, 24
MIN_PORT, MAX_PORT = 1024, 65535
DOCUMENTS = ".main.docs."


class DatabaseDocument(Document):
    """Widgets: `…port`, `…db_name`, `…command.buttons.run`, `…stop`, `…start`."""

    def __init__(self, desk: "Desk", parent: tk.Misc, view: DocumentView, name: str) -> None:
        super().__init__(desk, parent, view, name)
        self._gateway: GatewayView | None = None
        self._noted_name = view.fields.get("db_name", "")
        self._is_working = False
        self._failure: Failed | None = None
        self._drawn: tuple[GatewayView | None, Failed | None, bool] | None = None
        self._banner: Banner | None = None
        self._loading = LoadingLine(desk.look, self)
        self.grid_rowconfigure(1, weight=0)
        self.grid_rowconfigure(2, weight=1)
        self._loading.grid(row=1, column=0, sticky="ew")
        self._page: ScrolledPage | None = None
        self._first: tk.Misc | None = None
        desk.store.listen("gateways", self._gateways_changed)
        desk.store.listen("clusters", self._clusters_changed)
        self.bind("<Destroy>", self._gone, add=True)
        self._gateways_changed()
        self._draw()

    def _gone(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is self:
            self.desk.store.unlisten("gateways", self._gateways_changed)
            self.desk.store.unlisten("clusters", self._clusters_changed)

    # State

    @property
    def title(self) -> str:
        """Database and user."""
        user = self.field("user")
        name = self.field("target_name")
        return self.custom_title or (f"{name} ({user})" if user else name)

    @property
    def state(self) -> str:
        """Whether the proxy listens."""
        if self._is_working:
            return "working"
        if self._failure is not None or (self._gateway is not None and self._gateway.problem):
            return "trouble"
        return "live" if self._gateway is not None else "offline"

    def status(self) -> str:
        """Where it listens."""
        gateway = self._gateway
        return f"{gateway.local_address}:{gateway.local_port}" if gateway is not None else ""

    def shown(self) -> None:
        """Start the proxy when it is looked at for the first time."""
        super().shown()
        if self._gateway is None and not self._is_working and self._failure is None:
            self.start()

    def focus_content(self) -> None:
        """The first thing one would press."""
        if self._first is not None and self._first.winfo_exists():
            self._first.focus_set()
        else:
            self.focus_set()

    def _gateways_changed(self) -> None:
        mine = [
            gateway
            for gateway in self.desk.store.gateways.values()
            if gateway.target_uri == self.field("target_uri") and gateway.user == self.field("user")
        ]
        gateway = mine[0] if mine else None
        if gateway != self._gateway:
            self._gateway = gateway
            if gateway is not None:
                self._failure = None
            self._draw()
            self.on_change()

    def _clusters_changed(self) -> None:
        usable = is_usable(self.desk.store.root_of(self.cluster_uri), self.desk.now())
        if usable and self._banner is not None:
            self._banner.destroy()
            self._banner = None
            self.banners.configure(height=1)
            self.start()

    # Asking

    def start(self) -> None:
        """Start the proxy, on the port it had if that is free."""
        if self._is_working:
            return
        self._is_working, self._failure = True, None
        self._loading.start()
        port = self.field("port")
        request = CreateGateway(
            target_uri=self.field("target_uri"),
            user=self.field("user"),
            subresource=self.field("db_name"),
            local_port=int(port) if port.isdigit() else 0,
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
        is_named = gateway.subresource and gateway.subresource != self._noted_name
        self._gateway, self._failure = gateway, None
        self.desk.store.gateways[gateway.uri] = gateway
        self.set_field("port", str(gateway.local_port))
        self.set_field("db_name", gateway.subresource)
        if is_named:
            self._noted_name = gateway.subresource
            self.desk.opener.used(self.view())
        self._draw()
        self.desk.say(f"ui: gateway shown {gateway.target_name} port={gateway.local_port}")

    def _refused(self, failed: Failed) -> None:
        if failed.needs_login:
            self._lock()
            return
        self._failure = failed
        self.desk.say(f"ui: gateway error {failed.message}")

    def _lock(self) -> None:
        if self._banner is not None:
            return
        root = self.desk.store.root_of(self.cluster_uri)
        name = self.desk.look.clean(root.title, 80) if root is not None else "the cluster"
        text = locked_text(root, self.desk.now(), name)
        login = lambda: self.desk.dialogs.login(self.cluster_uri)  # noqa: E731
        self._banner = Banner(
            self.desk.look, self.banners, name="locked", level="warning",
            text=text, choices=[("Log in", login)],
        )  # fmt: skip
        self._banner.grid(row=0, column=0, sticky="ew")

    def stop(self) -> None:
        """Stop the proxy; open connections end."""
        gateway = self._gateway
        if gateway is None:
            return

        def answered(reply: Reply, _descriptor: int) -> None:
            if isinstance(reply, Failed):
                self.desk.notices.show_failed(reply)
            elif self.winfo_exists():
                self.desk.store.gateways.pop(gateway.uri, None)
                self._gateway = None
                self._draw()
                self.on_change()

        self.desk.bridge.ask(RemoveGateway(gateway_uri=gateway.uri), answered)

    def run(self) -> None:
        """Open the command-line client in a tab."""
        if self._gateway is not None:
            self.desk.tabs.open(client_document(self._gateway))

    def _set_port(self) -> None:
        gateway, text = self._gateway, self._port.get().strip()
        if gateway is None or text == str(gateway.local_port):
            return
        if not (text.isascii() and text.isdigit() and MIN_PORT <= int(text) <= MAX_PORT):
            self._port.mark_wrong()
            self._say_error(f"A port is a number from {MIN_PORT} to {MAX_PORT}.")
            return
        self._change(SetGatewayPort(gateway_uri=gateway.uri, local_port=int(text)), self._port)

    def _set_name(self) -> None:
        gateway, text = self._gateway, self._db_name.get().strip()
        if gateway is not None and text != gateway.subresource:
            request = SetGatewaySubresource(gateway_uri=gateway.uri, subresource=text)
            self._change(request, self._db_name)

    def _change(self, request: SetGatewayPort | SetGatewaySubresource, field: Field) -> None:
        def answered(reply: Reply, _descriptor: int) -> None:
            if not self.winfo_exists():
                return
            if isinstance(reply, GatewayReady):
                self._take(reply.gateway)
            elif isinstance(reply, Failed) and field.winfo_exists():
                field.mark_wrong()
                is_taken = reply.code == "port_in_use"
                self._say_error(failures.sentence(reply), has_free_port=is_taken)

        self.desk.bridge.ask(request, answered)

    def _say_error(self, text: str, *, has_free_port: bool = False) -> None:
        look = self.desk.look
        if not self._error.winfo_exists():
            return
        for child in self._error.winfo_children():
            child.destroy()
        words = label(look, self._error, look.clean(text, 400), token="danger", wrap=480)
        words.pack(side="left")
        if has_free_port:
            free = button(
                look, self._error, "Use a free port", self._use_free_port, name="use_free_port"
            )
            free.pack(side="left", padx=(look.dp(12), 0))
        self._error.pack(fill="x", pady=(look.dp(8), 0))
        self.desk.say(f"ui: gateway error {text}")

    def _use_free_port(self) -> None:
        if self._gateway is not None:
            request = SetGatewayPort(gateway_uri=self._gateway.uri, local_port=0)
            self._change(request, self._port)

    # Drawing

    def _draw(self) -> None:
        """Draw it anew if something changed: a click must not meet a button that just went."""
        wanted = (self._gateway, self._failure, self._is_working)
        if wanted == self._drawn or not self.winfo_exists():
            return
        self._drawn = wanted
        focus = str(self.desk.root.focus_get() or "")
        if self._page is not None:
            self._page.destroy()
        look = self.desk.look
        page = ScrolledPage(look, self, max_width=MAX_WIDTH)
        page.grid(row=2, column=0, sticky="nsew")
        self._page, self._first = page, None
        body = frame(look, page.body, name="in")
        body.pack(fill="both", expand=True, padx=look.dp(PADDING), pady=look.dp(PADDING))
        self._draw_head(body)
        if self._gateway is not None:
            self._draw_connection(body, self._gateway)
            self._draw_command(body, self._gateway)
            self._draw_strings(body, self._gateway)
            self._draw_activity(body, self._gateway)
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
        picture(look, line, "database", size=24, token="muted").pack(side="left")
        name = look.clean(self.field("target_name"), 80)
        label(look, line, name, font="h1").pack(side="left", padx=(look.dp(12), look.dp(8)))
        user = look.clean(self.field("user"), 80)
        words = f"as {user}" if user else ""
        if self.field("protocol"):
            words += f"  ·  {look.clean(self.field('protocol'), 40)}"
        label(look, line, words, token="muted").pack(side="left", pady=(look.dp(4), 0))

    def _section(self, body: tk.Frame, title: str) -> tk.Frame:
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

    def _draw_connection(self, body: tk.Frame, gateway: GatewayView) -> None:
        look = self.desk.look
        box = self._section(body, "Connection")
        line = self._state_line(box, gateway.problem or "Ready. No password is needed.")
        line.pack(fill="x", pady=(0, look.dp(12)))
        button(look, line, "Stop", self.stop, name="stop").pack(side="right")
        fields = frame(look, box, name="fields")
        fields.pack(fill="x")
        fields.grid_columnconfigure(0, weight=2)
        fields.grid_columnconfigure((1, 2), weight=1)
        titles = ("Address", "Port", "Database name")
        for column, title in enumerate(titles):
            label(look, fields, title, font="caption", token="sec").grid(
                row=0,
                column=column,
                sticky="w",
                pady=(0, look.dp(4)),
                padx=(0 if column == 0 else look.dp(8), 0),
            )
        address = f"{gateway.local_address}:{gateway.local_port}"
        CopyBox(look, fields, address, self.desk.opener.copy, name="address").grid(
            row=1, column=0, sticky="ew"
        )
        self._port = Field(look, fields, name="port", surface="surface", width=8)
        self._port.set(str(gateway.local_port))
        self._port.grid(row=1, column=1, sticky="ew", padx=(look.dp(8), 0))
        self._db_name = Field(
            look, fields, name="db_name", surface="surface", width=12, placeholder="optional"
        )
        self._db_name.set(gateway.subresource)
        self._db_name.grid(row=1, column=2, sticky="ew", padx=(look.dp(8), 0))
        for field, apply in ((self._port, self._set_port), (self._db_name, self._set_name)):
            field.entry.bind("<Return>", _applier(apply))
            field.entry.bind("<FocusOut>", _applier_unless_wrong(field, apply), add=True)
        self._error = frame(look, box, name="error")

    def _draw_command(self, body: tk.Frame, gateway: GatewayView) -> None:
        look = self.desk.look
        box = self._section(body, "Command line")
        line = frame(look, box, name="line")
        line.pack(fill="x")
        line.grid_columnconfigure(0, weight=1)
        command = " ".join((*gateway.command_env, gateway.command)) or "No command is known."
        copy = CopyBox(look, line, command, self.desk.opener.copy, name="command")
        copy.grid(row=0, column=0, sticky="ew")
        if gateway.is_client_found:
            run = button(look, line, "Run", self.run, name="run", kind="Primary")
            run.grid(row=0, column=1, padx=(look.dp(8), 0))
            self._first = run
        else:
            client = look.clean(gateway.client_name or "The client", 40)
            words = f"{client} was not found in PATH. Install it, or copy the command."
            label(look, box, words, token="warning").pack(anchor="w", pady=(look.dp(8), 0))
            self.desk.say(f"ui: gateway without client {words}")

    def _draw_strings(self, body: tk.Frame, gateway: GatewayView) -> None:
        look = self.desk.look
        box = self._section(body, "Other programs")
        box.grid_columnconfigure(1, weight=1)
        for row, (title, text) in enumerate(strings_for(gateway)):
            label(look, box, title, token="sec").grid(
                row=row, column=0, sticky="w", padx=(0, look.dp(16)), pady=(0, look.dp(8))
            )
            CopyBox(look, box, text, self.desk.opener.copy, name=f"string{row}").grid(
                row=row, column=1, sticky="ew", pady=(0, look.dp(8))
            )

    def _draw_activity(self, body: tk.Frame, gateway: GatewayView) -> None:
        look = self.desk.look
        box = self._section(body, "Activity")
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
        box = self._section(body, "Connection")
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
        self._first = start
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


def _applier(apply: Callable[[], None]) -> "Callable[[tk.Event[tk.Misc]], None]":
    return lambda _event: apply()


def _applier_unless_wrong(
    field: Field, apply: Callable[[], None]
) -> "Callable[[tk.Event[tk.Misc]], None]":
    """Leaving a field doesn't ask again for what was refused already."""
    return lambda _event: None if field.is_wrong else apply()

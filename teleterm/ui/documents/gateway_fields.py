"""Address, port and the second field of a local proxy, and the line that says what was refused."""

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from teleterm.bridge.contract import (
    Failed,
    GatewayReady,
    Reply,
    SetGatewayPort,
    SetGatewaySubresource,
)
from teleterm.bridge.views import GatewayView
from teleterm.ui import failures
from teleterm.ui.widgets.basic import button, frame, label
from teleterm.ui.widgets.copybox import CopyBox
from teleterm.ui.widgets.field import Field

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

MIN_PORT, MAX_PORT = 1024, 65535


class GatewayFields(tk.Frame):
    """`fields`: what is typed is applied by Enter or by leaving the field.

    Shape: `second` is the second field's name and title, both empty where there is none;
           `on_changed` gets the proxy as it is after a change.
    """

    def __init__(
        self,
        desk: "Desk",
        parent: tk.Frame,
        gateway: GatewayView,
        second: tuple[str, str],
        on_changed: Callable[[GatewayView], None],
    ) -> None:
        super().__init__(parent, name="fields", borderwidth=0, highlightthickness=0)
        self._desk, self._gateway, self._on_changed = desk, gateway, on_changed
        look = desk.look
        look.follow(self, lambda: self.configure(background=look.color("surface")))
        self.grid_columnconfigure(0, weight=2)
        self.grid_columnconfigure((1, 2), weight=1)
        for column, title in enumerate(("Address", "Port", second[1])):
            left = 0 if column == 0 else look.dp(8)
            label(look, self, title, font="caption", token="sec").grid(
                row=0, column=column, sticky="w", pady=(0, look.dp(4)), padx=(left, 0)
            )
        address = f"{gateway.local_address}:{gateway.local_port}"
        CopyBox(look, self, address, desk.opener.copy, name="address").grid(
            row=1, column=0, sticky="ew"
        )
        self._port = self._field("port", str(gateway.local_port), self._set_port, column=1)
        self._second = (
            self._field(second[0], gateway.subresource, self._set_second, column=2)
            if second[0]
            else None
        )
        self._error = frame(look, self, name="error")
        self._asked: tuple[str, str] | None = None
        """The field and the text that were asked for last: leaving it doesn't ask once more."""

    def _field(self, name: str, text: str, apply: Callable[[], None], *, column: int) -> Field:
        field = Field(
            self._desk.look, self, name=name, surface="surface", width=10,
            placeholder="" if name == "port" else "optional",
        )  # fmt: skip
        field.set(text)
        field.grid(row=1, column=column, sticky="ew", padx=(self._desk.look.dp(8), 0))
        field.entry.bind("<Return>", lambda _event: apply())
        # leaving a field doesn't ask again for what was refused already
        field.entry.bind("<FocusOut>", lambda _event: None if field.is_wrong else apply(), add=True)
        return field

    def typed(self) -> tuple[str | None, str | None]:
        """What a person has typed into each field and not applied yet."""
        port, second = self._port.get(), self._second.get() if self._second else ""
        return (
            port if port != str(self._gateway.local_port) else None,
            second if self._second and second != self._gateway.subresource else None,
        )

    def type_again(self, typed: tuple[str | None, str | None]) -> None:
        """Put back what was typed into the fields that these replace."""
        for field, text in zip((self._port, self._second), typed, strict=True):
            if field is not None and text is not None:
                field.set(text)

    def _set_port(self) -> None:
        text = self._port.get().strip()
        if text == str(self._gateway.local_port):
            return
        if not (text.isascii() and text.isdigit() and MIN_PORT <= int(text) <= MAX_PORT):
            self._port.mark_wrong()
            self._say_error(f"A port is a number from {MIN_PORT} to {MAX_PORT}.")
            return
        request = SetGatewayPort(gateway_uri=self._gateway.uri, local_port=int(text))
        self._change(request, self._port)

    def _set_second(self) -> None:
        text = self._second.get().strip() if self._second else ""
        if self._second is not None and text != self._gateway.subresource:
            request = SetGatewaySubresource(gateway_uri=self._gateway.uri, subresource=text)
            self._change(request, self._second)

    def _use_free_port(self) -> None:
        self._change(SetGatewayPort(gateway_uri=self._gateway.uri, local_port=0), self._port)

    def _change(self, request: SetGatewayPort | SetGatewaySubresource, field: Field) -> None:
        wish = (str(field), field.get().strip())
        if wish == self._asked and not field.is_wrong:
            return
        self._asked = wish

        def answered(reply: Reply, _descriptor: int) -> None:
            if isinstance(reply, GatewayReady):
                self._on_changed(reply.gateway)
            elif isinstance(reply, Failed) and self.winfo_exists():
                field.mark_wrong()
                is_taken = reply.code == "port_in_use"
                self._say_error(failures.sentence(reply), has_free_port=is_taken)

        self._desk.bridge.ask(request, answered)

    def _say_error(self, text: str, *, has_free_port: bool = False) -> None:
        look = self._desk.look
        for child in self._error.winfo_children():
            child.destroy()
        words = label(look, self._error, look.clean(text, 400), token="danger", wrap=480)
        words.pack(side="left")
        if has_free_port:
            free = button(
                look, self._error, "Use a free port", self._use_free_port, name="use_free_port"
            )
            free.pack(side="left", padx=(look.dp(12), 0))
        self._error.grid(row=2, column=0, columnspan=3, sticky="ew", pady=(look.dp(8), 0))
        self._desk.say(f"ui: gateway error {text}")

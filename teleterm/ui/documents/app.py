"""An application: where it listens on this computer, and how to open it."""

import tkinter as tk

from teleterm.bridge.contract import Failed, OpenGateway, Reply
from teleterm.bridge.views import GatewayView
from teleterm.ui.documents.gateway_page import GatewayDocument
from teleterm.ui.widgets.basic import button, frame
from teleterm.ui.widgets.copybox import CopyBox


class AppDocument(GatewayDocument):
    """Widgets: `…port`, `…target_port`, `…address.line.browser`, `…stop`, `…start`."""

    icon = "app"
    second_field = "target_port"

    def second(self) -> tuple[str, str]:
        """Applications with several ports let one be chosen."""
        return ("target_port", "Target port") if self.field("protocol") == "TCP" else ("", "")

    @property
    def title(self) -> str:
        """Its name, with the port of one that has several."""
        name, port = self.field("target_name"), self.field("target_port")
        return self.custom_title or (f"{name}:{port}" if port else name)

    @property
    def _is_web(self) -> bool:
        return self.gateway is not None and self.gateway.protocol == "HTTP"

    def head_words(self) -> str:
        """What it is."""
        return self.field("description")

    def ready_words(self) -> str:
        """Who may connect."""
        return "Ready. Programs on this computer reach the application here."

    def draw_details(self, body: tk.Frame, gateway: GatewayView) -> None:
        """The address to open, and a button for the browser where that makes sense."""
        look = self.desk.look
        box = self.section(body, "Open")
        line = frame(look, box, name="line")
        line.pack(fill="x")
        line.grid_columnconfigure(0, weight=1)
        address = f"{gateway.local_address}:{gateway.local_port}"
        text = f"http://{address}" if self._is_web else address
        CopyBox(look, line, text, self.desk.opener.copy, name="url").grid(
            row=0, column=0, sticky="ew"
        )
        if self._is_web:
            browser = button(
                look, line, "Open in browser", self.browse, name="browser", kind="Primary"
            )
            browser.grid(row=0, column=1, padx=(look.dp(8), 0))
            self.first = browser

    def browse(self) -> None:
        """Show it in the browser."""
        gateway = self.gateway
        if gateway is None:
            return

        def answered(reply: Reply, _descriptor: int) -> None:
            if isinstance(reply, Failed):
                self.desk.notices.show_failed(reply)

        self.desk.bridge.ask(OpenGateway(gateway_uri=gateway.uri), answered)

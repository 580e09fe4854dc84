"""A database connection: where it listens, which command to run, what other programs need."""

import tkinter as tk

from teleterm.bridge.views import GatewayView
from teleterm.ui.documents.connection_strings import strings_for
from teleterm.ui.documents.gateway_page import GatewayDocument
from teleterm.ui.documents.identity import client_document
from teleterm.ui.widgets.basic import button, frame, label
from teleterm.ui.widgets.copybox import CopyBox


class DatabaseDocument(GatewayDocument):
    """Widgets: `…port`, `…db_name`, `…command_line.line.run`, `…stop`, `…start`."""

    icon = "database"
    second_field = "db_name"

    @property
    def title(self) -> str:
        """Database and user."""
        user = self.field("user")
        name = self.field("target_name")
        return self.custom_title or (f"{name} ({user})" if user else name)

    def second(self) -> tuple[str, str]:
        """The database name."""
        return "db_name", "Database name"

    def head_words(self) -> str:
        """User and protocol."""
        user, protocol = self.field("user"), self.field("protocol")
        words = f"as {user}" if user else ""
        return f"{words}  ·  {protocol}" if protocol else words

    def run(self) -> None:
        """Open the command-line client in a tab."""
        if self.gateway is not None:
            self.desk.tabs.open(client_document(self.gateway))

    def draw_details(self, body: tk.Frame, gateway: GatewayView) -> None:
        """The command line, and what other programs need."""
        self._draw_command(body, gateway)
        self._draw_strings(body, gateway)

    def _draw_command(self, body: tk.Frame, gateway: GatewayView) -> None:
        look = self.desk.look
        box = self.section(body, "Command line")
        line = frame(look, box, name="line")
        line.pack(fill="x")
        line.grid_columnconfigure(0, weight=1)
        command = " ".join((*gateway.command_env, gateway.command)) or "No command is known."
        copy = CopyBox(look, line, command, self.desk.opener.copy, name="command")
        copy.grid(row=0, column=0, sticky="ew")
        if gateway.is_client_found:
            run = button(look, line, "Run", self.run, name="run", kind="Primary")
            run.grid(row=0, column=1, padx=(look.dp(8), 0))
            self.first = run
        else:
            client = look.clean(gateway.client_name or "The client", 40)
            words = f"{client} was not found in PATH. Install it, or copy the command."
            label(look, box, words, token="warning").pack(anchor="w", pady=(look.dp(8), 0))
            self.desk.say(f"ui: gateway without client {words}")

    def _draw_strings(self, body: tk.Frame, gateway: GatewayView) -> None:
        look = self.desk.look
        box = self.section(body, "Other programs")
        box.grid_columnconfigure(1, weight=1)
        for row, (title, text) in enumerate(strings_for(gateway)):
            label(look, box, title, token="sec").grid(
                row=row, column=0, sticky="w", padx=(0, look.dp(16)), pady=(0, look.dp(8))
            )
            CopyBox(look, box, text, self.desk.opener.copy, name=f"string{row}").grid(
                row=row, column=1, sticky="ew", pady=(0, look.dp(8))
            )

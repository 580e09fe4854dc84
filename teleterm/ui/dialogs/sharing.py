"""Which folder of this computer a desktop may use."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from teleterm.bridge.contract import Failed, Reply, ShareFolder
from teleterm.ui.dialogs.dialog import Dialog
from teleterm.ui.widgets.field import Field

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk


class SharingDialog(Dialog):
    """`.dlg_share`: `path`, `cancel`, `share`. `on_shared(name)` once the session may use it."""

    def __init__(
        self, desk: "Desk", desktop_uri: str, login: str, on_shared: Callable[[str], object]
    ) -> None:
        super().__init__(desk, "dlg_share", "Share a folder")
        self._uri, self._login, self._on_shared = desktop_uri, login, on_shared
        self.text(
            "The desktop can read, change and delete everything in this folder until the session"
            " ends; nothing outside it. Links in it are not followed.",
            token="sec",
        )
        self._path = Field(desk.look, self.body, name="path")
        self.add(self._path)
        self.error_line()
        self.buttons(
            ("cancel", "Cancel", "", self.cancel), ("share", "Share", "Primary", self._share)
        )
        self.open(self._path.entry)

    def _share(self) -> None:
        path = self._path.entry.get().strip()

        def answered(reply: Reply, _descriptor: int) -> None:
            if not self.winfo_exists():
                return
            if isinstance(reply, Failed):
                self.show_error(reply.message, details=reply.details)
                return
            self._on_shared(path.rstrip("/").rpartition("/")[2] or "folder")
            self.cancel()

        self.show_error("")
        self.desk.bridge.ask(
            ShareFolder(desktop_uri=self._uri, login=self._login, path=path), answered
        )

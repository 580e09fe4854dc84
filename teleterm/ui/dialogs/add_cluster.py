"""Asks for the address of a cluster."""

from typing import TYPE_CHECKING

from teleterm.bridge.contract import AddCluster, ClusterAdded, Failed, Reply
from teleterm.ui.dialogs.address import problem_of
from teleterm.ui.dialogs.dialog import Dialog
from teleterm.ui.widgets.basic import label
from teleterm.ui.widgets.field import Field

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

PLACEHOLDER = "teleport.example.com"


class AddClusterDialog(Dialog):
    """`.dlg_add`: field `address`, buttons `cancel` and `connect`."""

    def __init__(self, desk: "Desk", *, address: str = "") -> None:
        super().__init__(desk, "dlg_add", "Add cluster")
        look = desk.look
        self.text(
            "The address you open in the browser, or that you give to tsh login.",
            token="sec", below=16,
        )  # fmt: skip
        self.add(
            label(
                look, self.body, "Cluster address", font="caption", token="sec", surface="elevated"
            ),
            below=4,
        )
        self._address = Field(
            look, self.body, name="address", placeholder=PLACEHOLDER, on_change=self._check
        )
        self.add(self._address)
        self.error_line()
        made = self.buttons(
            ("cancel", "Cancel", "", self.cancel), ("connect", "Connect", "Primary", self._connect)
        )
        self._connect_button = made["connect"]
        self._ask_id = 0
        self._address.set(address)
        self.open(self._address.entry)

    def _check(self, text: str) -> None:
        problem = problem_of(text)
        self.show_error(problem)

    def _connect(self) -> None:
        address = self._address.get().strip()
        problem = problem_of(address)
        if not address or problem:
            self.show_error(problem or "Enter the address of a cluster.")
            self._address.mark_wrong()
            return
        self._set_working(is_working=True)
        self._ask_id = self.desk.bridge.ask(AddCluster(address=address), self._answered)

    def _set_working(self, *, is_working: bool) -> None:
        self._address.set_enabled(is_enabled=not is_working)
        self._connect_button.configure(text="Connecting…" if is_working else "Connect")
        self._connect_button.state(["disabled" if is_working else "!disabled"])

    def _answered(self, reply: Reply, _descriptor: int) -> None:
        self._ask_id = 0
        if not self.winfo_exists():
            return
        if isinstance(reply, ClusterAdded):
            self.close()
            self.desk.dialogs.cluster_added(reply.cluster)
        elif isinstance(reply, Failed):
            self._set_working(is_working=False)
            if reply.is_retryable:
                self._connect_button.configure(text="Try again")
            self._address.mark_wrong()
            self.show_failed(reply)

    def cancel(self) -> None:
        """Stop working on it, or close."""
        if self._ask_id:
            self.desk.bridge.cancel(self._ask_id)
            self.desk.bridge.forget(self._ask_id)
            self._ask_id = 0
            self._set_working(is_working=False)
            self._address.focus_set()
        else:
            self.close()

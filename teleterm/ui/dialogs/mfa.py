"""The daemon's questions that must be answered now: second factor, headless login, hardware key."""

from typing import TYPE_CHECKING

from teleterm.bridge.contract import (
    AnswerHardwareKey,
    AnswerHeadless,
    AnswerMfa,
    HardwareKeyAsked,
    HeadlessAsked,
    MfaAsked,
)
from teleterm.ui.dialogs.dialog import Dialog
from teleterm.ui.dialogs.factor import FactorPart
from teleterm.ui.widgets.basic import label
from teleterm.ui.widgets.field import Field

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk


class MfaDialog(Dialog):
    """`.dlg_mfa`: `factor.code`, buttons `cancel` and `confirm`."""

    def __init__(
        self, desk: "Desk", asked: MfaAsked, cluster_title: str, *, position: str = ""
    ) -> None:
        super().__init__(
            desk, "dlg_mfa", f"Confirm it is you on {cluster_title}", is_important=True
        )
        self.prompt_id = asked.prompt_id
        if asked.reason:
            self.text(
                desk.look.clean(asked.reason, 300), font="strong", below=4 if position else 16
            )
        if position:
            self.text(position, font="caption", token="muted", below=12)
        self._factor = FactorPart(desk.look, self.body, self._send, on_copy=desk.opener.copy)
        self._factor.ask(asked)
        self.add(self._factor, below=8)
        self.error_line()
        if asked.has_code and not asked.is_per_session:
            self.buttons(
                ("cancel", "Cancel", "", self.cancel),
                ("confirm", "Confirm", "Primary", self._factor.submit),
            )
        else:
            self.buttons(("cancel", "Cancel", "", self.cancel))
        self.open()
        self._factor.focus_first()

    def _send(self, code: str) -> None:
        self.desk.bridge.ask(AnswerMfa(prompt_id=self.prompt_id, code=code))
        self.close()

    def cancel(self) -> None:
        """Refuse; the daemon hears it."""
        self.desk.bridge.ask(AnswerMfa(prompt_id=self.prompt_id))
        self.close()


class HeadlessDialog(Dialog):
    """`.dlg_headless`: buttons `later`, `approve`, `reject`; Return rejects.

    After Approve it stays until the key was touched; then there is `cancel` only.
    """

    def __init__(self, desk: "Desk", asked: HeadlessAsked, cluster_title: str) -> None:
        super().__init__(
            desk, "dlg_headless", "Somebody asks to run a command as you", is_important=True
        )
        self.prompt_id = asked.prompt_id
        self._cluster_uri = asked.cluster_uri
        self._is_approving = False
        self._factor_id = ""
        look = desk.look
        address = look.clean(asked.client_ip, 60)
        self.text(
            f"Someone at {address} wants to run a command as you on {cluster_title}.", below=12
        )
        self.text(look.clean(asked.request_id, 80), font="mono", token="sec", below=12)
        self._advice = self.text("Approve only if you started it yourself.", token="sec", below=8)
        self._factor = FactorPart(look, self.body, lambda _code: None)
        self._factor_row = self._row
        self._row += 1
        self._made = self.buttons(
            ("later", "Not now", "Ghost", self.cancel),
            ("approve", "Approve", "", self._approve),
            ("reject", "Reject", "Primary", self._reject),
        )
        self.open()
        if desk.store.settings.headless_skip_confirm:
            self._approve()

    def _approve(self) -> None:
        self.desk.bridge.ask(AnswerHeadless(prompt_id=self.prompt_id, is_approved=True))
        self._is_approving = True
        for name in ("approve", "reject"):
            self._made[name].pack_forget()
        self._made["later"].configure(text="Cancel", style="elevated.TButton")
        self.set_default(None)
        self._advice.configure(text="Approving…")

    def take_mfa(self, asked: MfaAsked) -> bool:
        """Ask for the key here, if this approval is what it is for."""
        if not self._is_approving or self._factor_id:
            return False
        if not asked.cluster_uri.startswith(self._cluster_uri):
            return False
        self._factor_id = asked.prompt_id
        self._advice.grid_remove()
        self._factor.ask(asked)
        self._factor.grid(row=self._factor_row, column=0, sticky="ew", pady=(0, self.look.dp(8)))
        self.place_again()
        self.desk.say("ui: dlg_headless asks for the key")
        return True

    def withdraw_prompt(self, prompt_id: str) -> bool:
        """The key was touched, or the daemon gave up: either way this is over."""
        if prompt_id != self._factor_id or not prompt_id:
            return False
        self._factor_id = ""
        self.close()
        return True

    def _reject(self) -> None:
        self.desk.bridge.ask(AnswerHeadless(prompt_id=self.prompt_id, is_approved=False))
        self.close()

    def cancel(self) -> None:
        """Leave it undecided; a key that is asked for isn't waited for any more."""
        if self._factor_id:
            self.desk.bridge.ask(AnswerMfa(prompt_id=self._factor_id))
        self.close()


HARDWARE_TITLES = {
    "touch": "Touch your hardware key",
    "pin": "Enter the PIN of your hardware key",
    "pin_change": "Set a PIN for your hardware key",
    "slot": "Overwrite the key in this slot?",
}


class HardwareKeyDialog(Dialog):
    """`.dlg_hardware`: fields `pin`, `again`, `puk` as needed, buttons `cancel`, `confirm`."""

    def __init__(self, desk: "Desk", asked: HardwareKeyAsked) -> None:
        super().__init__(desk, "dlg_hardware", HARDWARE_TITLES[asked.kind], is_important=True)
        self.prompt_id, self._kind = asked.prompt_id, asked.kind
        if asked.text:
            self.text(desk.look.clean(asked.text, 400), token="sec", below=16)
        self._pin = self._field("PIN", "pin") if asked.kind in {"pin", "pin_change"} else None
        self._again = self._field("PIN once more", "again") if asked.kind == "pin_change" else None
        self._puk = self._field("PUK", "puk") if asked.kind == "pin_change" else None
        self.error_line()
        if asked.kind == "touch":
            self.buttons(("cancel", "Cancel", "", self.cancel))
        elif asked.kind == "slot":
            self.buttons(
                ("confirm", "Overwrite", "Danger", self._confirm),
                ("cancel", "No", "Primary", self.cancel),
            )
        else:
            self.buttons(
                ("cancel", "Cancel", "", self.cancel),
                ("confirm", "Continue", "Primary", self._confirm),
            )
        self.open(self._pin.entry if self._pin is not None else None)

    def _field(self, title: str, name: str) -> Field:
        words = label(self.look, self.body, title, font="caption", token="sec", surface="elevated")
        self.add(words, below=4)
        field = Field(self.look, self.body, name=name, is_secret=True)
        self.add(field)
        return field

    def _confirm(self) -> None:
        pin = self._pin.get() if self._pin is not None else ""
        if self._pin is not None and not pin:
            self.show_error("Enter the PIN.")
            self._pin.mark_wrong()
            return
        if self._again is not None and self._again.get() != pin:
            self.show_error("The two PINs differ.")
            self._again.mark_wrong()
            return
        puk = self._puk.get() if self._puk is not None else ""
        self.desk.bridge.ask(
            AnswerHardwareKey(prompt_id=self.prompt_id, pin=pin, puk=puk, is_confirmed=True)
        )
        self.close()

    def cancel(self) -> None:
        """Refuse; the daemon hears it."""
        self.desk.bridge.ask(AnswerHardwareKey(prompt_id=self.prompt_id))
        self.close()

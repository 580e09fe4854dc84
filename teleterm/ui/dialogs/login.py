"""Log in to a cluster: name and password, then a code when the cluster asks for one."""

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from teleterm.bridge.contract import (
    AnswerKeyLogin,
    AnswerMfa,
    AuthFound,
    Failed,
    GetAuth,
    KeyLoginAsked,
    LoginLocal,
    LoginPasswordless,
    LoginSso,
    MfaAsked,
    Reply,
    SetSetting,
)
from teleterm.bridge.views import AuthView, ClusterView
from teleterm.model.secret import Secret
from teleterm.ui.dialogs.dialog import Dialog
from teleterm.ui.dialogs.factor import FactorPart
from teleterm.ui.dialogs.login_parts import BrowserPart, KeyLoginPart
from teleterm.ui.widgets.basic import button, frame, label
from teleterm.ui.widgets.field import Field
from teleterm.ui.widgets.loading import LoadingLine

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk

WRONG_PAIR = "User name or password is not right."
WRONG_CODE = "The code is not right. Enter the one your app shows now."
SWITCHED_OFF = "Login is switched off on this cluster. Ask your administrator."


class LoginDialog(Dialog):
    """`.dlg_login`: `form.user`, `form.password`, `factor.code`; `cancel`, `login`, `sso1`…

    While a key or a browser is waited for, `key` or `browser` stands in the place of `form`.
    """

    def __init__(
        self,
        desk: "Desk",
        cluster: ClusterView,
        *,
        reason: str = "",
        on_done: Callable[[], object] | None = None,
    ) -> None:
        title = desk.look.clean(cluster.title, 80)
        super().__init__(desk, "dlg_login", f"Log in to {title}")
        self.cluster = cluster
        self._waiting: list[Callable[[], object]] = [on_done] if on_done is not None else []
        self._on_refused: list[Callable[[], object]] = []
        self._is_done = False
        self._ask_id = 0
        self._password: Secret[str] = Secret("")
        self._prompt_id = ""
        self._has_sent_code = False
        self._is_retry = False
        self._reason = self.text(
            desk.look.clean(reason, 300), token="sec", below=16 if reason else 4
        )
        if not reason:
            self._reason.grid_remove()
        self._loading = LoadingLine(desk.look, self.body, surface="elevated")
        self.add(self._loading, below=6)
        self._form = frame(desk.look, self.body, "elevated", name="form")
        self._form.grid_columnconfigure(0, weight=1)
        self.add(self._form, below=4)
        self._factor = FactorPart(desk.look, self.body, self._send_code, on_copy=desk.opener.copy)
        self._key = KeyLoginPart(desk.look, self.body, on_pin=self._send_pin, on_user=self._choose)
        self._browser = BrowserPart(
            desk.look, self.body, wrap=self.text_width, on_reopen=self._reopen
        )
        self._reopen_with: Callable[[], None] = lambda: None
        self._part_row = self._row
        self._row += 1
        self.error_line()
        made = self.buttons(
            ("cancel", "Cancel", "", self.cancel), ("login", "Log in", "Primary", self._login)
        )
        self._login_button = made["login"]
        self._login_button.state(["disabled"])
        self._user: Field | None = None
        self._secret: Field | None = None
        self.open(made["cancel"])
        self._loading.start()
        desk.bridge.ask(GetAuth(cluster_uri=cluster.uri), self._auth_answered)

    # Who waits

    def wait(
        self, on_done: Callable[[], object] | None, on_refused: Callable[[], object] | None = None
    ) -> None:
        """Also go on with this after the login, or hear that there won't be one."""
        if on_done is not None:
            self._waiting.append(on_done)
        if on_refused is not None:
            self._on_refused.append(on_refused)

    def say_reason(self, reason: str) -> None:
        """Say why it asks."""
        if reason:
            self._reason.configure(text=self.look.clean(reason, 300))
            self._reason.grid()
            self.place_again()

    # The form

    def _auth_answered(self, reply: Reply, _descriptor: int) -> None:
        if not self.winfo_exists():
            return
        self._loading.stop()
        if isinstance(reply, AuthFound):
            self._fill(reply.auth)
        elif isinstance(reply, Failed):
            self.show_failed(reply)
            self._login_button.configure(text="Try again", command=self._try_again)
            self._login_button.state(["!disabled"])
            self._login_button.focus_set()

    def _try_again(self) -> None:
        self.show_error("")
        self._login_button.configure(text="Log in", command=self._login)
        self._login_button.state(["disabled"])
        self._loading.start()
        self.desk.bridge.ask(GetAuth(cluster_uri=self.cluster.uri), self._auth_answered)

    def _fill(self, auth: AuthView) -> None:
        if auth.version_warning:
            self._warn(auth.version_warning)
        has_local = auth.is_local_allowed and auth.auth_type != "sso"
        if has_local:
            self._fill_local(auth)
        if auth.has_passwordless:
            made = button(
                self.look, self._form, "Log in without password", self._log_in_by_key,
                name="passwordless", surface="elevated", icon="key",
            )  # fmt: skip
            made.grid(sticky="ew", pady=(self.look.dp(8), 0))
        for number, (kind, name, title) in enumerate(auth.connectors, 1):
            words = f"Log in with {self.look.clean(title or name, 60)}"
            made = button(
                self.look, self._form, words, self._sso(kind, name), name=f"sso{number}",
                surface="elevated", icon="external",
            )  # fmt: skip
            made.grid(sticky="ew", pady=(self.look.dp(8), 0))
        if not has_local:
            self._login_button.pack_forget()
        if not has_local and not auth.connectors and not auth.has_passwordless:
            self._line(SWITCHED_OFF, token="text", below=0)
        self.place_again()

    def _warn(self, text: str) -> None:
        """One line about versions, which the person may never want to see again."""
        line = self._line(text, token="warning", below=0)

        def hide() -> None:
            self.desk.bridge.ask(SetSetting(key="skipVersionCheck", value_json="true"))
            line.grid_remove()
            link.grid_remove()
            self.desk.say("ui: version warning hidden")

        link = button(
            self.look, self._form, "Hide for good", hide,
            name="hide_warning", kind="Link", surface="elevated",
        )  # fmt: skip
        link.grid(sticky="w", pady=(0, self.look.dp(8)))

    def _line(self, text: str, *, token: str, below: int) -> tk.Label:
        made = label(
            self.look, self._form, self.look.clean(text, 400), token=token, surface="elevated",
            wrap=self.text_width,
        )  # fmt: skip
        made.grid(sticky="ew", pady=(0, self.look.dp(below)))
        return made

    def _fill_local(self, auth: AuthView) -> None:
        look = self.look
        known = auth.user or self.cluster.user
        self._user = self._labelled("User name", Field(look, self._form, name="user"))
        self._user.set(known)
        self._secret = self._labelled(
            "Password", Field(look, self._form, name="password", is_secret=True)
        )
        self._login_button.state(["!disabled"])
        self.set_default(self._login_button)
        self._first = (self._secret if known else self._user).entry
        self._first.focus_set()
        self.desk.say("ui: dlg_login form ready")

    def _labelled(self, title: str, field: Field) -> Field:
        words = label(
            self.look,
            self._form,
            title,
            font="caption",
            token="sec",
            surface="elevated",
        )
        words.grid(sticky="ew", pady=(0, self.look.dp(4)))
        field.grid(sticky="ew", pady=(0, self.look.dp(12)))
        field.tkraise()
        return field

    def _set_working(self, *, is_working: bool, words: str = "Logging in…") -> None:
        for field in (self._user, self._secret):
            if field is not None:
                field.set_enabled(is_enabled=not is_working)
        self._login_button.configure(text=words if is_working else "Log in")
        self._login_button.state(["disabled" if is_working else "!disabled"])
        if is_working:
            self._loading.start()
        else:
            self._loading.stop()

    # Logging in

    def _login(self) -> None:
        if self._user is None or self._secret is None or self._ask_id:
            return
        if not self._user.get().strip():
            self.show_error("Enter your user name.")
            self._user.mark_wrong()
            return
        if not self._secret.get():
            self.show_error("Enter your password.")
            self._secret.mark_wrong()
            return
        self._password = Secret(self._secret.get())
        self._secret.set("")
        self.show_error("")
        self._ask_login()

    def _ask_login(self) -> None:
        if self._user is None:
            return
        self._has_sent_code = False
        self._set_working(is_working=True)
        request = LoginLocal(
            cluster_uri=self.cluster.uri,
            user=self._user.get().strip(),
            password=self._password.reveal(),
        )
        self._ask_id = self.desk.bridge.ask(request, self._login_answered)

    def _sso(self, kind: str, name: str) -> Callable[[], None]:
        def run() -> None:
            self._show_part(self._browser)
            self._set_working(is_working=True, words="Waiting…")
            self._reopen_with = run
            self.desk.say("ui: dlg_login waits for the browser")
            request = LoginSso(
                cluster_uri=self.cluster.uri, connector_type=kind, connector_name=name
            )
            self._ask_id = self.desk.bridge.ask(request, self._login_answered)

        return run

    def _reopen(self) -> None:
        if self._ask_id:
            self.desk.bridge.cancel(self._ask_id)
            self.desk.bridge.forget(self._ask_id)
            self._reopen_with()

    def _show_part(self, part: tk.Frame | None) -> None:
        """Show one of the parts in the place of the form, or the form again."""
        for other in (self._factor, self._key, self._browser):
            other.grid_remove()
        self.show_error("")
        if part is None:
            self._form.grid()
            return
        self._form.grid_remove()
        part.grid_configure(row=self._part_row, column=0, sticky="ew", pady=(0, self.look.dp(12)))
        self.place_again()

    # A security key alone

    def _log_in_by_key(self) -> None:
        self._key.show_touch()
        self._show_part(self._key)
        self._set_working(is_working=True, words="Waiting…")
        request = LoginPasswordless(cluster_uri=self.cluster.uri)
        self._ask_id = self.desk.bridge.ask(request, self._login_answered)

    def take_key_step(self, asked: KeyLoginAsked) -> None:
        """Show a step of a login by security key alone."""
        if not self._ask_id:
            return
        self._prompt_id = asked.prompt_id
        match asked.kind:
            case "touch":
                self._key.show_touch()
                self._set_working(is_working=True, words="Waiting…")
            case "pin":
                self._key.show_pin()
                self._set_answering(self._key.submit)
            case "user":
                self._key.show_users(asked.users)
                self._set_answering(None)
        self._show_part(self._key)
        self._key.focus_first()
        self.desk.say(f"ui: dlg_login asks for the key: {asked.kind}")

    def _set_answering(self, submit: Callable[[], None] | None) -> None:
        self._loading.stop()
        self._login_button.configure(text="Log in" if submit is None else "Continue")
        if submit is not None:
            self._login_button.configure(command=submit)
        self._login_button.state(["disabled" if submit is None else "!disabled"])

    def _send_pin(self, pin: str) -> None:
        self._answer_key(AnswerKeyLogin(prompt_id=self._prompt_id, pin=pin))

    def _choose(self, index: int) -> None:
        self._answer_key(AnswerKeyLogin(prompt_id=self._prompt_id, index=index))

    def _answer_key(self, answer: AnswerKeyLogin) -> None:
        self.desk.bridge.ask(answer)
        self._prompt_id = ""
        self._key.show_touch()
        self._set_working(is_working=True, words="Waiting…")

    # The second factor

    def take_mfa(self, asked: MfaAsked) -> bool:
        """Ask for the second factor here, if this login is what it is for."""
        if not self._ask_id:
            return False
        self._prompt_id = asked.prompt_id
        self._loading.stop()
        self._factor.ask(asked, wrong=WRONG_CODE if self._is_retry else "")
        self._show_part(self._factor)
        if self._is_retry:
            self.show_error(WRONG_CODE)
        self._login_button.configure(text="Confirm", command=self._factor.submit)
        self._login_button.state(["!disabled" if asked.has_code else "disabled"])
        self._factor.focus_first()
        self.desk.say("ui: dlg_login asks for the second factor")
        return True

    def withdraw_prompt(self, prompt_id: str) -> bool:
        """The daemon no longer waits for this answer."""
        if prompt_id != self._prompt_id:
            return False
        self._prompt_id = ""
        return True

    def _send_code(self, code: str) -> None:
        if not self._prompt_id:
            return
        self._has_sent_code = True
        self.show_error("")
        self.desk.bridge.ask(AnswerMfa(prompt_id=self._prompt_id, code=code))
        self._prompt_id = ""
        self._factor.set_enabled(is_enabled=False)
        self._set_working(is_working=True, words="Confirming…")

    def _login_answered(self, reply: Reply, _descriptor: int) -> None:
        self._ask_id = 0
        if not self.winfo_exists():
            return
        if isinstance(reply, Failed):
            self._refused(reply)
            return
        self._is_done = True
        self._password = Secret("")
        self.close()
        self.desk.dialogs.logged_in(self.cluster.uri)
        for go_on in self._waiting:
            go_on()

    def _refused(self, failed: Failed) -> None:
        is_pair = failed.code in {"wrong_credentials", "denied", "mfa_refused"}
        if self._has_sent_code and failed.code in {"wrong_credentials", "mfa_refused"}:
            self._is_retry = True
            self._ask_login()
            return
        self._is_retry = False
        self._back_to_form()
        self._set_working(is_working=False)
        if failed.code == "cancelled":
            return
        if is_pair and failed.code == "wrong_credentials":
            self.show_error(WRONG_PAIR, details=failed.details)
        else:
            self.show_failed(failed)
        if self._secret is not None:
            self._secret.mark_wrong()

    def _back_to_form(self) -> None:
        self._show_part(None)
        self._login_button.configure(text="Log in", command=self._login)

    def cancel(self) -> None:
        """Stop what runs, or close."""
        if self._ask_id:
            if self._prompt_id and self._factor.winfo_manager():
                self.desk.bridge.ask(AnswerMfa(prompt_id=self._prompt_id))
            self._prompt_id = ""
            self.desk.bridge.cancel(self._ask_id)
            self.desk.bridge.forget(self._ask_id)
            self._ask_id = 0
            self._is_retry = False
            self._back_to_form()
            self._set_working(is_working=False)
            self.show_error("")
            self._focus_form()
        else:
            self.close()

    def _focus_form(self) -> None:
        if self._secret is not None:
            self._secret.focus_set()

    def close(self) -> None:
        """Take it away; whoever waited hears it if there was no login."""
        self._password = Secret("")
        super().close()
        if not self._is_done:
            for refuse in self._on_refused:
                refuse()
            self._on_refused = []


def is_for(widget: tk.Misc, cluster_uri: str) -> bool:
    """Whether a dialog is the login of that cluster."""
    return isinstance(widget, LoginDialog) and widget.cluster.uri == cluster_uri

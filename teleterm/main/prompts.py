"""Questions that the daemon asks a person: shown by the window, answered by it, or withdrawn."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from teleterm.bridge.contract import (
    AnswerHardwareKey,
    AnswerHeadless,
    AnswerKeyLogin,
    AnswerMfa,
    AnswerRelogin,
    BringForward,
    Done,
    Event,
    Failed,
    HardwareKeyAsked,
    HeadlessAsked,
    MfaAsked,
    PromptWithdrawn,
    ReloginAsked,
    Reply,
)
from teleterm.main.desk import Desk, Tell
from teleterm.main.key_login import KeyLogin
from teleterm.model.errors import ErrorCode
from teleterm.osutil import tasks

if TYPE_CHECKING:
    from teleterm.tshdclient.records import (
        HeadlessQuestion,
        KeyQuestion,
        MfaQuestion,
        NewPin,
        ProxyTrouble,
        ReloginQuestion,
    )

PromptAnswer = AnswerMfa | AnswerRelogin | AnswerHeadless | AnswerHardwareKey | AnswerKeyLogin


@dataclass(slots=True, kw_only=True)
class _Open:
    event: Event
    answer: "asyncio.Future[PromptAnswer]"


@dataclass(slots=True, kw_only=True)
class Hooks:
    """What others do about questions.

    `auto_code` may answer a second factor without a person (the demo's own login), `title_of`
    names a cluster, `reason_for` says what waits for a login, `trouble` hears of failed
    connections, `answer_headless` sends an approval on.
    """

    title_of: Callable[[str], str]
    reason_for: Callable[[str, str], str]
    trouble: "Callable[[ProxyTrouble], None]"
    answer_headless: Callable[[str, str, bool], Awaitable[None]]
    auto_code: "Callable[[MfaQuestion], str]" = field(default=lambda question: "")


class Prompts:
    """The daemon's events service talks to this; it is the `EventsSink` of the connection."""

    def __init__(self, tell: Tell, hooks: Hooks) -> None:
        self._tell = tell
        self._hooks = hooks
        self._open: dict[str, _Open] = {}
        self._numbers = itertools.count(1)
        self.codes_answered: dict[str, int] = {}

    def register(self, desk: Desk) -> None:
        """Take the answers from the window."""
        desk.on(AnswerMfa, self._answered)
        desk.on(AnswerRelogin, self._answered)
        desk.on(AnswerHeadless, self._answered)
        desk.on(AnswerHardwareKey, self._answered)
        desk.on(AnswerKeyLogin, self._answered)

    def show_again(self) -> None:
        """Show every open question: a new window has come."""
        for one in self._open.values():
            self._tell(one.event)

    async def prompt_mfa(self, question: "MfaQuestion") -> str:
        """Ask for a code; the key is touched at the daemon's own."""
        code = self._hooks.auto_code(question)
        if code:
            return code
        ident = self._ident()
        answer = await self._ask(
            ident,
            MfaAsked(
                prompt_id=ident,
                cluster_uri=question.cluster_uri,
                reason=question.reason,
                has_code=question.has_code,
                has_key=question.has_key,
                sso_url=question.sso_url,
                sso_name=question.sso_name,
                is_per_session=question.is_per_session,
            ),
        )
        if not isinstance(answer, AnswerMfa) or not answer.code:
            raise _dismissed()
        count = self.codes_answered.get(question.cluster_uri, 0)
        self.codes_answered[question.cluster_uri] = count + 1
        return answer.code

    async def relogin(self, question: "ReloginQuestion") -> None:
        """Ask for a new login and wait until the person is through."""
        ident = self._ident()
        reason = self._hooks.reason_for(question.gateway_uri, question.target_uri)
        answer = await self._ask(
            ident,
            ReloginAsked(prompt_id=ident, cluster_uri=question.cluster_uri, reason=reason),
        )
        if not isinstance(answer, AnswerRelogin) or not answer.is_done:
            raise _dismissed()

    async def headless(self, question: "HeadlessQuestion") -> None:
        """Show who wants to run a command; the answer goes to the daemon by a call of its own."""
        ident = self._ident()
        answer = await self._ask(
            ident,
            HeadlessAsked(
                prompt_id=ident,
                cluster_uri=question.cluster_uri,
                client_ip=question.client_ip,
                request_id=question.request_id,
            ),
        )
        if isinstance(answer, AnswerHeadless):
            tasks.spawn(self._pass_on(question, answer), name="headless answer")

    async def _pass_on(self, question: "HeadlessQuestion", answer: AnswerHeadless) -> None:
        """Send an answer on; the window's dialog is there until that is done."""
        await self._hooks.answer_headless(
            question.cluster_uri, question.request_id, answer.is_approved
        )
        self._tell(PromptWithdrawn(prompt_id=answer.prompt_id))

    async def key_touch(self, question: "KeyQuestion") -> None:
        """Show that a touch is awaited."""
        await self._ask_key("touch", question)

    async def key_pin(self, question: "KeyQuestion") -> str:
        """Ask for the PIN of a hardware key; it may be empty when that is allowed."""
        answer = await self._ask_key("pin", question)
        if not answer.pin and not question.is_pin_optional:
            raise _dismissed()
        return answer.pin

    async def key_new_pin(self, question: "KeyQuestion") -> "NewPin":
        """Ask for a new PIN and the PUK."""
        from teleterm.tshdclient.records import NewPin

        answer = await self._ask_key("pin_change", question)
        if not answer.pin or not answer.puk:
            raise _dismissed()
        return NewPin(pin=answer.pin, puk=answer.puk, is_puk_changed=False)

    async def key_overwrite(self, question: "KeyQuestion") -> bool:
        """Ask whether a slot may be overwritten."""
        return (await self._ask_key("slot", question)).is_confirmed

    def key_login(self, cluster_uri: str) -> KeyLogin:
        """What shows the steps of a login by security key alone."""
        return KeyLogin(cluster_uri, self._ident, self._tell, self._ask)

    def trouble(self, trouble: "ProxyTrouble") -> None:
        """A connection failed in the background."""
        self._hooks.trouble(trouble)

    def vnet_stopped(self, error: str) -> None:
        """Nothing of ours uses the VNet, so there is nobody to tell."""

    async def _ask_key(
        self, kind: Literal["touch", "pin", "pin_change", "slot"], question: "KeyQuestion"
    ) -> AnswerHardwareKey:
        ident = self._ident()
        answer = await self._ask(
            ident,
            HardwareKeyAsked(
                prompt_id=ident,
                kind=kind,
                cluster_uri=f"/clusters/{question.proxy_host}" if question.proxy_host else "",
                text=question.text or question.command,
            ),
        )
        if not isinstance(answer, AnswerHardwareKey) or (
            not answer.is_confirmed and not answer.pin and kind != "slot"
        ):
            raise _dismissed()
        return answer

    async def _ask(self, ident: str, event: Event) -> PromptAnswer:
        """Show the question and wait; withdrawn when the daemon doesn't wait any more."""
        future: asyncio.Future[PromptAnswer] = asyncio.get_running_loop().create_future()
        self._open[ident] = _Open(event=event, answer=future)
        self._tell(BringForward())
        self._tell(event)
        try:
            return await future
        except asyncio.CancelledError:
            self._tell(PromptWithdrawn(prompt_id=ident))
            raise
        finally:
            del self._open[ident]

    async def _answered(self, answer: PromptAnswer) -> Reply:
        one = self._open.get(answer.prompt_id)
        if one is None or one.answer.done():
            return Failed(
                code=ErrorCode.NOT_FOUND, message="Nobody waits for this answer any more."
            )
        one.answer.set_result(answer)
        return Done()

    def _ident(self) -> str:
        return f"prompt-{next(self._numbers)}"


def _dismissed() -> Exception:
    from teleterm.tshdclient.events import Dismissed

    return Dismissed()

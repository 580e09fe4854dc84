import asyncio

import pytest

from teleterm.bridge.contract import (
    AnswerHardwareKey,
    AnswerHeadless,
    AnswerMfa,
    AnswerRelogin,
    Ask,
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
from teleterm.main.desk import Desk
from teleterm.main.prompts import Hooks, PromptAnswer, Prompts
from teleterm.osutil import tasks
from teleterm.tshdclient.events import Dismissed
from teleterm.tshdclient.records import (
    HeadlessQuestion,
    KeyQuestion,
    MfaQuestion,
    NewPin,
    ReloginQuestion,
)

MFA = MfaQuestion(
    cluster_uri="/clusters/prod",
    reason="",
    has_code=True,
    has_key=False,
    sso_url="",
    sso_name="",
    is_per_session=False,
)


class Room:
    """Prompts with a window that hears everything."""

    def __init__(self, auto_code: str = "") -> None:
        self.events: list[Event] = []
        self.has_asked = asyncio.Event()
        self.replies: asyncio.Queue[Reply] = asyncio.Queue()
        self.headless: list[tuple[str, str, bool]] = []
        hooks = Hooks(
            title_of=lambda uri: uri,
            reason_for=lambda gateway, target: f"psql waits for {target}",
            trouble=lambda trouble: None,
            answer_headless=self._answer_headless,
            auto_code=lambda question: auto_code,
        )
        self.prompts = Prompts(self._hear, hooks)
        self.desk = Desk(lambda _, reply, __: self.replies.put_nowait(reply))
        self.prompts.register(self.desk)

    async def answer(self, body: PromptAnswer) -> Reply:
        """Answer as the window does."""
        self.desk.take(Ask(ask_id=1, body=body))
        return await asyncio.wait_for(self.replies.get(), 5)

    async def asked(self) -> None:
        """Let the question reach the window."""
        await asyncio.wait_for(self.has_asked.wait(), 5)

    async def _answer_headless(self, uri: str, ident: str, is_approved: bool) -> None:
        self.headless.append((uri, ident, is_approved))

    def _hear(self, event: Event) -> None:
        self.events.append(event)
        if not isinstance(event, BringForward):
            self.has_asked.set()


def test_a_code_is_asked_and_given() -> None:
    async def go() -> None:
        room = Room()
        task = tasks.spawn(room.prompts.prompt_mfa(MFA))
        await room.asked()
        first, asked = room.events
        assert isinstance(first, BringForward)
        assert isinstance(asked, MfaAsked)
        assert asked.has_code
        room.prompts.show_again()
        assert room.events[-1] == asked
        assert await room.answer(AnswerMfa(prompt_id=asked.prompt_id, code="123456")) == Done()
        assert await task == "123456"
        assert room.prompts.codes_answered == {"/clusters/prod": 1}
        late = await room.answer(AnswerMfa(prompt_id=asked.prompt_id, code="1"))
        assert isinstance(late, Failed)

    asyncio.run(go())


def test_no_code_is_a_refusal() -> None:
    async def go() -> None:
        room = Room()
        task = tasks.spawn(room.prompts.prompt_mfa(MFA))
        await room.asked()
        await room.answer(AnswerMfa(prompt_id="prompt-1"))
        with pytest.raises(Dismissed):
            await task

    asyncio.run(go())


def test_the_daemon_may_take_its_question_back() -> None:
    async def go() -> None:
        room = Room()
        task = tasks.spawn(room.prompts.prompt_mfa(MFA))
        await room.asked()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert room.events[-1] == PromptWithdrawn(prompt_id="prompt-1")
        room.prompts.show_again()
        assert room.events[-1] == PromptWithdrawn(prompt_id="prompt-1")

    asyncio.run(go())


def test_the_demo_answers_by_itself() -> None:
    room = Room(auto_code="000111")
    assert asyncio.run(room.prompts.prompt_mfa(MFA)) == "000111"
    assert room.events == []


@pytest.mark.parametrize("is_done", [True, False])
def test_a_new_login(is_done: bool) -> None:
    async def go() -> None:
        room = Room()
        question = ReloginQuestion(cluster_uri="/clusters/prod", target_uri="orders")
        task = tasks.spawn(room.prompts.relogin(question))
        await room.asked()
        asked = room.events[-1]
        assert isinstance(asked, ReloginAsked)
        assert asked.reason == "psql waits for orders"
        await room.answer(AnswerRelogin(prompt_id=asked.prompt_id, is_done=is_done))
        if is_done:
            await task
        else:
            with pytest.raises(Dismissed):
                await task

    asyncio.run(go())


def test_a_headless_login_is_answered_by_a_call_of_its_own() -> None:
    async def go() -> None:
        room = Room()
        question = HeadlessQuestion(
            cluster_uri="/clusters/prod", request_id="r", client_ip="1.2.3.4"
        )
        task = tasks.spawn(room.prompts.headless(question))
        await room.asked()
        asked = room.events[-1]
        assert isinstance(asked, HeadlessAsked)
        assert asked.client_ip == "1.2.3.4"
        await room.answer(AnswerHeadless(prompt_id=asked.prompt_id, is_approved=True))
        await task
        assert room.headless == [("/clusters/prod", "r", True)]

    asyncio.run(go())


def test_hardware_keys() -> None:
    async def go() -> None:
        room = Room()
        task = tasks.spawn(room.prompts.key_new_pin(KeyQuestion(proxy_host="prod")))
        await room.asked()
        asked = room.events[-1]
        assert isinstance(asked, HardwareKeyAsked)
        assert (asked.kind, asked.cluster_uri) == ("pin_change", "/clusters/prod")
        await room.answer(
            AnswerHardwareKey(prompt_id=asked.prompt_id, pin="123456", puk="12345678")
        )
        assert await task == NewPin(pin="123456", puk="12345678", is_puk_changed=False)

    asyncio.run(go())

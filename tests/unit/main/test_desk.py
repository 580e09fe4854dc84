import asyncio
import errno

import pytest

from teleterm.bridge import framing
from teleterm.bridge.contract import (
    MAX_BODY_BYTES,
    AddCluster,
    Answer,
    Ask,
    AttachTerminal,
    CancelAsk,
    Done,
    Failed,
    Quit,
    Reply,
    TerminalOpened,
    Text,
)
from teleterm.main.desk import Desk, Handed, Refusal
from teleterm.model.errors import BadInput, Unreachable


class Window:
    """Hears what the desk answers."""

    def __init__(self) -> None:
        self.answers: asyncio.Queue[tuple[int, Reply, int]] = asyncio.Queue()
        self.desk = Desk(lambda *answer: self.answers.put_nowait(answer))

    async def ask(self, ask: Ask) -> tuple[int, Reply, int]:
        """Ask and wait."""
        self.desk.take(ask)
        return await asyncio.wait_for(self.answers.get(), 5)


async def done(request: Quit) -> Reply:
    return Done()


def test_each_kind_has_its_handler() -> None:
    async def go() -> None:
        window = Window()
        window.desk.on(Quit, done)

        async def attach(request: AttachTerminal) -> Handed:
            return Handed(TerminalOpened(terminal_id=request.terminal_id), 99)

        window.desk.on(AttachTerminal, attach)
        assert await window.ask(Ask(ask_id=4, body=Quit())) == (4, Done(), -1)
        assert await window.ask(Ask(ask_id=5, body=AttachTerminal(terminal_id="t"))) == (
            5,
            TerminalOpened(terminal_id="t"),
            99,
        )

    asyncio.run(go())


def test_failures_are_data(caplog: pytest.LogCaptureFixture) -> None:
    async def go() -> None:
        window = Window()

        async def add(request: AddCluster) -> Reply:
            match request.address:
                case "input":
                    raise BadInput("Enter an address.", field="address")
                case "missing":
                    raise Unreachable("psql was not found in PATH.", hint="Install it.")
                case "worded":
                    raise Refusal(Failed(code="denied", message="No."))
                case "disk":
                    raise OSError(errno.ENOSPC, "No space left on device", "/home/a/settings.json")
                case _:
                    raise RuntimeError("secret detail")

        window.desk.on(AddCluster, add)
        _, reply, _ = await window.ask(Ask(ask_id=1, body=AddCluster(address="input")))
        assert isinstance(reply, Failed)
        assert (reply.message, reply.field) == ("Enter an address.", "address")
        _, reply, _ = await window.ask(Ask(ask_id=4, body=AddCluster(address="missing")))
        assert isinstance(reply, Failed)
        assert (reply.message, reply.hint) == ("psql was not found in PATH.", "Install it.")
        assert reply.is_retryable
        _, reply, _ = await window.ask(Ask(ask_id=2, body=AddCluster(address="worded")))
        assert reply == Failed(code="denied", message="No.")
        _, reply, _ = await window.ask(Ask(ask_id=5, body=AddCluster(address="disk")))
        assert isinstance(reply, Failed)
        assert reply.message == "/home/a/settings.json: No space left on device."
        _, reply, _ = await window.ask(Ask(ask_id=3, body=AddCluster(address="bug")))
        assert isinstance(reply, Failed)
        assert "secret" not in reply.message + reply.details

    asyncio.run(go())
    assert "handler of AddCluster failed" in caplog.text


def test_an_answer_that_is_too_long_for_the_bridge_is_a_failure() -> None:
    async def go() -> None:
        answers: asyncio.Queue[Reply] = asyncio.Queue()

        def answer(_ask_id: int, reply: Reply, _descriptor: int) -> None:
            framing.pack(Answer(ask_id=1, body=reply))
            answers.put_nowait(reply)

        desk = Desk(answer)

        async def much(request: Quit) -> Reply:
            return Text(text="x" * MAX_BODY_BYTES)

        desk.on(Quit, much)
        desk.take(Ask(ask_id=1, body=Quit()))
        reply = await asyncio.wait_for(answers.get(), 5)
        assert isinstance(reply, Failed)
        assert reply.code == "limit"

    asyncio.run(go())


def test_a_request_can_be_cancelled() -> None:
    async def go() -> None:
        window = Window()
        has_begun = asyncio.Event()

        async def forever(request: AddCluster) -> Reply:
            has_begun.set()
            await asyncio.Event().wait()
            return Done()

        window.desk.on(AddCluster, forever)
        window.desk.take(Ask(ask_id=1, body=AddCluster(address="x")))
        await has_begun.wait()
        answer = await window.ask(Ask(ask_id=2, body=CancelAsk(target_id=1)))
        assert answer == (2, Done(), -1)
        number, reply, _ = await asyncio.wait_for(window.answers.get(), 5)
        assert number == 1
        assert isinstance(reply, Failed)
        assert reply.code == "cancelled"
        answer = await window.ask(Ask(ask_id=3, body=CancelAsk(target_id=77)))
        assert answer == (3, Done(), -1)

    asyncio.run(go())

"""Prompts at a terminal: a pty with nobody but the test at its other end."""

import asyncio
import io
import os
import sys
from collections.abc import Iterator

import pytest

from teleterm.client.prompts import MfaChallenge, TotpAnswer
from teleterm.model.errors import ErrorCode, Refused
from teleterm.tsh import prompts, terminal
from teleterm.tsh.prompts import TerminalPrompts

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")


class Keyboard:
    """Both ends of a pty."""

    ours: int
    theirs: int

    def __init__(self) -> None:
        if sys.platform != "win32":
            self.ours, self.theirs = os.openpty()

    def type(self, text: str) -> None:
        os.write(self.ours, text.encode())

    def echoes(self) -> bool:
        """Whether the terminal shows what is typed."""
        if sys.platform != "win32":
            import termios

            return bool(termios.tcgetattr(self.theirs)[3] & termios.ECHO)
        else:
            return False


@pytest.fixture
def keyboard() -> Iterator[Keyboard]:
    found = Keyboard()
    yield found
    os.close(found.ours)
    os.close(found.theirs)


async def ask_hidden(keyboard: Keyboard, text: str) -> str:
    asked = asyncio.ensure_future(terminal.hidden_line(keyboard.theirs))
    await asyncio.sleep(0)
    assert not keyboard.echoes()
    keyboard.type(text)
    return await asked


def test_a_hidden_line_is_read_and_not_shown(keyboard: Keyboard) -> None:
    assert asyncio.run(ask_hidden(keyboard, "sécret words \n")) == "sécret words "
    assert keyboard.echoes()


def test_keys_erase_what_was_typed(keyboard: Keyboard) -> None:
    assert asyncio.run(ask_hidden(keyboard, "wrong\x15right\n")) == "right"


def test_the_end_of_input_gives_up(keyboard: Keyboard) -> None:
    with pytest.raises(Refused) as caught:
        asyncio.run(ask_hidden(keyboard, "\x04"))
    assert caught.value.code is ErrorCode.CANCELLED


def test_questions_have_the_official_words(
    keyboard: Keyboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.StringIO()
    answers = TerminalPrompts(out=out)

    async def both() -> tuple[str, str]:
        keyboard.type("pass\n")
        password = await answers.password("alice")
        keyboard.type("123456\n")
        answer = await answers.mfa(MfaChallenge(cluster="c", totp=True))
        assert isinstance(answer, TotpAnswer)
        return password.reveal(), answer.code.reveal()

    with os.fdopen(os.dup(keyboard.theirs)) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert asyncio.run(both()) == ("pass", "123456")
    assert out.getvalue() == (
        "Enter password for Teleport user alice:\nEnter an OTP code from a device:\n"
    )
    assert answers.has_asked_mfa


def test_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("secret\n"))
    with pytest.raises(Refused) as caught:
        asyncio.run(TerminalPrompts(out=io.StringIO()).password("alice"))
    assert caught.value.message == prompts.NO_TERMINAL

"""Dead keys and the Compose key, without a display."""

from functools import partial

from teleterm.bridge.contract import (
    ComposeSequence,
    ComposeTable,
    Failed,
    GetComposeTable,
    Reply,
    Request,
)
from teleterm.bridge.window_end import OnReply
from teleterm.ui.compose import Composer

ACUTE = ComposeTable(
    sequences=(
        ComposeSequence(keys=("dead_acute", "a"), text="á"),
        ComposeSequence(keys=("dead_acute", "dead_acute"), text="´"),
        ComposeSequence(keys=("dead_acute", "dead_diaeresis", "u"), text="ǘ"),
    )
)


class Main:
    """Keeps what was asked until the test answers."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self._on_reply: list[OnReply | None] = []

    def ask(self, body: Request, on_reply: OnReply | None = None) -> int:
        self.asked.append(body)
        self._on_reply.append(on_reply)
        return len(self.asked)

    def answer(self, reply: Reply) -> None:
        on_reply = self._on_reply.pop(0)
        assert on_reply is not None
        on_reply(reply, -1)


class Typing:
    """A composer, somebody typing, and the text that came out."""

    def __init__(self) -> None:
        self.main = Main()
        self.composer = Composer(self.main)
        self.text = ""

    def _commit(self, text: str) -> None:
        self.text += text

    def press(self, keysym: str, character: str = "", state: int = 0) -> bool:
        alone = partial(self._commit, f"<{keysym}>") if character < " " else None
        return self.composer.take(keysym, character, state, self._commit, alone)


def test_a_key_outside_a_sequence_is_left_alone() -> None:
    typing = Typing()

    assert not typing.press("a", "a")
    assert typing.main.asked == []


def test_keys_typed_before_mains_answer_are_kept_in_order() -> None:
    typing = Typing()

    assert typing.press("dead_acute")
    assert typing.press("a", "a")
    assert typing.press("b", "b")
    assert typing.text == ""
    typing.main.answer(ACUTE)

    assert typing.main.asked == [GetComposeTable(first="dead_acute")]
    assert typing.text == "áb"


def test_enter_typed_before_mains_answer_is_not_lost() -> None:
    typing = Typing()

    for keysym, character in (("dead_acute", ""), ("a", "a"), ("Return", "\r"), ("b", "b")):
        assert typing.press(keysym, character)
    typing.main.answer(ACUTE)

    assert typing.text == "á<Return>b"


def test_a_second_sequence_before_mains_answer_waits_for_a_table_of_its_own() -> None:
    typing = Typing()

    for keysym, character in (
        ("dead_acute", ""), ("a", "a"), ("Multi_key", ""), ("o", "o"), ("c", "c"), ("x", "x"),
    ):  # fmt: skip
        assert typing.press(keysym, character)
    typing.main.answer(ACUTE)
    assert typing.text == "á"
    assert typing.press("y", "y")
    sequence = ComposeSequence(keys=("Multi_key", "o", "c"), text="©")
    typing.main.answer(ComposeTable(sequences=(sequence,)))

    assert typing.text == "á©xy"


def test_a_shortcut_before_mains_answer_keeps_its_place_and_ends_a_sequence() -> None:
    typing = Typing()
    typing.press("dead_acute")
    assert typing.press("c", "\x03", state=4)
    assert typing.press("a", "a")
    typing.main.answer(ACUTE)

    assert typing.text == "<c>a"


def test_the_table_is_asked_for_once_and_shift_does_not_end_a_sequence() -> None:
    typing = Typing()
    typing.press("dead_acute")
    typing.main.answer(ACUTE)

    assert typing.press("Shift_L")
    assert typing.press("dead_diaeresis")
    assert typing.press("u", "u")
    assert typing.press("dead_acute")
    assert typing.press("dead_acute")

    assert typing.text == "ǘ´"
    assert len(typing.main.asked) == 1


def test_a_sequence_nobody_knows_is_swallowed_and_the_next_key_is_free() -> None:
    typing = Typing()
    typing.press("dead_acute")
    typing.main.answer(ACUTE)

    assert typing.press("x", "x")
    assert not typing.press("x", "x")
    assert typing.text == ""


def test_a_shortcut_ends_a_sequence_and_belongs_to_the_program() -> None:
    typing = Typing()
    typing.press("dead_acute")
    typing.main.answer(ACUTE)

    assert not typing.press("dead_grave", "", state=4)
    assert not typing.press("a", "a")


def test_without_a_table_a_dead_key_does_nothing() -> None:
    typing = Typing()
    typing.press("dead_acute")
    typing.main.answer(Failed(code="internal", message="no"))

    assert not typing.press("a", "a")


def test_an_answer_after_the_keyboard_left_puts_no_text_anywhere() -> None:
    typing = Typing()
    typing.press("dead_acute")
    typing.press("a", "a")
    typing.composer.forget()
    typing.main.answer(ACUTE)

    assert typing.text == ""

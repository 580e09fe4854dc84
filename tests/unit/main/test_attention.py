"""What the desktop is told, and how often."""

import asyncio
from collections.abc import Sequence

from teleterm.bridge.contract import TellDesktop
from teleterm.main.attention import PAUSE_S, Attention, arguments


def test_a_name_is_text_there_and_never_an_option() -> None:
    argv = arguments(TellDesktop(kind="command", name="<b>\x1b]0;x\x07 --help"))
    assert argv[argv.index("--") + 1] == "A long command has ended"
    assert argv[-1] == "&lt;b&gt;?]0;x? --help"
    assert len(arguments(TellDesktop(kind="factor", name="a" * 5000))[-1]) < 200


def test_one_notice_in_a_while_and_none_when_off() -> None:
    sent: list[Sequence[str]] = []
    times = iter((0.0, PAUSE_S / 2, PAUSE_S, 2 * PAUSE_S))
    is_on = iter((True, True, True, False))

    async def send(argv: Sequence[str], /) -> None:
        sent.append(argv)

    attention = Attention(lambda: next(is_on), send, lambda: next(times))
    for name in ("one", "too soon", "two", "off"):
        asyncio.run(attention.tell(TellDesktop(kind="transfer", name=name)))
    assert [argv[-1] for argv in sent] == ["one", "two"]

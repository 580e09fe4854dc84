"""What the terminal answers."""

import pytest

from teleterm.terminal.engine import Engine, Theme

# name, bytes, reply
CASES = [
    ("DA1", b"\x1b[c", b"\x1b[?65;1;2;6;9;15;16;17;18;21;22;28;29c"),
    ("DA2", b"\x1b[>c", b"\x1b[>64;400;0c"),
    ("DA3", b"\x1b[=c", b"\x1bP!|00000000\x1b\\"),
    ("DECID", b"\x1bZ", b"\x1b[?65;1;2;6;9;15;16;17;18;21;22;28;29c"),
    ("status", b"\x1b[5n", b"\x1b[0n"),
    ("CPR", b"ab\x1b[6n", b"\x1b[1;3R"),
    ("CPR while a wrap is due", b"x" * 10 + b"\x1b[6n", b"\x1b[1;10R"),
    ("CPR in origin mode", b"\x1b[2;3r\x1b[?6h\x1b[6n", b"\x1b[1;1R"),
    ("DECXCPR", b"\x1b[?6n", b"\x1b[?1;1;1R"),
    ("no printer", b"\x1b[?15n", b"\x1b[?13n"),
    ("colour scheme", b"\x1b[?996n", b"\x1b[?997;1n"),
    ("DECRQM set", b"\x1b[?7$p", b"\x1b[?7;1$y"),
    ("DECRQM reset", b"\x1b[?2004$p", b"\x1b[?2004;2$y"),
    ("DECRQM unknown", b"\x1b[?12345$p", b"\x1b[?12345;0$y"),
    ("DECRQM of ANSI", b"\x1b[4h\x1b[4$p", b"\x1b[4;1$y"),
    (
        "DECRQSS SGR",
        b"\x1b[1;4:3;31;48:5:200m\x1bP$qm\x1b\\",
        b"\x1bP1$r0;1;4:3;31;48:5:200m\x1b\\",
    ),
    ("DECRQSS margins", b"\x1b[2;3r\x1bP$qr\x1b\\", b"\x1bP1$r2;3r\x1b\\"),
    ("DECRQSS cursor", b"\x1b[5 q\x1bP$q q\x1b\\", b"\x1bP1$r5 q\x1b\\"),
    ("DECRQSS unknown", b"\x1bP$qz\x1b\\", b"\x1bP0$r\x1b\\"),
    ("XTGETTCAP", b"\x1bP+q436f\x1b\\", b"\x1bP1+r436F=323536\x1b\\"),
    ("XTGETTCAP unknown", b"\x1bP+q7878\x1b\\", b"\x1bP0+r\x1b\\"),
    ("colour query", b"\x1b]4;1;?\x07", b"\x1b]4;1;rgb:cdcd/0000/0000\x07"),
    (
        "changed colour",
        b"\x1b]4;1;#123456\x1b\\\x1b]4;1;?\x1b\\",
        b"\x1b]4;1;rgb:1212/3434/5656\x1b\\",
    ),
    (
        "foreground and background",
        b"\x1b]10;?;?\x07",
        b"\x1b]10;rgb:eeee/eeee/eeee\x07\x1b]11;rgb:1111/1111/1111\x07",
    ),
    (
        "colour reset",
        b"\x1b]11;red\x07\x1b]111\x07\x1b]11;?\x07",
        b"\x1b]11;rgb:1111/1111/1111\x07",
    ),
    (
        "colours put aside",
        b"\x1b[#P\x1b]4;1;#123456\x07\x1b[#Q\x1b]4;1;?\x07\x1b[#R",
        b"\x1b]4;1;rgb:cdcd/0000/0000\x07\x1b[?0;1#Q",
    ),
    (
        "colours in a slot",
        b"\x1b[5#P\x1b[#R\x1b[11#P\x1b[#Q\x1b[#Q\x1b[#R",
        b"\x1b[?5;0#Q\x1b[?4;0#Q",
    ),
    ("kitty flags", b"\x1b[>5u\x1b[?u\x1b[<u\x1b[?u", b"\x1b[?5u\x1b[?0u"),
    ("kitty flags are per screen", b"\x1b[>5u\x1b[?1049h\x1b[?u", b"\x1b[?0u"),
    ("modifyOtherKeys", b"\x1b[>4;2m\x1b[?4m", b"\x1b[>4;2m"),
    ("tab stops", b"\x1b[2$w", b"\x1bP2$u9\x1b\\"),
    ("8-bit answers", b"\x1b G\x1b[5n", b"\x9b0n"),
    ("XTVERSION", b"\x1b[>q", b"\x1bP>|teleterm\x1b\\"),
    # never answered
    ("title report", b"\x1b]2;evil\x07\x1b[21t\x1b[20t", b""),
    ("clipboard read", b"\x1b]52;c;?\x07", b""),
    ("size report", b"\x1b[18t", b""),
    ("checksum", b"\x1b[1;1;1;1;1;1*y", b""),
    ("answerback", b"\x05", b""),
]


@pytest.mark.parametrize(
    ("data", "reply"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_reply_to(data: bytes, reply: bytes) -> None:
    engine = Engine(10, 4, theme=Theme(foreground=0xEEEEEE, background=0x111111))
    engine.feed(data)
    assert engine.take_replies() == reply
    assert engine.take_replies() == b""


def test_size_and_checksum_are_told_where_allowed() -> None:
    engine = Engine(80, 24, replies_window_ops=True, answers_checksums=True)
    engine.feed(b"ab\x1b[18t\x1b[7;1;1;1;1;2*y")
    assert engine.take_replies() == b"\x1b[8;24;80t\x1bP7!~FF3D\x1b\\"


def test_programs_resize_only_where_allowed() -> None:
    closed, open_ = Engine(80, 24), Engine(80, 24, replies_window_ops=True)
    for engine in (closed, open_):
        engine.feed(b"\x1b[8;30;100t")
    assert (closed.cols, closed.rows) == (80, 24)
    assert (open_.cols, open_.rows) == (100, 30)


def test_answers_do_not_grow_without_bound() -> None:
    engine = Engine(80, 24)
    engine.feed(b"\x1b[c" * 200_000)
    assert len(engine.take_replies()) < 2 << 20

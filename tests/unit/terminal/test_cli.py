"""The command lines: `feed` and `keys` in this process, their output to the letter."""

import io
import json
import sys
from pathlib import Path

import pytest

from teleterm.terminal.__main__ import main


class _Standard(io.TextIOWrapper):
    """Standard input or output that keeps bytes."""

    def __init__(self, data: bytes = b"") -> None:
        super().__init__(io.BytesIO(data), encoding="utf-8", write_through=True)

    def taken(self) -> bytes:
        self.seek(0)
        return bytes(self.buffer.read())


def run(monkeypatch: pytest.MonkeyPatch, arguments: list[str], data: bytes) -> tuple[int, str]:
    output = _Standard()
    monkeypatch.setattr(sys, "stdin", _Standard(data))
    monkeypatch.setattr(sys, "stdout", output)
    status = main(arguments)
    return status, output.taken().decode()


def test_feed_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    replies = tmp_path / "replies"
    arguments = ["feed", "--cols", "5", "--rows", "3", "--replies", str(replies)]
    assert run(monkeypatch, arguments, b"ab \r\ncd\x1b[6n") == (0, "ab\ncd\n\n")
    assert replies.read_bytes() == b"\x1b[2;3R"


def test_feed_json(monkeypatch: pytest.MonkeyPatch) -> None:
    data = "x\r\n\x1b]2;t\x07\x1b[1;4;31;48;2;1;2;3m漢\x1b[m\x1b[38;5;200my\x1b[?25l".encode()
    arguments = ["feed", "--cols", "4", "--rows", "1", "--format", "json"]
    status, output = run(monkeypatch, arguments, data)
    found = json.loads(output)
    assert status == 0
    assert list(found) == ["cols", "cursor", "title", "alternate", "modes", "rows", "scrollback"]
    assert found["cursor"] == {"x": 3, "y": 0, "visible": False}
    assert (found["title"], found["alternate"], found["modes"]) == ("t", False, ["autowrap"])
    assert found["rows"] == [
        {
            "text": "漢y",
            "wrapped": False,
            "cells": [
                ["漢", 2, 1, "#010203", ["bold", "underline"]],
                ["", 0, 1, "#010203", ["bold", "underline"]],
                ["y", 1, 200, None, []],
                [" ", 1, None, None, []],
            ],
        }
    ]
    assert [row["text"] for row in found["scrollback"]] == ["x"]


def test_feed_resizes_at_an_offset(monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["feed", "--cols", "4", "--rows", "2", "--resize", "6:6x2", "--resize", "8:3x3"]
    assert run(monkeypatch, arguments, b"abcdefgh") == (0, "abc\ndef\ngh\n")


@pytest.mark.parametrize(
    "arguments",
    [["--cols", "0"], ["--rows", "x"], ["--resize", "5:0x3"], ["--scrollback", "-1"], ["--what"]],
)
def test_feed_refuses_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        run(monkeypatch, ["feed", *arguments], b"")
    assert left.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_feed_says_when_replies_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "none" / "replies"
    assert run(monkeypatch, ["feed", "--replies", str(path)], b"x")[0] == 2
    assert capsys.readouterr().err.startswith("Can't write the replies")


def test_feed_timing_is_the_last_line_on_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, ["feed", "--timing"], b"x" * 1000)
    measured = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert list(measured) == ["bytes", "wall", "cpu", "rss_kb"]
    assert measured["bytes"] == 1000


def test_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        '{"key": "Up", "mods": [], "modes": ["app_cursor"]}',
        '{"key": "a", "mods": "Ctrl+Shift", "modes": {"kitty": 1}}',
        '{"key": "Tab", "mods": ["shift"], "modes": []}',
        '{"key": "a", "mods": ["ctrl"], "modes": ["modifyOtherKeys=2"]}',
        '{"key": "Up", "mods": [], "modes": [1]}',
        '{"key": "1", "mods": ["ctrl"], "modes": ["modify_other_keys_1"]}',
    ]
    expected = ["1b4f41", "1b5b39373b3675", "1b5b5a", "1b5b32373b353b39377e", "1b4f41"]
    expected.append("1b5b32373b353b34397e")
    status, output = run(monkeypatch, ["keys"], "\n".join(lines).encode())
    assert (status, output.split()) == (0, expected)


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        "[]",
        '{"key": "a", "mods": 5}',
        '{"key": "a", "modes": 7}',
        '{"key": "a", "mods": ["hyperctrl"]}',
    ],
)
def test_keys_says_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    assert run(monkeypatch, ["keys"], line.encode())[0] == 2
    assert capsys.readouterr().err.startswith("Line 1: ")


def test_bad_resize_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run(monkeypatch, ["feed", "--resize", "80x24"], b"")
    assert "OFFSET:COLSxROWS" in capsys.readouterr().err

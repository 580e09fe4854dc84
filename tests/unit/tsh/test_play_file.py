"""`tsh play` of a recording in a file, as a Teleport 18.3 node wrote it; no cluster is needed."""

import json
from pathlib import Path

import pytest

from teleterm.tsh.__main__ import main

RECORDED = str(Path(__file__).resolve().parents[2] / "recorded" / "session.tar")
KINDS = ["session.start", "print", "print", "session.end", "session.leave"]


def test_what_was_on_the_screen(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["play", "--format=text", RECORDED]) == 0
    assert capfdbinary.readouterr().out == b"one\r\ntwo\r\n"


def test_it_plays(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["play", RECORDED]) == 0
    shown = capfdbinary.readouterr().out
    assert shown.startswith(b"\x1b[2J")
    assert shown.endswith(b"\x1b[8;20;70tone\r\ntwo\r\n")


def test_a_line_of_json_for_each_event(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["play", "--format=json", RECORDED]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["event"] for line in lines] == KINDS
    assert '"uid":"' in lines[0], "in files the official program leaves it"


def test_a_document_of_yaml_for_each_event(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["play", "--format=yaml", RECORDED]) == 0
    documents = capsys.readouterr().out.split("---\n")[1:]
    assert [f"event: {kind}\n" in one for one, kind in zip(documents, KINDS, strict=True)] == (
        [True] * 5
    )


@pytest.mark.parametrize("format_name", ["pty", "json"])
def test_files_that_cannot_be_played(
    format_name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.tar"
    other.write_bytes(b"x" * 600)
    assert main(["play", "-f", format_name, str(tmp_path / "none.tar")]) == 1
    assert main(["play", "-f", format_name, str(other)]) == 1
    told = capsys.readouterr().err
    assert "none.tar: no such file or directory" in told
    assert "This file is no recording of a session." in told

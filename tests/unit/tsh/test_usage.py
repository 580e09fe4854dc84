"""Help texts, and what a wrong command line prints."""

import pytest

from teleterm.tsh import usage
from teleterm.tsh.__main__ import main
from teleterm.tsh.catalogue import COMMANDS, GRAMMAR


def test_every_shown_command_is_in_the_overview() -> None:
    overview = usage.of_program(GRAMMAR).partition("Commands:\n")[2]
    listed = {line[2:].partition("  ")[0].strip() for line in overview.splitlines()}
    for command in COMMANDS:
        starts = any(line.startswith(command.name) for line in listed)
        assert starts or command.hidden or not command.module, command.name
        assert not (command.hidden and starts), command.name


def test_flags_of_a_command_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", "ls"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("usage: tsh ls [<flags>] [<labels>]\n")
    for flag in ("-c, --cluster", "-R, --[no-]all", "    --search", "-l, --login"):
        assert flag in text
    assert all(len(line) <= 80 for line in text.splitlines() if "escape" not in line)


def test_a_wrong_line_ends_with_the_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ls", "--bogus"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("tsh: error: unknown long flag '--bogus'\nusage: tsh ls")
    assert shown.err.endswith("\n\x1b[31mERROR: \x1b[0munknown long flag '--bogus'\n\n")


def test_no_words_show_the_overview(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert capsys.readouterr().err.startswith("Usage: tsh [<flags>] <command>")


def test_help_is_a_flag_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "connect", "--help"]) == 0
    assert "usage: tsh db connect [<flags>] [<db>]" in capsys.readouterr().out

"""Command lines as people and scripts type them."""

import pytest

from teleterm.tsh.catalogue import COMMANDS, GLOBAL_FLAGS, GRAMMAR
from teleterm.tsh.grammar import Parsed, UsageError


def parse(line: str, **environ: str) -> Parsed:
    return GRAMMAR.parse(line.split(), environ)


def refused(line: str) -> UsageError:
    with pytest.raises(UsageError) as caught:
        parse(line)
    return caught.value


def test_no_words_give_the_root() -> None:
    assert parse("").command.path == ()


def test_flags_stand_before_and_behind_the_command() -> None:
    for line in ("--proxy=a:1 ls -v", "ls --proxy a:1 -v", "ls -v env=prod --proxy=a:1"):
        parsed = parse(line)
        assert parsed.command.path == ("ls",)
        assert parsed.text("proxy") == "a:1"
        assert parsed.is_on("verbose")


def test_short_flags_are_joined_and_take_values() -> None:
    parsed = parse("ls -vfjson -cleaf")
    assert parsed.is_on("verbose")
    assert parsed.text("format") == "json"
    assert parsed.text("cluster") == "leaf"


def test_a_switch_is_turned_off() -> None:
    assert parse("ssh host").is_on("relogin")
    assert not parse("ssh --no-relogin host").is_on("relogin")
    assert parse("ssh --no-resume host").is_on("no-resume")
    assert not parse("--no-insecure ls").is_on("insecure")


def test_variables_stand_in_for_flags() -> None:
    parsed = parse("ls", TELEPORT_PROXY="env:1", TELEPORT_USER="bob", TELEPORT_DEBUG="1")
    assert parsed.text("proxy") == "env:1"
    assert parsed.text("user") == "bob"
    assert parsed.is_on("debug")
    assert parse("ls --proxy=typed:2", TELEPORT_PROXY="env:1").text("proxy") == "typed:2"


def test_everything_behind_the_host_is_the_command() -> None:
    parsed = parse("ssh -A root@web-1 ls -la --color /tmp")
    assert parsed.text("[user@]host") == "root@web-1"
    assert parsed.many("command") == ["ls", "-la", "--color", "/tmp"]
    assert parsed.is_on("forward-agent")


@pytest.mark.parametrize("line", ["ssh root@web-1 -- ls -l", "ssh -- root@web-1 ls -l"])
def test_two_dashes_may_part_host_and_command(line: str) -> None:
    parsed = parse(line)
    assert parsed.text("[user@]host") == "root@web-1"
    assert parsed.many("command") == ["ls", "-l"]


def test_later_dashes_belong_to_the_command() -> None:
    assert parse("ssh web-1 echo -- hi").many("command") == ["echo", "--", "hi"]


def test_lists_keep_every_value() -> None:
    parsed = parse("ssh -L 1:a:2 -L 3:b:4 -o A=1 -oB=2 -D9 web-1")
    assert parsed.many("forward") == ["1:a:2", "3:b:4"]
    assert parsed.many("option") == ["A=1", "B=2"]
    assert parsed.many("dynamic-forward") == ["9"]


def test_global_flags_follow_the_daemon() -> None:
    parsed = parse("daemon start --debug --addr=unix:///s --certs-dir=/c --add-keys-to-agent=no")
    assert parsed.command.module == "daemon_start"
    assert parsed.is_on("debug")
    assert parsed.text("addr") == "unix:///s"
    assert parsed.text("add-keys-to-agent") == "no"


@pytest.mark.parametrize(
    ("line", "message", "announced"),
    [
        ("ls --bogus", "unknown long flag '--bogus'", True),
        ("ls -vZ", "unknown short flag '-Z'", True),
        ("-v ls", "unknown short flag '-v'", True),
        ("login --proxy", "expected argument for flag '--proxy'", True),
        ("ls -c -v", "expected argument for flag '-c'", True),
        ("bogus", 'expected command but got "bogus"', True),
        ("db bogus", 'expected command but got "bogus"', True),
        ("ls a=1 b", "unexpected b", True),
        ("ls --search=a --search=b", "flag 'search' cannot be repeated", True),
        ("db", "must select a subcommand of 'db'", False),
        ("scp", "required argument 'from, to' not provided", False),
        ("ls -f bogus", "enum value must be one of text,json,yaml,names, got 'bogus'", False),
        ("ssh -p abc h", 'strconv.ParseInt: parsing "abc": invalid syntax', False),
        (
            "ssh -p 2147483648 h",
            'strconv.ParseInt: parsing "2147483648": value out of range',
            False,
        ),
    ],
)
def test_wrong_lines_are_named(line: str, message: str, announced: bool) -> None:
    error = refused(line)
    assert (error.message, error.announced) == (message, announced)


def test_no_command_has_a_flag_twice() -> None:
    for command in COMMANDS:
        names = [flag.name for flag in command.flags]
        shorts = [flag.short for flag in command.flags if flag.short]
        assert len(set(names)) == len(names), command.name
        assert len(set(shorts)) == len(shorts), command.name
    names = [flag.name for flag in GLOBAL_FLAGS]
    assert len(set(names)) == len(names)

"""Redis's messages as bytes."""

from teleterm.demo.databases import resp


def test_commands_are_lists_of_counted_texts() -> None:
    assert resp.encode_command("AUTH", "é") == b"*2\r\n$4\r\nAUTH\r\n$2\r\n\xc3\xa9\r\n"


def test_errors_stay_on_one_line() -> None:
    assert resp.encode_error("no\r\n+OK  really") == b"-ERR no +OK really\r\n"

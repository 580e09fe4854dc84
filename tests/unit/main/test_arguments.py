import pytest

from teleterm.main.arguments import Arguments, parse
from teleterm.model.errors import BadInput


@pytest.mark.parametrize(
    ("argv", "found"),
    [
        ([], Arguments()),
        (["--demo"], Arguments(action="demo")),
        (["--status"], Arguments(action="status")),
        (["ssh", "root@node1"], Arguments(line="ssh root@node1")),
        (["teleport://prod/vnet"], Arguments(line="teleport://prod/vnet")),
        (["link", "teleport://prod/vnet"], Arguments(line="teleport://prod/vnet")),
        (["--lock-fd", "7"], Arguments(lock_fd=7)),
    ],
)
def test_command_lines(argv: list[str], found: Arguments) -> None:
    assert parse(argv) == found


@pytest.mark.parametrize(
    "argv", [["--nonsense"], ["ssh"], ["ssh", "-oX"], ["ssh", "a", "b"], ["teleport://"], ["x"]]
)
def test_unknown_ones_are_refused_by_name(argv: list[str]) -> None:
    with pytest.raises(BadInput):
        parse(argv)


@pytest.mark.parametrize("argv", [["ssh"], ["ssh", "a", "uptime"]])
def test_how_to_say_where_is_told(argv: list[str]) -> None:
    with pytest.raises(BadInput, match="teleterm ssh user@host"):
        parse(argv)

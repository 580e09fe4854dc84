import os
import subprocess
import sys

import pytest

HAS_WARM = sys.platform == "linux"
if not HAS_WARM:
    pytest.skip("commands are handed over on Linux only", allow_module_level=True)
assert sys.platform == "linux"

from teleterm.tsh.warm import front  # noqa: E402 - Linux only


@pytest.mark.parametrize(
    ("line", "fits"),
    [
        ("ls", True),
        ("--proxy=root ls -v", True),
        ("--proxy root ls", True),
        ("ssh alice@web true", True),
        ("ssh web -- psql -f x", False),
        ("kube credentials --proxy=x", True),
        ("kube ls", True),
        ("kube login x", False),
        ("ssh --local web id", False),
        ("login", False),
        ("db connect pg", False),
        ("daemon start", False),
        ("", False),
        ("--debug", False),
        ("--proxy ls db connect", False),
    ],
)
def test_only_commands_without_programs_of_their_own_are_handed_over(line: str, fits: bool) -> None:
    assert front.suits(line.split()) is fits


@pytest.mark.parametrize("name", ["LD_PRELOAD", "OPENSSL_CONF", "PYTHONSTARTUP"])
def test_what_acts_on_a_program_keeps_it_here(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for unwanted in [n for n in os.environ if n.startswith(("PYTHON", "LD_", "TCL", "TK_"))]:
        monkeypatch.delenv(unwanted)
    assert front.is_plain(os.environ)
    monkeypatch.setenv(name, "x")
    assert not front.is_plain(os.environ)


def test_it_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(front.SWITCH, "off")
    assert not front.is_plain(os.environ)


def test_a_front_loads_little() -> None:
    script = (
        "import sys; before = set(sys.modules); from teleterm.tsh.warm import front;"
        " print(*(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert "teleterm.tsh.warm.front" in done.stdout.split()
    heavy = {"asyncio", "dataclasses", "inspect", "json", "pathlib", "re", "ssl", "subprocess"}
    assert not heavy & set(done.stdout.split())

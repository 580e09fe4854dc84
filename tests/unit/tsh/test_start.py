"""What a command loads before it does anything."""

import subprocess
import sys

import pytest

HEAVY = {"asyncio", "asyncssh", "cryptography", "google", "grpc", "httpx", "msgspec", "ssl", "yaml"}
SCRIPT = """
import sys
from teleterm.tsh.__main__ import main
main(sys.argv[1:])
sys.stderr.write(" ".join({name.partition(".")[0] for name in sys.modules}))
"""


def loaded(*words: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *words], capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


@pytest.mark.parametrize(
    "words", [["version", "--client"], ["help"], ["help", "ssh"]], ids=" ".join
)
def test_light_commands_load_little(words: list[str]) -> None:
    assert not loaded(*words) & HEAVY

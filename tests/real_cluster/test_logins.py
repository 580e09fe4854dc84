"""Logins with a security key in software against a real cluster; by hand, like its neighbour."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from tests.real_cluster.test_real_cluster import OURS, ROOT, TIMEOUT_S, Login, told
from tests.support.login import code

pytestmark = [
    pytest.mark.real_cluster,
    pytest.mark.skipif("REAL_CLUSTER_PROXY" not in os.environ, reason="no real cluster is named"),
]
PIN = "1234"


class KeyOwner(Login):
    """Somebody with a security key, registered while the tests run."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.program = [
            sys.executable,
            str(ROOT / "tests" / "support" / "tsh_with_key.py"),
            str(home.parent / "key"),
            PIN,
        ]

    def talk(self, words: list[str], answers: dict[str, str]) -> str:
        """Run our tsh with the key in a pty, and answer its questions; gives what it printed."""
        argv = [*self.program, *words]
        child = pexpect.spawn(argv[0], argv[1:], env=self.env, timeout=TIMEOUT_S, encoding="utf-8")
        printed = ""
        questions = list(answers)
        while True:
            found = child.expect([*questions, pexpect.EOF])
            printed += str(child.before) + (str(child.after) if found < len(answers) else "")
            if found == len(answers):
                break
            child.sendline(answers[questions[found]])
        child.close()
        assert child.exitstatus == 0, printed
        return printed

    def login_words(self, *more: str) -> list[str]:
        """The start of a login's command line."""
        return ["login", f"--proxy={told('PROXY')}", *more]


@pytest.fixture(scope="module")
def owner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeyOwner]:
    """Its key is there for the tests, and removed behind them."""
    found = KeyOwner(tmp_path_factory.mktemp("key") / "home")
    found.log_in(OURS)
    found.next_code(code(told("TOTP_SECRET")))
    name = f"soft-{os.getpid()}"
    words = ["mfa", "add", f"--name={name}", "--type=WEBAUTHN", "--allow-passwordless"]
    fresh = code(told("TOTP_SECRET"))
    said = found.talk(words, {"OTP code from a device": fresh, "PIN:": PIN})
    assert f'MFA device "{name}" added.' in said
    yield found
    assert "removed" in found.talk(["mfa", "rm", name], {})
    found.run(OURS, "logout")


def test_devices(owner: KeyOwner) -> None:
    for words in (["mfa", "ls", "-f", "json"], ["mfa", "ls", "-f", "yaml"], ["mfa", "ls", "-v"]):
        theirs = owner.run([told("OFFICIAL_TSH")], *words)
        assert owner.run(OURS, *words).stdout == theirs.stdout


def test_password_and_key(owner: KeyOwner) -> None:
    owner.run(OURS, "logout")
    words = owner.login_words(f"--user={told('USER')}")
    said = owner.talk(words, {"Enter password": told("PASSWORD")})
    assert "Tap any security key or enter a code from a OTP device" in said
    assert "Detected security key tap" in said


def test_without_password(owner: KeyOwner) -> None:
    owner.run(OURS, "logout")
    said = owner.talk(owner.login_words("--auth=passwordless"), {"PIN:": PIN})
    assert f"Logged in as:       {told('USER')}" in said


def test_headless(owner: KeyOwner, tmp_path: Path) -> None:
    home = tmp_path / "elsewhere"
    home.mkdir()
    words = [
        "--headless",
        f"--proxy={told('PROXY')}",
        f"--user={told('USER')}",
        "ls",
        "-f",
        "names",
    ]
    with subprocess.Popen(
        [*OURS, *words],
        env=owner.env | {"TELEPORT_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as waiting:
        assert waiting.stderr is not None
        line = next(line for line in waiting.stderr if line.startswith("tsh headless approve"))
        ident = line.split()[-1]
        owner.talk(["headless", "approve", ident], {"Approve": "y"})
        out, _ = waiting.communicate(timeout=TIMEOUT_S)
        assert waiting.returncode == 0
    assert told("NODE") in out.splitlines()
    assert list(home.iterdir()) == []


def test_identity_file(owner: KeyOwner, tmp_path: Path) -> None:
    file = tmp_path / "identity"
    words = owner.login_words("--auth=local", f"--user={told('USER')}", f"--out={file}")
    owner.talk(words, {"Enter password": told("PASSWORD")})
    home = tmp_path / "empty"
    home.mkdir()
    words = ["-i", str(file), f"--proxy={told('PROXY')}", "ls"]
    ours = owner.run(OURS, *words, TELEPORT_HOME=str(home))
    theirs = owner.run([told("OFFICIAL_TSH")], *words, TELEPORT_HOME=str(home))
    assert (ours.stdout, ours.returncode) == (theirs.stdout, 0)
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(home.iterdir()) == []

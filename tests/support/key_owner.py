"""Security keys in software that the demo knows from its start, and our tsh that has one."""

import base64
import os
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pexpect
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor

from tests.support.demo_process import ROOT
from tests.support.software_device import Credential, Memory

PIN = "1234"
RP_ID = "localhost"
TALK_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeKey:
    """A key: its memory, and the file that tells the demo of it."""

    memory: Path
    told: Path

    @property
    def demo_words(self) -> list[str]:
        """What the demo's command line needs."""
        return ["--user-key", str(self.told)]

    @property
    def tsh(self) -> list[str]:
        """Our tsh with the key plugged in."""
        program = ROOT / "tests" / "support" / "tsh_with_key.py"
        return [sys.executable, str(program), str(self.memory), PIN]


def as_program(key: MadeKey, folder: Path, finger: Path | None = None) -> Path:
    """Our tsh with the key as one program, for a window's setting `tsh.path`."""
    waits = f"SOFTWARE_KEY_FINGER={shlex.quote(str(finger))} " if finger else ""
    path = folder / "tsh"
    words = shlex.join(key.tsh)
    head = f"#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} {waits}"
    path.write_text(f'{head}exec {words} "$@"\n', encoding="utf-8")
    path.chmod(0o700)
    return path


def made_key(folder: Path, user: str, *others: str, name: str = "soft") -> MadeKey:
    """Make a key of `user`, good for logins without password too; `others` have it besides."""
    folder.mkdir(parents=True, exist_ok=True)
    credentials: list[Credential] = []
    told = folder / f"{user}.json"
    for owner in (user, *others):
        private = ec.generate_private_key(ec.SECP256R1())
        made = Credential(
            ident=os.urandom(32),
            rp_id=RP_ID,
            private_pem=private.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
            user_id=os.urandom(16),
            user_name=owner,
            is_resident=True,
        )
        credentials.append(made)
        numbers = private.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        facts = {
            "user": owner,
            "name": name,
            "credential_id": _b64(made.ident),
            "public_key": _b64(cbor.encode({1: 2, 3: -7, -1: 1, -2: x, -3: y})),
            "user_id": _b64(made.user_id),
        }
        (folder / f"{owner}.json").write_bytes(msgspec.json.encode(facts))
    memory = folder / "memory"
    memory.write_bytes(msgspec.msgpack.encode(Memory(credentials=credentials)))
    return MadeKey(memory=memory, told=told)


def talk(
    argv: list[str], env: Mapping[str, str], answers: Mapping[str, str], *, status: int = 0
) -> str:
    """Run a program in a pty and answer its questions; gives what it printed.

    Raises: AssertionError when it ends with another status.
    """
    child = pexpect.spawn(
        argv[0], argv[1:], env=dict(env), timeout=TALK_S, encoding="utf-8", cwd=str(ROOT)
    )
    printed = ""
    questions = list(answers)
    while True:
        found = child.expect([*questions, pexpect.EOF])
        printed += str(child.before) + (str(child.after) if found < len(answers) else "")
        if found == len(answers):
            break
        child.sendline(answers[questions[found]])
    child.close()
    assert child.exitstatus == status, printed
    return printed


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()

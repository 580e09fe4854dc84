"""Log in as a person does at a terminal: a pty, the prompts, a code that works once."""

import base64
import hashlib
import hmac
import os
import re
import struct
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

import msgspec
import pexpect

from tests.support.demo_process import ROOT, Ready

STEP_S = 30


def code(secret: str, at: float | None = None) -> str:
    """The six digits an authenticator app shows for `secret` at a time (RFC 6238, SHA-1, 30 s)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8), casefold=True)
    counter = struct.pack(">Q", int(time.time() if at is None else at) // STEP_S)
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def next_code(secret: str, used: str) -> str:
    """A code other than the one used last; the neighbour in time if the clock hasn't moved on."""
    now = time.time()
    fresh = code(secret, now)
    return fresh if fresh != used else code(secret, now + STEP_S)


def login_with_tsh(tsh: Sequence[str], cluster: Ready, environment: Mapping[str, str]) -> str:
    """Run `tsh login` in a pty and answer its prompts.

    Gives:  what it printed after the last answer.
    Raises: AssertionError when it doesn't end with 0.
    """
    if "grpc" in sys.modules:
        return _in_between(tsh, cluster, environment)
    child = pexpect.spawn(
        tsh[0],
        [*tsh[1:], "login", f"--proxy={cluster.proxy}", f"--user={cluster.user}"],
        env={**os.environ, **environment},
        timeout=60,
        encoding="utf-8",
    )
    child.expect("(?i)password.*:")
    child.sendline(cluster.password)
    child.expect("(?i)(otp|code).*:")
    child.sendline(code(cluster.totp_secret))
    child.expect(pexpect.EOF)
    child.close()
    printed = re.sub(r"\x1b\[[0-9;]*m", "", child.before or "")
    assert child.exitstatus == 0, printed
    return printed


def _in_between(tsh: Sequence[str], cluster: Ready, environment: Mapping[str, str]) -> str:
    """The same in a process of its own: a pty begins with a fork, which gRPC's threads don't bear.

    Raises: AssertionError.
    """
    words = msgspec.json.encode([list(tsh), msgspec.to_builtins(cluster), dict(environment)])
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.login"], input=words, cwd=ROOT, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


if __name__ == "__main__":
    given, ready, variables = msgspec.json.decode(sys.stdin.buffer.read())
    sys.stdout.write(login_with_tsh(given, msgspec.convert(ready, Ready), variables))

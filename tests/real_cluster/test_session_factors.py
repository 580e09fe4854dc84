"""Second factors for each session, on a real cluster, with a security key in software; by hand.

`REAL_CLUSTER_CAREFUL_USER` has a role with `require_session_mfa`, and the password and setup key
that the other variables name; the key is registered while the tests run.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pexpect
import pytest

from tests.real_cluster.test_logins import PIN, KeyOwner
from tests.real_cluster.test_real_cluster import OURS, TIMEOUT_S, told
from tests.support.key_owner import TALK_S
from tests.support.login import code

pytestmark = [
    pytest.mark.real_cluster,
    pytest.mark.skipif(
        "REAL_CLUSTER_CAREFUL_USER" not in os.environ, reason="no such user is named"
    ),
]
TAP = "Detected security key tap"


@pytest.fixture(scope="module")
def owner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeyOwner]:
    """The user with the key."""
    found = KeyOwner(tmp_path_factory.mktemp("key") / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REAL_CLUSTER_USER", told("CAREFUL_USER"))
        patch.setenv("REAL_CLUSTER_TOTP_SECRET", told("CAREFUL_TOTP_SECRET"))
        found.log_in(OURS)
        found.next_code(code(told("TOTP_SECRET")))
        name = f"soft-{os.getpid()}"
        words = ["mfa", "add", f"--name={name}", "--type=WEBAUTHN", "--no-allow-passwordless"]
        fresh = code(told("TOTP_SECRET"))
        found.talk([*words, "--mfa-mode=otp"], {"OTP code": fresh, "PIN:": PIN})
    yield found
    assert "removed" in found.talk(["mfa", "rm", name], {})
    found.run(OURS, "logout")


def test_a_shell(owner: KeyOwner) -> None:
    said = owner.talk(["ssh", f"{told('LOGIN')}@{told('NODE')}", "echo it works"], {})
    assert f'MFA is required to access Node "{told("NODE")}"' in said
    assert said.count(TAP) == 1
    assert "it works" in said


def test_a_database_tunnel(owner: KeyOwner) -> None:
    name = told("DATABASE")
    argv = [
        *owner.program, "proxy", "db", name, "--tunnel",
        f"--db-user={told('DB_USER')}", f"--db-name={told('DB_NAME')}",
    ]  # fmt: skip
    child = pexpect.spawn(argv[0], argv[1:], env=owner.env, timeout=TALK_S, encoding="utf-8")
    child.expect(r"psql (postgres://\S+)")
    assert isinstance(child.match, re.Match)
    address = child.match[1]
    for _ in range(2):
        answer = subprocess.run(
            ["psql", address, "-Atc", "select 41 + 1"],
            env=owner.env, capture_output=True, text=True, timeout=TIMEOUT_S, check=False,
        )  # fmt: skip
        assert answer.stdout == "42\n", answer.stderr
    child.expect(TAP)
    child.close(force=True)


def test_one_touch_for_several_databases(owner: KeyOwner) -> None:
    words = ["db", "exec", "select 40 + 2", f"--dbs={told('DATABASES')}"]
    said = owner.talk([*words, f"--db-user={told('DB_USER')}", f"--db-name={told('DB_NAME')}"], {})
    assert said.count(TAP) == 1
    assert said.count("42") == len(told("DATABASES").split(","))


def test_kubernetes_and_an_application(owner: KeyOwner) -> None:
    words = [
        "kube",
        "credentials",
        f"--kube-cluster={told('KUBE')}",
        f"--teleport-cluster={told('CLUSTER')}",
    ]
    said = owner.talk(words, {})
    assert f'MFA is required to access Kubernetes cluster "{told("KUBE")}"' in said
    assert "clientCertificateData" in said
    said = owner.talk(["apps", "login", told("APP")], {})
    assert f'MFA is required to access Application "{told("APP")}"' in said
    assert said.count(TAP) == 1


def test_codes_are_not_enough(owner: KeyOwner) -> None:
    argv = ["ssh", "--mfa-mode=otp", f"{told('LOGIN')}@{told('NODE')}", "true"]
    argv.insert(1, "--request-mode=off")
    for program in ([told("OFFICIAL_TSH")], [sys.executable, "-m", "teleterm.tsh"]):
        child = pexpect.spawn(
            program[0], [*program[1:], *argv], env=owner.env, timeout=TALK_S, encoding="utf-8"
        )
        child.expect("only WebAuthn and SSO MFA methods are supported with per-session MFA")
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 1

"""The kinds of keys a login makes, as the cluster asks for them: ours, and the official tsh's."""

import os
import re
import sys
from pathlib import Path

import pytest

from tests.support.demo_process import ROOT, running_demo
from tests.support.key_owner import talk
from tests.support.login import code

OFFICIAL = os.environ.get("OFFICIAL_TSH", "")
OURS = [sys.executable, "-m", "teleterm.tsh"]
# cluster-login.md 3.6: the key of SSH, then that of TLS
KINDS = {
    "legacy": ("ssh-rsa", "RSA PRIVATE KEY"),
    "fips-v1": ("ecdsa-sha2-nistp256", "PRIVATE KEY"),
}


@pytest.mark.slow
@pytest.mark.parametrize("suite", KINDS)
def test_keys_are_of_the_kinds_the_cluster_names(suite: str, tmp_path: Path) -> None:
    programs = {"ours": OURS} | ({"official": [OFFICIAL]} if OFFICIAL else {})
    with running_demo("--suite", suite, "--no-postgres", "--allow-code-reuse") as demo:
        person = demo.ready
        for name, program in programs.items():
            home = tmp_path / name
            home.mkdir()
            env = {
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "TELEPORT_HOME": str(home),
                "TELEPORT_TOOLS_VERSION": "off",
                "SSL_CERT_FILE": person.ca_file,
            }
            answers = {"Enter password": person.password, "code from": code(person.totp_secret)}
            words = ["login", f"--proxy={person.proxy}", f"--user={person.user}", "--ttl=60"]
            said = talk([*program, *words], env, answers)
            assert re.search(r"\[valid for 5\dm\]", said)
            assert "web-1" in talk([*program, "ls"], env, {})
            ssh_kind, tls_kind = KINDS[suite]
            folder = home / "keys" / "localhost"
            assert (folder / "alice.pub").read_text("utf-8").startswith(ssh_kind)
            tls = (folder / "alice.key").read_text("utf-8").splitlines()[0]
            assert tls == f"-----BEGIN {tls_kind}-----"

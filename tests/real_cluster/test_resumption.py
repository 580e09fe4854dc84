"""Shells on a real cluster over connections that break: our tsh and the official one.

By hand only: docs/real-cluster.md says which variables lead here.
"""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from tests.real_cluster.test_real_cluster import OURS, TIMEOUT_S, Login, told
from tests.support.cutting import CuttingRelay, relaying

pytestmark = [
    pytest.mark.real_cluster,
    pytest.mark.skipif("REAL_CLUSTER_PROXY" not in os.environ, reason="no real cluster is named"),
]
PROMPT = r"[#$] $"
LAST = 50_000


@pytest.fixture(scope="module")
def relay() -> Iterator[CuttingRelay]:
    host, _, port = told("PROXY").rpartition(":")
    with relaying(host, int(port)) as found:
        yield found


@pytest.fixture(scope="module")
def env(relay: CuttingRelay, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A login whose profile names the relay as its proxy."""
    login = Login(tmp_path_factory.mktemp("resumed") / "home")
    login.log_in(OURS)
    home = Path(login.env["TELEPORT_HOME"])
    away = home.with_name("away")
    shutil.copytree(home, away)
    (profile,) = away.glob("*.yaml")
    port = told("PROXY").rpartition(":")[2]
    profile.write_text(re.sub(rf":{port}\b", f":{relay.port}", profile.read_text()))
    return login.env | {"TELEPORT_HOME": str(away)}


@pytest.mark.parametrize("is_ours", [True, False])
def test_a_shell_goes_on(relay: CuttingRelay, env: dict[str, str], *, is_ours: bool) -> None:
    program = OURS if is_ours else [told("OFFICIAL_TSH")]
    place = f"{told('LOGIN')}@{told('NODE')}"
    child = pexpect.spawn(
        program[0], [*program[1:], "ssh", place], env=env, timeout=TIMEOUT_S, encoding="utf-8"
    )
    child.expect(PROMPT)
    child.sendline("kept=here; echo begun-$((40+2))")
    child.expect_exact("begun-42")
    relay.cut()
    child.sendline("echo still $kept")
    child.expect_exact("still here")
    child.sendline(f"seq 1 {LAST} | sed 's/^/line /'")
    child.expect_exact("line 1000\r\n")
    relay.cut()
    child.expect_exact(f"line {LAST}\r\n")
    numbers = re.findall(r"line (\d+)\r", str(child.before))
    assert [int(one) for one in numbers] == list(range(1001, LAST))
    child.sendline("exit 5")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 5


def test_without_resumption_it_ends(relay: CuttingRelay, env: dict[str, str]) -> None:
    place = f"{told('LOGIN')}@{told('NODE')}"
    child = pexpect.spawn(
        OURS[0], [*OURS[1:], "ssh", "--no-resume", place],
        env=env, timeout=TIMEOUT_S, encoding="utf-8",
    )  # fmt: skip
    child.expect(PROMPT)
    relay.cut()
    child.expect_exact("wait: remote command exited without exit status")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 1

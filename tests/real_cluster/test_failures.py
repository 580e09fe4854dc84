"""What our tsh says when it can't do something, beside the official one: the same, byte for byte.

By hand only: docs/real-cluster.md says which variables lead here. Where the words differ on
purpose docs/compatibility.md says so.
"""

import os
import shlex

import pytest

from tests.real_cluster.test_real_cluster import OURS, Login, login, told

__all__ = ["login"]
pytestmark = [
    pytest.mark.real_cluster,
    pytest.mark.skipif("REAL_CLUSTER_PROXY" not in os.environ, reason="no real cluster is named"),
]
FAILURES = """
ssh {login}@nosuch true
ssh mallory@{node} true
ssh {login}@{node}:22 true
ssh --cluster=nosuch {login}@{node} true
ssh -L x {login}@{node} true
ssh -L 8080 {login}@{node} true
ssh -L 8080:localhost:x {login}@{node} true
ssh -R 1:2 {login}@{node} true
ssh -o Foo=bar {login}@{node}
ssh -p 99999 {login}@{node} true
ssh -J a,b {login}@{node} true
ssh {login}@{node} nosuchcmd
scp a
ls nonsense
login nosuchcluster
logout --proxy=localhost:7443 --user=nobody
db login nosuch
db login {database} --labels=nonsense
db logout nosuch
db env
db env nosuch
db config nosuch
db config {database}
db connect nosuch
proxy db nosuch
proxy app nosuch
proxy app {app} --port=x
proxy app {app} --port=99999
proxy app {app} --port=1:2
proxy kube nosuch
proxy kube
proxy ssh {login}@nosuch:22
proxy ssh -c nosuch {login}@{node}:22
kube login --all nosuch
apps logout nosuch
apps config nosuch
apps config {app} -f bad
apps login {app} --target-port=1
request create
request show nosuch
request review nosuch
request review nosuch --approve --deny
join nosuch
join 11111111-1111-4111-8111-111111111111
recordings ls --last=bad
mfa rm nosuch
resolve nosuch
latency ssh {login}@nosuch
db login
db connect
"""
WITHOUT_A_PROFILE = """
ls
ssh a@b true
scp /etc/hostname a@b:/tmp/x
db ls
db login x
db exec x --dbs=x
db connect x
db env
db config
db logout
kube ls
kube login x
apps ls
apps login x
apps logout
apps config
proxy db x
proxy app x
proxy kube x
proxy ssh a@b:22
status
env
logout
clusters
request ls
request create --roles=x
sessions ls
kube sessions
recordings ls
play 11111111-1111-4111-8111-111111111111
join 11111111-1111-4111-8111-111111111111
mfa ls
mfa rm x
resolve x
config
db ls -R
latency ssh a@b
headless approve x
"""


def lines(text: str) -> list[str]:
    return text.strip().split("\n")


@pytest.mark.parametrize("line", lines(FAILURES))
def test_fails_as_the_official_program(login: Login, line: str) -> None:
    named = {
        "node": told("NODE"),
        "login": told("LOGIN"),
        "database": told("DATABASE"),
        "app": told("APP"),
    }
    _compare(login, shlex.split(line.format(**named)))


@pytest.mark.parametrize("line", lines(WITHOUT_A_PROFILE))
def test_fails_without_a_profile(line: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    nobody = Login(tmp_path_factory.mktemp("nobody") / "home")
    _compare(nobody, shlex.split(line))


def _compare(login: Login, words: list[str]) -> None:
    theirs = login.run([told("OFFICIAL_TSH")], *words)
    ours = login.run(OURS, *words)
    assert (ours.stdout, ours.stderr, ours.returncode) == (
        theirs.stdout,
        theirs.stderr,
        theirs.returncode,
    )

"""Kubernetes clusters and applications of the demo: our tsh and, where named, the official one.

Real kubectl and plain HTTP and TCP clients come through what they write and open.
"""

import contextlib
import os
import re
import shutil
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.support.demo_process import Ready
from tests.support.kubectl import speaks_websocket
from tests.support.login import login_with_tsh
from tests.support.raw_client import TIMEOUT_S
from tests.support.tcp import first_line, free_port

OFFICIAL = os.environ.get("OFFICIAL_TSH", "")
ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = {"ours": [sys.executable, "-m", "teleterm.tsh"], "official": [OFFICIAL]}
pytestmark = pytest.mark.slow
needs_kubectl = pytest.mark.skipif(
    shutil.which("kubectl") is None, reason="kubectl is not installed"
)


class Person:
    """Somebody who is logged in to the demo, with a kubeconfig of their own."""

    def __init__(self, tsh: list[str], demo: Ready, folder: Path) -> None:
        self.demo = demo
        self.tsh = tsh
        self.home = folder / "home"
        self.home.mkdir()
        self.kubeconfig = folder / "config"
        self.env = {
            **{name: text for name, text in os.environ.items() if not name.startswith("TELEPORT")},
            "SSL_CERT_FILE": demo.ca_file,
            "TELEPORT_HOME": str(self.home),
            "TELEPORT_TOOLS_VERSION": "off",
            "PYTHONPATH": str(ROOT),
            "KUBECONFIG": str(self.kubeconfig),
        }
        login_with_tsh(tsh, demo, self.env)

    def run(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a command of tsh to its end."""
        return self.run_program([*self.tsh, *words], **env)

    def kubectl(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run kubectl to its end."""
        return self.run_program(["kubectl", *words], **env)

    def run_program(self, argv: list[str], **env: str) -> subprocess.CompletedProcess[str]:
        """Run a program to its end."""
        return subprocess.run(
            argv,
            env=self.env | env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
        )

    @contextlib.contextmanager
    def running(self, *words: str, until: str) -> Iterator[str]:
        """Have a command of tsh run, from the moment it has said `until`; gives that line."""
        argv = [*self.tsh, *words]
        process = subprocess.Popen(argv, env=self.env, stdout=subprocess.PIPE, text=True)
        with process:
            try:
                assert process.stdout is not None
                said = ""
                for line in process.stdout:
                    said += line
                    if until in line:
                        break
                assert until in said, said
                yield line.strip()
            finally:
                process.terminate()
                process.wait(TIMEOUT_S)


@pytest.fixture(scope="module", params=PROGRAMS)
def person(
    request: pytest.FixtureRequest, demo: Ready, tmp_path_factory: pytest.TempPathFactory
) -> Person:
    """Logged in by each of the two programs."""
    if request.param == "official" and not OFFICIAL:
        pytest.skip("OFFICIAL_TSH names no program")
    return Person(PROGRAMS[request.param], demo, tmp_path_factory.mktemp("kube"))


def test_lists_kubernetes_clusters(person: Person) -> None:
    listed = msgspec.json.decode(person.run("kube", "ls", "--format=json").stdout)
    assert [one["kube_cluster_name"] for one in listed] == ["staging", "tools"]
    assert listed[0]["labels"] == {"env": "demo", "region": "north"}
    everywhere = person.run("kube", "ls", "-R", "-q").stdout.splitlines()
    assert [line.split()[1:3] for line in everywhere if line] == [
        [person.demo.root, "staging"],
        [person.demo.root, "tools"],
        [person.demo.leaf, "edge"],
    ]


@needs_kubectl
def test_kubectl_through_the_kubeconfig(person: Person) -> None:
    done = person.run("kube", "login", "staging")
    assert done.stdout.startswith('Logged into Kubernetes cluster "staging".')
    pods = person.kubectl("get", "pods", "-A", "-o", "name").stdout.split()
    assert pods[0] == "pod/hello"
    assert len(pods) == 4
    assert "10.1." in person.kubectl("get", "pods", "-o", "wide").stdout
    assert person.kubectl("get", "nodes", "-o", "name").stdout.split() == [
        "node/worker-1",
        "node/worker-2",
    ]
    described = person.kubectl("describe", "pod", "hello").stdout
    assert re.search(r"\nNode: +worker-1", described)
    assert "hello starting on staging" in person.kubectl("logs", "hello").stdout
    if speaks_websocket():
        runs_a_program(person)
    assert "NotFound" in person.kubectl("get", "pod", "nothing").stderr


def runs_a_program(person: Person) -> None:
    """What an older kubectl can't ask: who it is, and `exec` over a WebSocket."""
    who = person.kubectl("auth", "whoami", "-o", "jsonpath={.status.userInfo.username}")
    assert who.stdout == "alice"
    done = person.kubectl("exec", "hello", "--", "sh", "-c", "echo out; echo err >&2; exit 4")
    assert (done.stdout, done.returncode) == ("out\n", 4)
    assert done.stderr.startswith("err\n")


@needs_kubectl
def test_another_cluster_another_name_and_a_leaf(person: Person) -> None:
    named = "--set-context-name={{.KubeName}}.here"
    person.run("kube", "login", "tools", named, "--namespace=shop")
    names = person.kubectl("get", "pods", "-o", "name").stdout.split()
    assert all(name.startswith("pod/cart-") for name in names)
    assert person.kubectl("config", "current-context").stdout == "tools.here\n"
    person.run("kube", "login", "edge", f"--cluster={person.demo.leaf}")
    assert "on edge" in person.kubectl("logs", "hello").stdout
    status = person.run("status", f"--proxy={person.demo.proxy}").stdout
    assert "Kubernetes:         enabled" in status


@needs_kubectl
def test_kubectl_through_the_local_proxy(person: Person) -> None:
    port = free_port()
    words = ("proxy", "kube", "staging", "tools", f"--port={port}")
    with person.running(*words, until="KUBECONFIG") as line:
        path = line.partition("=")[2].strip('"')
        for name in ("staging", "tools"):
            context = f"--context={person.demo.root}-{name}"
            said = person.kubectl(context, "logs", "hello", KUBECONFIG=path).stdout
            assert f"hello starting on {name}" in said
        assert Path(path).stat().st_mode & 0o777 == 0o600
    assert not Path(path).exists()


def test_lists_applications(person: Person) -> None:
    listed = msgspec.json.decode(person.run("apps", "ls", "--format=json").stdout)
    assert [one["metadata"]["name"] for one in listed] == ["echo", "ports", "wiki"]
    assert listed[1]["spec"]["tcp_ports"] == [{"port": 7001}, {"port": 7002, "end_port": 7004}]


def test_a_web_page_with_the_certificate_of_the_application(person: Person) -> None:
    assert person.run("apps", "login", "wiki").returncode == 0
    found = msgspec.json.decode(person.run("apps", "config", "--format=json").stdout)
    trusts = ssl.create_default_context(cafile=person.demo.ca_file)
    trusts.load_cert_chain(found["cert"], found["key"])
    address = f"https://localhost:{person.demo.port}/whoami"
    with urllib.request.urlopen(address, context=trusts, timeout=TIMEOUT_S) as page:
        assert msgspec.json.decode(page.read())["user"] == person.demo.user
    assert person.run("apps", "logout", "wiki").stdout == 'Logged out of app "wiki"\n'
    assert not Path(found["cert"]).exists()


def test_a_web_page_through_the_local_proxy(person: Person) -> None:
    port = free_port()
    with person.running("proxy", "app", "wiki", f"--port={port}", until="Proxying"):
        address = f"http://127.0.0.1:{port}/"
        with urllib.request.urlopen(address, timeout=TIMEOUT_S) as page:
            assert b"alice asked for / with GET" in page.read()


def test_each_port_of_a_tcp_application(person: Person) -> None:
    for target in (7001, 7003):
        port = free_port()
        words = ("proxy", "app", "ports", f"--port={port}:{target}")
        with person.running(*words, until="Proxying"):
            assert first_line(port, b"back again") == f"ports port {target}\n".encode()
    refused = person.run("proxy", "app", "ports", "--port=0:9999")
    assert 'port 9999 is not included in target ports of app "ports"' in refused.stderr
    assert refused.returncode == 1


def test_logout_takes_the_entries_out_again(person: Person) -> None:
    others = {"name": "mine", "cluster": {"server": "https://elsewhere:6443"}}
    mine = {"apiVersion": "v1", "kind": "Config", "clusters": [others], "users": [],
            "contexts": [{"name": "mine", "context": {"cluster": "mine", "user": ""}}],
            "current-context": "mine"}  # fmt: skip
    person.kubeconfig.write_bytes(msgspec.json.encode(mine))
    person.run("kube", "login", "staging")
    text = person.kubeconfig.read_text()
    assert "teleport-prev-selec-ctx" in text
    assert person.run("logout").stdout == "Logged out all users from all proxies.\n"
    text = person.kubeconfig.read_text()
    assert person.demo.root not in text
    assert "current-context: mine" in text
    assert "https://elsewhere:6443" in text

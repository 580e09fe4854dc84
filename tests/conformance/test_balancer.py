"""A proxy behind a load balancer that ends TLS and strips ALPN: everything goes through WebSockets.

The balancer is a real one in front of the demo; the profile names its address.
"""

import asyncio
import datetime
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from teleterm.client import upgrade
from teleterm.client.net import NetOptions
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from tests.conformance.test_kube_and_apps import OFFICIAL, Person
from tests.support.balancer import balancer
from tests.support.daemon_login import ROOT, gateway, window_of
from tests.support.daemon_process import CALL_S, Daemon, connected, running_daemon
from tests.support.demo_process import Ready
from tests.support.tcp import first_line, free_port

pytestmark = pytest.mark.slow
OURS = [sys.executable, "-m", "teleterm.tsh"]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The balancer's certificate, which vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(minutes=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("balancer") / "pair.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(certificate.public_bytes(Encoding.PEM) + private)
    return path


@pytest.fixture(scope="module")
def port(demo: Ready, pair: Path) -> Iterator[int]:
    with balancer(demo.port, Path(demo.ca_file), pair) as found:
        yield found


@pytest.fixture(scope="module", params=["ours", "official"])
def person(
    request: pytest.FixtureRequest,
    demo: Ready,
    port: int,
    pair: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Person:
    """Somebody whose profile leads to the balancer."""
    if request.param == "official" and not OFFICIAL:
        pytest.skip("OFFICIAL_TSH names no program")
    program = OURS if request.param == "ours" else [OFFICIAL]
    found = Person(program, demo, tmp_path_factory.mktemp("behind"))
    path = found.home / "localhost.yaml"
    text = re.sub(rf":{demo.port}\b", f":{port}", path.read_text())
    path.write_text(
        text.replace("tls_routing_enabled: true\n",
                     "tls_routing_enabled: true\ntls_routing_conn_upgrade_required: true\n")
    )  # fmt: skip
    found.env["SSL_CERT_FILE"] = str(pair)
    return found


def test_the_balancer_is_noticed(demo: Ready, port: int, pair: Path) -> None:
    behind = NetOptions(environ={"SSL_CERT_FILE": str(pair)})
    assert asyncio.run(upgrade.is_required(f"localhost:{port}", behind))
    direct = NetOptions(environ={"SSL_CERT_FILE": demo.ca_file})
    assert not asyncio.run(upgrade.is_required(demo.proxy, direct))
    told = NetOptions(
        environ={
            "SSL_CERT_FILE": demo.ca_file,
            "TELEPORT_TLS_ROUTING_CONN_UPGRADE": f"other:443=false;{demo.proxy}=true",
        }
    )
    assert asyncio.run(upgrade.is_required(demo.proxy, told))


def test_nodes(person: Person) -> None:
    assert person.run("ls", "--format=names").stdout.split() == ["build", "web-1", "web-2"]
    done = person.run("ssh", "alice@web-1", "hostname; exit 3")
    assert (done.stdout, done.returncode) == ("web-1\n", 3)


def test_applications(person: Person) -> None:
    local = free_port()
    words = ("proxy", "app", "ports", f"--port={local}:7002")
    with person.running(*words, until="Proxying"):
        assert first_line(local, b"x" * 200_000) == b"ports port 7002\n"


@pytest.mark.skipif(shutil.which("psql") is None, reason="psql is not installed")
def test_databases(person: Person) -> None:
    local = free_port()
    words = ("proxy", "db", "orders", "--tunnel", f"--port={local}")
    flags = ("--db-user=alice", "--db-name=orders")
    with person.running(*words, *flags, until="psql"):
        url = f"postgres://alice@localhost:{local}/orders"
        done = person.run_program(["psql", url, "-Atc", "select count(*) from orders"])
    assert done.stdout == "5\n"


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")
def test_kubernetes(person: Person) -> None:
    if person.tsh == [OFFICIAL]:
        pytest.skip("it goes by the address the proxy names, which isn't the balancer's")
    assert "layer 7 load balancer" in person.run("kube", "login", "staging").stdout
    refused = person.run(
        "kube", "credentials", "--kube-cluster=staging", f"--teleport-cluster={person.demo.root}"
    )
    assert refused.returncode == 1
    assert "Cannot connect Kubernetes clients to Teleport Proxy directly" in refused.stderr
    pods = person.run("kubectl", "get", "pods", "-A", "-o", "name").stdout.split()
    assert pods[0] == "pod/hello"


def test_the_daemon(person: Person, tmp_path: Path) -> None:
    """Lists and gateways go the same way."""
    if person.tsh == [OFFICIAL]:
        pytest.skip("the daemon is ours")
    environ = {name: person.env[name] for name in ("SSL_CERT_FILE", "TELEPORT_HOME")}

    async def steps(daemon: Daemon) -> None:
        async with connected(daemon, window_of(person.demo)) as tsh:
            request = pb.ListUnifiedResourcesRequest(cluster_uri=ROOT, kinds=["node"], limit=9)
            listed = await tsh.ListUnifiedResources(request, timeout=CALL_S)
            found = sorted(one.server.hostname for one in listed.resources)
            assert found == ["build", "web-1", "web-2"]
            made = await gateway(tsh, "apps/ports", subresource="7003")
            line = await asyncio.to_thread(first_line, int(made.local_port), b"x" * 100_000)
            assert line == b"ports port 7003\n"

    with running_daemon(tmp_path / "d", environ=environ) as running:
        asyncio.run(steps(running))

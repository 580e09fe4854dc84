"""The demo's database service, seen with psql and a real PostgreSQL behind it."""

import datetime
import os
import shutil
import socket
import ssl
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from google.protobuf.timestamp_pb2 import Timestamp

from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.auth.v1.authservice_pb2_grpc import AuthServiceStub
from tests.support.demo_process import Ready, running_demo
from tests.support.login import code
from tests.support.raw_client import (
    TIMEOUT_S,
    Login,
    auth_channel,
    bridge,
    client_context,
    connect,
    log_in,
    private_pem,
    public_pem,
    write_private,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("psql") is None, reason="psql is not installed"),
]
STARTUP = b"\0\3\0\0user\0alice\0database\0orders\0\0"


@pytest.fixture(scope="module")
def online(demo: Ready) -> Ready:
    if not any(one.online and one.protocol == "postgres" for one in demo.databases):
        pytest.skip("PostgreSQL is not installed")
    return demo


def certificate(demo_login: Login, service: str) -> tuple[bytes, bytes]:
    """A database certificate and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    end = Timestamp()
    end.FromDatetime(datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=10))
    request = auth.UserCertsRequest(
        Username=demo_login.ready.user,
        Expires=end,
        TLSPublicKey=public_pem(key),
        Usage=auth.UserCertsRequest.Database,
        RouteToDatabase=auth.RouteToDatabase(ServiceName=service, Protocol="postgres"),
    )
    with auth_channel(demo_login, demo_login.ready.root) as channel:
        answer = AuthServiceStub(channel).GenerateUserCerts(request, timeout=TIMEOUT_S)
    return answer.TLS, private_pem(key)


def tunnel(demo: Ready, pair: tuple[bytes, bytes], *protocols: str) -> ssl.SSLSocket:
    """A TLS connection that shows a database certificate."""
    context = client_context(protocols, Path(demo.ca_file).read_bytes(), *pair)
    return connect(demo, context, "localhost")


@pytest.fixture(scope="module")
def gateway(online: Ready, demo_login: Login) -> Iterator[int]:
    """A local port behind which is the database `orders`."""
    pair = certificate(demo_login, "orders")
    with bridge(lambda: tunnel(online, pair, "teleport-postgres")) as port:
        yield port


def psql(url: str, sql: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return subprocess.run(
        ["psql", "--no-psqlrc", "-At", url, "-c", sql],
        env=env | {"PGCONNECT_TIMEOUT": "10"},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
    )


def test_psql_through_a_tunnel(gateway: int) -> None:
    done = psql(f"postgres://alice@127.0.0.1:{gateway}/orders", "select count(*) from orders")
    assert (done.stdout, done.stderr) == ("5\n", "")


def test_a_reader_may_read_only(gateway: int) -> None:
    url = f"postgres://reader@127.0.0.1:{gateway}/orders"
    assert psql(url, "select item from orders where id = 3").stdout == "bicycle bell\n"
    assert "permission denied" in psql(url, "delete from orders").stderr


@pytest.mark.parametrize("url", ["mallory@127.0.0.1:{}/orders", "alice@127.0.0.1:{}/template1"])
def test_other_users_and_databases_are_denied(gateway: int, url: str) -> None:
    done = psql("postgres://" + url.format(gateway), "select 1")
    assert done.returncode == 2
    assert "access to db denied" in done.stderr


def test_a_running_query_can_be_cancelled(gateway: int) -> None:
    """psql asks for it on a connection of its own when it is interrupted."""
    url = f"postgres://alice@127.0.0.1:{gateway}/orders"
    argv = ["psql", "--no-psqlrc", "-At", url]
    with subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write("select 'ready';\n")
        process.stdin.flush()
        assert process.stdout.readline() == "ready\n"
        process.stdin.write("\\echo asked\nselect pg_sleep(60);\n")
        process.stdin.flush()
        assert process.stdout.readline() == "asked\n"
        busy = "select count(*) from pg_stat_activity where query like 'select pg_sleep%'"
        while psql(url, busy).stdout != "1\n":
            pass
        process.send_signal(2)
        told = process.stderr.readline() + process.stderr.readline()
        assert "canceling statement due to user request" in told
        process.stdin.close()
        process.wait(TIMEOUT_S)


def test_a_database_that_is_not_running_says_so(online: Ready, demo_login: Login) -> None:
    pair = certificate(demo_login, "archive")
    with bridge(lambda: tunnel(online, pair, "teleport-postgres")) as port:
        done = psql(f"postgres://alice@127.0.0.1:{port}/orders", "select 1")
    assert done.returncode == 2
    assert 'can\'t reach database "archive": PostgreSQL is not running there' in done.stderr


def test_a_database_that_stops_while_the_demo_runs(online: Ready) -> None:
    with running_demo() as running:
        login = log_in(running.ready, code(running.ready.totp_secret))
        pair = certificate(login, "orders")
        with bridge(lambda: tunnel(running.ready, pair, "teleport-postgres")) as port:
            url = f"postgres://alice@127.0.0.1:{port}/orders"
            assert psql(url, "select 1").stdout == "1\n"
            running.tell("stop-database")
            assert "PostgreSQL is not running there" in psql(url, "select 1").stderr


def test_a_database_nobody_knows(online: Ready, demo_login: Login) -> None:
    pair = certificate(demo_login, "nope")
    with bridge(lambda: tunnel(online, pair, "teleport-postgres")) as port:
        done = psql(f"postgres://alice@127.0.0.1:{port}/orders", "select 1")
    assert 'database "nope" not found' in done.stderr


def test_ping_framing(online: Ready, demo_login: Login) -> None:
    pair = certificate(demo_login, "orders")
    with tunnel(online, pair, "teleport-postgres-ping", "teleport-postgres") as connection:
        assert connection.selected_alpn_protocol() == "teleport-postgres-ping"
        message = struct.pack(">I", len(STARTUP) + 4) + STARTUP
        connection.sendall(struct.pack(">I", 0) + struct.pack(">I", len(message)) + message)
        head = receive(connection, 4)
        body = receive(connection, struct.unpack(">I", head)[0])
        assert body.startswith(b"R\0\0\0\x08\0\0\0\0")  # AuthenticationOk


def receive(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        part = connection.recv(count - len(data))
        assert part, "the connection ended"
        data += part
    return data


def test_psql_straight_to_the_port_with_certificates(
    online: Ready, demo_login: Login, tmp_path: Path
) -> None:
    """The port also knows PostgreSQL's own way into TLS; the certificate then comes inside."""
    pair = certificate(demo_login, "orders")
    root = write_private(tmp_path / "root.pem", demo_login.host_authority)
    mine = write_private(tmp_path / "mine.pem", pair[0])
    key = write_private(tmp_path / "mine.key", pair[1])
    base = f"host=localhost hostaddr=127.0.0.1 port={online.port} user=alice dbname=orders"
    trust = f"{base} sslmode=verify-full sslrootcert={root}"
    done = psql(f"{trust} sslcert={mine} sslkey={key}", "select current_user")
    assert (done.stdout, done.stderr) == ("alice\n", "")
    assert "certificate" in psql(f"{trust} sslcert={tmp_path}/none", "select 1").stderr


def test_tls_inside_tls(online: Ready, demo_login: Login, tmp_path: Path) -> None:
    """What a plain local proxy does: no certificate outside, psql's own inside."""
    pair = certificate(demo_login, "orders")
    root = write_private(tmp_path / "root.pem", demo_login.host_authority)
    mine = write_private(tmp_path / "mine.pem", pair[0])
    key = write_private(tmp_path / "mine.key", pair[1])
    outer = client_context(["teleport-postgres"], Path(online.ca_file).read_bytes())
    with bridge(lambda: connect(online, outer, "localhost")) as port:
        base = f"host=localhost hostaddr=127.0.0.1 port={port} user=postgres dbname=postgres"
        files = f"sslrootcert={root} sslcert={mine} sslkey={key}"
        done = psql(f"{base} sslmode=verify-full {files}", "select current_user")
        assert (done.stdout, done.stderr) == ("postgres\n", "")

"""Command lines of databases' own clients."""

from dataclasses import replace

import pytest

from teleterm.client.database_commands import Endpoint, TlsFiles, command, require
from teleterm.model.errors import BadInput, ErrorCode, Unreachable

TUNNEL = Endpoint(host="localhost", port=5000, user="alice", database="shop")
FILES = TlsFiles(ca="/h/ca.pem", certificate="/h/pg.crt", key="/h/pg.key")
DIRECT = Endpoint(host="proxy", port=443, user="alice", database="shop", tls=FILES, group="root-pg")


def line(protocol: str, endpoint: Endpoint, *missing: str) -> str:
    found = command(protocol, endpoint, find=lambda name: None if name in missing else name)
    return " ".join([found.path, *found.args])


@pytest.mark.parametrize(
    ("protocol", "expected"),
    [
        ("postgres", "psql postgres://alice@localhost:5000/shop"),
        ("cockroachdb", "cockroach sql --url postgres://alice@localhost:5000/shop"),
        (
            "mysql",
            "mariadb --skip-password --user alice --database shop --port 5000 --host localhost "
            "--protocol TCP",
        ),
        (
            "mongodb",
            "mongosh mongodb://localhost:5000/shop?directConnection=true"
            "&serverSelectionTimeoutMS=5000",
        ),
        ("redis", "redis-cli -h localhost -p 5000 -n shop"),
    ],
)
def test_behind_a_tunnel(protocol: str, expected: str) -> None:
    assert line(protocol, TUNNEL) == expected


def test_with_the_clients_own_certificate() -> None:
    assert line("postgres", DIRECT) == (
        "psql postgres://alice@proxy:443/shop?sslrootcert=/h/ca.pem&sslcert=/h/pg.crt"
        "&sslkey=/h/pg.key&sslmode=verify-full"
    )
    assert line("mysql", DIRECT, "mariadb").startswith("mysql --defaults-group-suffix=_root-pg ")
    assert line("mysql", DIRECT).endswith("--ssl-cert /h/pg.crt --ssl-verify-server-cert")


def test_other_clients_stand_in() -> None:
    assert line("cockroachdb", TUNNEL, "cockroach").startswith("psql ")
    assert line("mysql", TUNNEL, "mariadb").startswith("mysql ")


def test_names_are_escaped() -> None:
    odd = Endpoint(host="localhost", port=1, user="a@b c", database="x/y")
    assert line("postgres", odd) == "psql postgres://a%40b%20c@localhost:1/x%2Fy"


def test_a_missing_program_is_named() -> None:
    with pytest.raises(Unreachable, match='"psql" is not installed') as caught:
        require(command("postgres", TUNNEL, find=lambda _: None))
    assert caught.value.code is ErrorCode.CLIENT_MISSING


def test_unknown_protocols() -> None:
    with pytest.raises(BadInput, match="no known client"):
        command("punched-cards", TUNNEL)


@pytest.mark.parametrize(
    ("protocol", "words"),
    [
        ("cassandra", ["cqlsh", "-u"]),
        ("clickhouse", ["clickhouse-client", "--host"]),
        ("elasticsearch", ["curl", "http://"]),
        ("sqlserver", ["mssql-cli", "-S"]),
        ("oracle", ["sql", "-L"]),
        ("opensearch", ["opensearchsql", "http://"]),
        ("snowflake", ["snowsql", "-a"]),
    ],
)
def test_protocols_whose_clients_need_a_tunnel(protocol: str, words: list[str]) -> None:
    made = command(protocol, TUNNEL, find=lambda _: None)
    assert made.path == words[0]
    assert made.args[0].startswith(words[1])


def test_clickhouse_over_http_may_show_its_certificate() -> None:
    tls = replace(TUNNEL, tls=TlsFiles(ca="CA", certificate="CERT", key="KEY"))
    made = command("clickhouse-http", tls, find=lambda name: name)
    assert (made.path, made.args[1:]) == ("curl", ("--key", "KEY", "--cert", "CERT"))

"""Command lines of client programs."""

import pytest

from teleterm.tshd.services.gateways.commands import Endpoint, command_line


def end(protocol: str, **changed: str) -> Endpoint:
    """An endpoint of that protocol."""
    return Endpoint(
        protocol=protocol,
        host="localhost",
        port=5000,
        user=changed.get("user", "al ice"),
        database=changed.get("database", "shop"),
        uri=changed.get("uri", ""),
    )


def nowhere(_: str) -> None:
    """No program is installed."""


def everywhere(name: str) -> str:
    """Every program is installed."""
    return f"/usr/bin/{name}"


@pytest.mark.parametrize(
    ("protocol", "args"),
    [
        ("postgres", "psql postgres://al%20ice@localhost:5000/shop"),
        ("cockroachdb", "psql postgres://al%20ice@localhost:5000/shop"),
        (
            "mysql",
            "mysql --skip-password --user al ice --database shop --port 5000"
            " --host localhost --protocol TCP",
        ),
        (
            "mongodb",
            "mongosh mongodb://localhost:5000/shop"
            "?directConnection=true&serverSelectionTimeoutMS=5000",
        ),
        ("redis", "redis-cli -h localhost -p 5000 -n shop"),
        ("cassandra", "cqlsh -u al ice localhost 5000"),
        ("elasticsearch", "elasticsearch-sql-cli http://localhost:5000/"),
        ("opensearch", "opensearchsql http://localhost:5000"),
        ("oracle", "sql -L /@localhost:5000/shop"),
        ("clickhouse-http", "curl http://localhost:5000/"),
        ("clickhouse", "clickhouse-client --host localhost --port 5000 --user al ice"),
    ],
)
def test_without_any_program_installed(protocol: str, args: str) -> None:
    found = command_line(end(protocol), nowhere)
    assert " ".join(found.args) == args
    assert found.path == found.args[0]
    assert not found.env


def test_programs_that_are_there_are_preferred() -> None:
    assert command_line(end("cockroachdb"), everywhere).path == "/usr/bin/cockroach"
    assert command_line(end("mysql"), everywhere).path == "/usr/bin/mariadb"
    documents = end("mongodb", uri="x.docdb.amazonaws.com:27017")
    assert command_line(documents, everywhere).args[0] == "mongo"


def test_parts_that_are_empty_are_left_out() -> None:
    found = command_line(end("postgres", user="", database=""), nowhere)
    assert list(found.args) == ["psql", "postgres://localhost:5000"]
    assert found.preview == "psql postgres://localhost:5000"


def test_a_preview_can_be_pasted() -> None:
    assert command_line(end("cassandra"), nowhere).preview == "cqlsh -u 'al ice' localhost 5000"
    assert '"mongodb://' in command_line(end("mongodb"), nowhere).preview


def test_passwords_that_count_for_nothing_are_new_each_time() -> None:
    first, second = (command_line(end("sqlserver"), nowhere) for _ in range(2))
    assert list(first.args[:3]) == ["sqlcmd", "-S", "localhost,5000"]
    assert first.args != second.args
    assert command_line(end("snowflake"), nowhere).env[0].startswith("SNOWSQL_PWD=")


@pytest.mark.parametrize("protocol", ["dynamodb", "spanner"])
def test_some_are_for_reading_only(protocol: str) -> None:
    found = command_line(end(protocol), nowhere)
    assert not found.args
    assert "localhost:5000" in found.preview


def test_an_unknown_protocol_has_none() -> None:
    assert not command_line(end("spoon"), nowhere).ListFields()

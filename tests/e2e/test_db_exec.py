"""`tsh db exec` with PostgreSQL and MariaDB behind the demo, and their own clients."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.e2e.test_tsh_demo import Person, ended
from tests.support.demo_process import Ready, running_demo
from tests.support.engines import MARIADB

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="needs a pty"),
]
ROUTE = ("--db-user=alice", "--db-name=orders")


@pytest.fixture(scope="module")
def demo() -> Iterator[Ready]:
    with running_demo("--allow-code-reuse") as running:
        yield running.ready


@pytest.fixture(scope="module")
def person(demo: Ready, tmp_path_factory: pytest.TempPathFactory) -> Person:
    somebody = Person(demo, tmp_path_factory.mktemp("person") / "tsh")
    text, status = somebody.log_in()
    assert status == 0, text
    return somebody


@pytest.fixture
def live(demo: Ready) -> str:
    """The PostgreSQL database, where there is one."""
    names = [one.name for one in demo.databases if one.protocol == "postgres" and one.online]
    if not names or shutil.which("psql") is None:
        pytest.skip("needs PostgreSQL and psql")
    return names[0]


def test_one_database(person: Person, live: str) -> None:
    done = person.run("db", "exec", "select 40 + 2 as sum", f"--dbs={live}", *ROUTE)
    assert done.stdout == (
        "Fetching databases by name ...\n\n"
        f'Executing command for "{live}".\n sum \n-----\n  42\n(1 row)\n\n'
    )
    assert (done.stderr, done.returncode) == ("", 0)


def test_a_refusal_is_told_and_ends_well(person: Person, live: str) -> None:
    """Status 0, as the official program ends: which one failed stands in the output."""
    done = person.run("db", "exec", "select nope", f"--dbs={live}", *ROUTE)
    assert 'column "nope" does not exist' in done.stderr
    assert done.stderr.endswith(f'Failed to execute command for "{live}": exit status 1\n')
    assert done.returncode == 0
    done = person.run("db", "exec", "select 1", f"--dbs={live}", "--db-user=alice")
    assert f'Failed to execute command for "{live}": please provide the database' in done.stderr
    assert done.returncode == 0
    done = person.run("db", "exec", "select 1", f"--dbs={live}", *ROUTE, PATH="/nowhere")
    assert '"psql" is not installed' in done.stderr
    assert done.returncode == 0


def test_several_into_files(person: Person, demo: Ready, live: str, tmp_path: Path) -> None:
    MARIADB.needed(demo)
    out = tmp_path / "out"
    words = ["db", "exec", "select 40 + 2", f"--dbs={live},stock,visits", "--parallel=3"]
    words += [f"--output-dir={out}", "--db-user=alice", "--db-name=postgres"]
    done = person.run(*words)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Fetching databases by name ...\n")
    summary = msgspec.json.decode((out / "summary.json").read_bytes())
    found = {one["database"]["service_name"]: one for one in summary["databases"]}
    assert found.keys() == {live, "stock", "visits"}
    assert found[live]["success"] is True
    assert "42" in (out / f"{live}.output").read_text()
    # MariaDB gives nobody such a database, Redis no such command line
    assert (found["stock"]["success"], found["stock"]["exit_code"]) == (False, 1)
    assert "database 'postgres'" in (out / "stock.output").read_text()
    assert found["visits"]["error"] == "redis databases not supported for exec command"
    assert (summary["success"], summary["failure"], summary["total"]) == (1, 2, 3)
    assert done.stdout.endswith(
        f'\nSummary: 1 of 3 succeeded.\nSummary is saved at "{out / "summary.json"}".\n'
    )
    assert (out / "summary.json").stat().st_mode & 0o777 == 0o600
    assert person.run(*words).stderr.endswith(f'directory "{out}" already exists\n\n')


def test_mariadb(person: Person, demo: Ready) -> None:
    MARIADB.needed(demo)
    words = ["db", "exec", MARIADB.question, "--dbs=stock", "--db-user=alice", "--db-name=shop"]
    done = person.run(*words)
    assert MARIADB.answer.format(user="alice") in done.stdout.replace("\t", " "), done.stderr


def test_databases_that_were_looked_for_are_confirmed(person: Person, live: str) -> None:
    # another PostgreSQL database of the demo is offline, which stops nothing
    words = ["db", "exec", "select 'it ' || 'works'", "--search=postgres", *ROUTE]
    asked = "Do you want to proceed with 2 database(s)?"
    for answer, said, status in (
        ("y\n", "it works", 0),
        ("n\n", "Operation canceled by user request.", 1),
        ("", "failed reading prompt response", 1),
    ):
        done = person.run(*words, given=answer)
        assert f"{asked} [y/N]: " in done.stdout
        assert said in done.stdout + done.stderr
        assert done.returncode == status
    done = person.run(*words, "--no-confirm")
    assert f'Skipping confirmation for "{asked}" due to the --no-confirm flag.\n' in done.stdout
    assert "it works" in done.stdout
    assert done.stdout.endswith("Summary: 1 of 2 succeeded.\n")


def test_interrupted(person: Person, live: str) -> None:
    child = person.spawn("db", "exec", "select pg_sleep(600)", f"--dbs={live}", *ROUTE)
    child.expect_exact("Executing command for")
    child.sendintr()
    assert ended(child)[1] in {0, 130}  # the client may end first: then that is told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "please provide one of --dbs, --labels, --search flags"),
        (["--dbs=x", "--search=y"], "--labels/--search flags cannot be used with --dbs flag"),
        (["--dbs=x", "--labels=a=b"], "--labels/--search flags cannot be used with --dbs flag"),
        (["--dbs=x", "--parallel=11"], "--parallel must be between 1 and 10"),
        (["--dbs=x", "--parallel=0"], "--parallel must be between 1 and 10"),
        (["--dbs=x", "--parallel=2"], "--output-dir must be set when executing concurrent"),
        (["--dbs=nosuch"], 'database "nosuch" not found'),
        (['--dbs=a"b'], 'database "a"b" not found'),
        (["--search=nosuch"], "no databases found"),
        (["--labels=nonsense"], "invalid label spec: 'nonsense', should be 'key=value'"),
    ],
    ids=str,
)
def test_flags_that_lead_nowhere(person: Person, words: list[str], said: str) -> None:
    done = person.run("db", "exec", "select 1", *words)
    assert said in done.stderr
    assert done.returncode == 1

"""OpenSSH's own programs through `tsh config` and `tsh proxy ssh`, against our demo cluster."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.test_tsh_demo import TIMEOUT_S, Person
from tests.support.demo_process import Ready, RunningDemo, running_demo

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("ssh") is None, reason="needs OpenSSH"),
]


@pytest.fixture(scope="module")
def running() -> Iterator[RunningDemo]:
    with running_demo("--allow-code-reuse", "--no-postgres") as found:
        yield found


@pytest.fixture(scope="module")
def demo(running: RunningDemo) -> Ready:
    return running.ready


@pytest.fixture(scope="module")
def person(demo: Ready, tmp_path_factory: pytest.TempPathFactory) -> Person:
    somebody = Person(demo, tmp_path_factory.mktemp("person") / "home")
    text, status = somebody.log_in()
    assert status == 0, text
    return somebody


@pytest.fixture(scope="module")
def settings(person: Person) -> Path:
    written = person.run("config")
    assert written.returncode == 0, written.stderr
    path = person.home.parent / "ssh_config"
    path.write_text(written.stdout)
    return path


def start(person: Person, *argv: str) -> subprocess.CompletedProcess[str]:
    """Run one of OpenSSH's programs to its end."""
    return subprocess.run(
        argv, env=person.env, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=TIMEOUT_S,
    )  # fmt: skip


def test_ssh_runs_a_command(person: Person, demo: Ready, settings: Path) -> None:
    node = next(one for one in demo.nodes if one.cluster == demo.root)
    place = f"{node.logins[0]}@{node.hostname}.{node.cluster}"
    ended = start(
        person, "ssh", "-F", str(settings), "-o", "BatchMode=yes", place, "echo hello; exit 7"
    )
    assert (ended.stdout, ended.returncode) == ("hello\n", 7), ended.stderr


def test_scp_copies_both_ways(person: Person, demo: Ready, settings: Path, tmp_path: Path) -> None:
    node = next(one for one in demo.nodes if one.cluster == demo.root)
    place = f"{node.logins[0]}@{node.hostname}.{node.cluster}"
    data = bytes(range(256)) * 4000
    (tmp_path / "here").write_bytes(data)
    there = f"{place}:{tmp_path / 'there'}"
    up = start(person, "scp", "-F", str(settings), str(tmp_path / "here"), there)
    assert up.returncode == 0, up.stderr
    down = start(person, "scp", "-F", str(settings), there, str(tmp_path / "back"))
    assert down.returncode == 0, down.stderr
    assert (tmp_path / "back").read_bytes() == data


def test_a_leaf_whose_name_ends_like_the_root(person: Person, demo: Ready, settings: Path) -> None:
    node = next(one for one in demo.nodes if one.cluster == demo.leaf)
    place = f"{node.logins[0]}@{node.hostname}.{node.cluster}"
    ended = start(person, "ssh", "-F", str(settings), "-o", "BatchMode=yes", place, "hostname")
    assert (ended.stdout, ended.returncode) == (f"{node.hostname}\n", 0), ended.stderr


def test_sftp_lists_and_fetches(
    person: Person, demo: Ready, settings: Path, tmp_path: Path
) -> None:
    node = next(one for one in demo.nodes if one.cluster == demo.root)
    place = f"{node.logins[0]}@{node.hostname}.{node.cluster}"
    (tmp_path / "there").write_text("far away\n")
    batch = tmp_path / "batch"
    batch.write_text(f"ls {tmp_path}\nget {tmp_path}/there {tmp_path}/here\n")
    ended = start(person, "sftp", "-b", str(batch), "-F", str(settings), place)
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "here").read_text() == "far away\n"


def test_the_end_of_the_input_ends_it(person: Person, demo: Ready) -> None:
    node = next(one for one in demo.nodes if one.cluster == demo.root)
    ended = person.run("proxy", "ssh", f"{node.logins[0]}@{node.hostname}")
    assert (ended.stderr, ended.returncode) == ("", 0)


def test_an_unknown_node(person: Person) -> None:
    ended = person.run("proxy", "ssh", "root@nowhere:3022")
    assert ended.returncode == 1
    why = "target host nowhere is offline or does not exist"
    assert f"failed connecting to host nowhere: {why}\n" in ended.stderr
    assert ended.stdout == ""


def test_it_goes_on_when_the_connection_breaks(
    person: Person, running: RunningDemo, settings: Path
) -> None:
    node = next(one for one in running.ready.nodes if one.cluster == running.ready.root)
    place = f"{node.logins[0]}@{node.hostname}.{node.cluster}"
    argv = ["ssh", "-F", str(settings), "-o", "BatchMode=yes", place, "cat; echo over"]
    with subprocess.Popen(
        argv, env=person.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for word in ("before", "after"):
            process.stdin.write(f"{word}\n")
            process.stdin.flush()
            assert process.stdout.readline() == f"{word}\n"
            running.tell("cut")
        process.stdin.close()
        assert process.stdout.read() == "over\n"
        assert process.wait(TIMEOUT_S) == 0

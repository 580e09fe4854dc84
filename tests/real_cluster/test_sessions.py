"""Sessions, recordings and requests on a real cluster: our tsh beside the official one.

By hand only: docs/real-cluster.md says which variables lead here.
"""

import os
import re
import subprocess

import msgspec
import pexpect
import pytest

from tests.real_cluster.test_real_cluster import OURS, TIMEOUT_S, Login, told

pytestmark = [
    pytest.mark.real_cluster,
    pytest.mark.skipif("REAL_CLUSTER_PROXY" not in os.environ, reason="no real cluster is named"),
]
PROMPT = r"[#$] $"


@pytest.fixture(scope="module")
def login(tmp_path_factory: pytest.TempPathFactory) -> Login:
    somebody = Login(tmp_path_factory.mktemp("sessions") / "home")
    somebody.log_in(OURS)
    return somebody


def official() -> list[str]:
    return [told("OFFICIAL_TSH")]


def run(login: Login, program: list[str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*program, *words], env=login.env, capture_output=True, text=True, timeout=TIMEOUT_S,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def spawn(login: Login, program: list[str], *words: str) -> "pexpect.spawn[str]":
    return pexpect.spawn(
        program[0], [*program[1:], *words], env=login.env, timeout=TIMEOUT_S, encoding="utf-8"
    )


def place() -> str:
    return f"{told('LOGIN')}@{told('NODE')}"


@pytest.mark.parametrize("mode", ["peer", "observer", "moderator"])
@pytest.mark.parametrize("ours_hosts", [True, False])
def test_each_program_joins_sessions_of_the_other(
    login: Login, mode: str, *, ours_hosts: bool
) -> None:
    pair = (OURS, official()) if ours_hosts else (official(), OURS)
    host = spawn(login, pair[0], "ssh", place())
    host.expect(PROMPT)
    host.sendline("echo id=$TELEPORT_SESSION")
    host.expect("id=([0-9a-f-]{36})")
    assert isinstance(host.match, re.Match)
    guest = spawn(login, pair[1], "join", "-m", mode, str(host.match[1]))
    guest.expect_exact(f"participant mode: {mode}")
    host.sendline("echo seen-$((40+2))")
    guest.expect_exact("seen-42")
    if mode == "peer":
        guest.sendline("echo typed-$((1+1))")
        host.expect_exact("typed-2")
    guest.send("t" if mode == "moderator" else "\x03")
    if mode != "moderator":
        host.sendline("exit")
    host.expect(pexpect.EOF)
    guest.expect(pexpect.EOF)


@pytest.mark.parametrize("ours_hosts", [True, False])
def test_all_in_a_session_have_its_size(login: Login, *, ours_hosts: bool) -> None:
    pair = (OURS, official()) if ours_hosts else (official(), OURS)
    host = spawn(login, pair[0], "ssh", place())
    host.setwinsize(30, 100)
    host.expect(PROMPT)
    host.sendline("echo id=$TELEPORT_SESSION; stty size")
    host.expect("id=([0-9a-f-]{36})")
    assert isinstance(host.match, re.Match)
    ident = str(host.match[1])
    host.expect_exact("30 100")
    guest = spawn(login, pair[1], "join", "-m", "peer", ident)
    guest.expect_exact("\x1b[8;30;100t")
    guest.setwinsize(30, 100)
    guest.expect_exact("participant mode: peer")
    host.setwinsize(33, 111)
    guest.expect_exact("\x1b[8;33;111t")
    guest.setwinsize(33, 111)
    guest.setwinsize(20, 70)
    host.expect_exact("\x1b[8;20;70t")
    host.setwinsize(20, 70)
    host.sendline("stty size; exit")
    host.expect_exact("20 70")
    host.expect(pexpect.EOF)
    guest.expect(pexpect.EOF)


@pytest.mark.parametrize("words", [["true"], ["exit 3"], ["-t", "echo out"]])
def test_to_the_background(login: Login, words: list[str]) -> None:
    *flags, command = words
    both = [run(login, one, "ssh", "-f", *flags, place(), command) for one in (OURS, official())]
    assert both[0].returncode == both[1].returncode == 0
    assert both[0].stdout == both[1].stdout


class Ended(msgspec.Struct):
    """What a list of recordings says of one, as far as needed."""

    sid: str
    proto: str = ""
    interactive: bool = False


@pytest.fixture(scope="module")
def recording(login: Login) -> str:
    """The oldest recording of a terminal in the list: a node hands new ones over a while later."""
    text = run(login, OURS, "recordings", "ls", "--limit=50", "--format=json").stdout
    found = [one.sid for one in msgspec.json.decode(text, type=list[Ended])
             if one.proto == "ssh" and one.interactive]  # fmt: skip
    if not found:
        pytest.skip("nothing was recorded on a terminal in the last day")
    return found[-1]


@pytest.mark.parametrize("format_name", ["json", "yaml", "text"])
def test_a_recording_is_the_same(login: Login, recording: str, format_name: str) -> None:
    words = ("play", "--format", format_name, recording)
    assert run(login, OURS, *words).stdout == run(login, official(), *words).stdout != ""


@pytest.mark.parametrize(
    "words",
    [
        "sessions ls",
        "sessions ls -f json",
        "sessions ls --kind=ssh -f yaml",
        "recordings ls --limit 3",
        "recordings ls --limit 3 -f json",
        "recordings ls --limit 3 -f yaml",
        "request ls",
        "request ls -f json",
        "request ls -f yaml --my-requests",
        "request search --kind node",
        "request search --kind db -v",
    ],
)
def test_lists_are_the_same(login: Login, words: str) -> None:
    ours, theirs = (run(login, program, *words.split()) for program in (OURS, official()))
    assert (ours.stdout, ours.returncode) == (theirs.stdout, theirs.returncode)


def test_resolving_is_the_same(login: Login) -> None:
    for words in (("resolve", told("NODE")), ("resolve", "-f", "json", told("NODE"))):
        assert run(login, OURS, *words).stdout == run(login, official(), *words).stdout != ""


def test_a_json_list_is_one(login: Login) -> None:
    text = run(login, OURS, "recordings", "ls", "--format=json").stdout
    assert isinstance(msgspec.json.decode(text), list)

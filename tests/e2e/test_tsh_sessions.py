"""Sessions of others, recordings and access requests: our tsh against the demo."""

import re
import sys
from collections.abc import Iterator

import msgspec
import pexpect
import pytest

from tests.e2e.test_tsh_demo import Person, ended
from tests.support.demo_process import RunningDemo, running_demo

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="needs a pty"),
]
PROMPT = r"alice@[\w-]+:.*\$ "

AS_ALICE = ("--db-user=alice", "--db-name=orders")


class Spec(msgspec.Struct):
    session_id: str
    target_hostname: str
    state: int = 0


class Tracker(msgspec.Struct):
    spec: Spec


@pytest.fixture(scope="module")
def demo() -> Iterator[RunningDemo]:
    asked = ("--asked-database", "ledger", "--asked-kube", "sealed")
    arguments = ("--allow-code-reuse", "--no-postgres", "--moderated-node", "build")
    with running_demo(*arguments, *asked) as running:
        yield running


@pytest.fixture(scope="module")
def person(demo: RunningDemo, tmp_path_factory: pytest.TempPathFactory) -> Person:
    folder = tmp_path_factory.mktemp("person")
    somebody = Person(demo.ready, folder / "home")
    somebody.env["HOME"] = str(folder)
    text, status = somebody.log_in()
    assert status == 0, text
    return somebody


def session_on(person: Person, node: str) -> Spec:
    """The one session on a node."""
    listed = person.run("sessions", "ls", "--format=json")
    trackers = msgspec.json.decode(listed.stdout, type=list[Tracker])
    (found,) = [one.spec for one in trackers if one.spec.target_hostname == node]
    return found


def leave(child: "pexpect.spawn[str]") -> None:
    child.sendline("exit")
    assert ended(child)[1] == 0


def test_a_peer_types_along(person: Person) -> None:
    host = person.spawn("ssh", "alice@web-1")
    host.expect(PROMPT)
    guest = person.spawn("join", "-m", "peer", session_on(person, "web-1").session_id)
    host.expect_exact("joined the session")
    guest.sendline("echo typed by the $((40+2))")
    host.expect_exact("typed by the 42")
    guest.expect_exact("typed by the 42")
    leave(host)
    assert ended(guest)[1] == 0


def test_all_in_a_session_have_its_size(person: Person) -> None:
    host = person.spawn("ssh", "alice@web-1", rows=30, cols=100)
    host.expect(PROMPT)
    guest = person.spawn("join", "-m", "peer", session_on(person, "web-1").session_id)
    guest.expect_exact("\x1b[8;30;100t")  # the question a terminal grants or doesn't
    guest.setwinsize(30, 100)
    host.expect_exact("joined the session")
    host.setwinsize(33, 111)
    guest.expect_exact("\x1b[8;33;111t")
    guest.setwinsize(33, 111)
    guest.setwinsize(20, 70)
    host.expect_exact("\x1b[8;20;70t")
    host.setwinsize(20, 70)
    host.sendline("stty size")
    host.expect_exact("20 70")
    leave(host)
    assert ended(guest)[1] == 0


def test_an_observer_only_looks_and_leaves_with_ctrl_c(person: Person) -> None:
    host = person.spawn("ssh", "alice@web-2")
    host.expect(PROMPT)
    guest = person.spawn("join", session_on(person, "web-2").session_id)
    host.expect_exact("joined the session")
    guest.sendline("echo never $((40+2))")
    host.sendline("echo seen $((1+1))")
    guest.expect_exact("seen 2")
    assert "never" not in (guest.before or "")
    guest.sendcontrol("c")
    text, status = ended(guest)
    assert ("Left session" in text, status) == (True, 0)
    host.expect_exact("left the session")
    leave(host)


def test_a_moderator_lets_it_begin_and_may_end_it(person: Person) -> None:
    host = person.spawn("ssh", "alice@build")
    host.expect_exact("Waiting for required participants")
    waiting = session_on(person, "build")
    assert waiting.state == 0
    guest = person.spawn("join", "-m", "moderator", waiting.session_id)
    host.expect(PROMPT)
    assert session_on(person, "build").state == 1
    guest.send("t")
    text, status = ended(guest)
    assert ("Forcefully terminating session" in text, status) == (True, 0)
    assert ended(host)[1] != 0


def test_a_session_that_is_over_cannot_be_joined(person: Person) -> None:
    ident = "2b92a4a2-0000-4000-8000-000000000000"
    refused = person.run("join", ident)
    assert refused.returncode == 1
    assert f'session "{ident}" not found or it has ended' in refused.stderr


def recorded(person: Person, command: str) -> str:
    """Run a command on a terminal and give the recording's id."""
    child = person.spawn("ssh", "-t", "alice@web-1", command)
    assert ended(child)[1] == 0
    listed = person.run("recordings", "ls", "--limit=1", "--format=json")
    (found,) = msgspec.json.decode(listed.stdout, type=list[dict[str, object]])
    return str(found["sid"])


def test_a_recording_plays_as_it_was(person: Person) -> None:
    ident = recorded(person, "printf 'one\\ntwo\\n'")
    assert person.run("play", "--format=text", ident).stdout == "one\ntwo\n"
    shown = person.run("play", ident).stdout
    assert shown.startswith("\x1b[2J")
    assert shown.endswith("one\ntwo\n")
    events = msgspec.json.decode(person.run("play", "-f", "json", ident).stdout, type=list[object])
    kinds = re.findall(r'"event": "([a-z.]+)"', person.run("play", "-f", "json", ident).stdout)
    assert (kinds[0], kinds[-1]) == ("session.start", "session.end")
    assert len(events) == len(kinds)
    table = person.run("recordings", "ls").stdout
    assert re.search(rf"^{ident} ssh  alice +web-1 ", table, re.MULTILINE), table


def test_playing_obeys_keys(person: Person) -> None:
    ident = recorded(person, "echo begin; sleep 30 & read -t 1 never; echo end")
    player = person.spawn("play", "--speed=0.5x", ident)
    player.expect_exact("begin")
    player.send("\x1b[C")
    player.expect_exact("end")
    assert ended(player)[1] == 0


def test_a_request_is_granted_used_and_dropped(person: Person) -> None:
    refused = person.run("ssh", "operator@web-1", "true")
    assert "access denied to operator" in refused.stderr
    asked = person.run("request", "create", "--roles=demo-operator", "--reason=a test")
    assert asked.returncode == 0, asked.stderr
    assert "Active requests:" in asked.stdout
    used = person.run("ssh", "operator@web-1", "echo in")
    assert used.stdout == "in\n", used.stderr
    dropped = person.run("request", "drop")
    assert "Active requests:" not in dropped.stdout
    assert person.run("ssh", "operator@web-1", "true").returncode == 1


def test_access_to_a_node_is_asked_for_by_itself(person: Person) -> None:
    off = person.run("ssh", "--request-mode=off", "operator@web-1", "true")
    assert (off.returncode, off.stdout) == (1, "")
    nobody = person.run("ssh", "nobody-has-this@web-1", "true")
    assert (nobody.returncode, nobody.stdout) == (1, ""), "there is no role to ask for"
    used = person.run("ssh", "--request-reason=a test", "operator@web-1", "echo in")
    assert "access denied to operator connecting to web-1" in used.stderr
    assert 'You do not currently have access to "operator@web-1"' in used.stdout
    assert used.stdout.endswith("Getting updated certificates...\n\nin\n"), used.stderr
    person.run("request", "drop")


def test_access_to_a_database_is_asked_for_by_itself(person: Person) -> None:
    off = person.run("db", "login", "--disable-access-request", "ledger", *AS_ALICE)
    assert (off.returncode, off.stdout) == (1, "")
    assert 'database "ledger" not found' in off.stderr
    nowhere = person.run("db", "login", "--request-reason=a test", "nowhere")
    assert (nowhere.returncode, nowhere.stdout) == (1, ""), "there is nothing to ask for"
    used = person.run("db", "login", "--request-reason=a test", "ledger", *AS_ALICE)
    assert used.returncode == 0, used.stderr
    assert used.stdout.startswith('You do not currently have access to "ledger"')
    assert 'Connection information for database "ledger" has been saved.' in used.stdout
    person.run("request", "drop")


def test_access_to_a_kubernetes_cluster_is_asked_for_by_itself(person: Person) -> None:
    off = person.run("kube", "login", "--disable-access-request", "sealed")
    assert (off.returncode, off.stdout) == (1, "")
    child = person.spawn("kube", "login", "sealed")
    child.expect_exact('kubernetes cluster "sealed" not found')
    child.expect_exact(r'have access to "kubernetes cluster \"sealed\"", attempting')
    child.expect_exact("Enter request reason: ")
    child.sendline("a test")
    text, status = ended(child)
    assert (status, "Logged into Kubernetes cluster" in text) == (0, True), text
    asked = person.run("kubectl", "get", "pods")
    assert asked.returncode == 0, asked.stderr
    person.run("request", "drop")
    refused = person.run("kubectl", "get", "pods")
    assert refused.returncode != 0, "the cluster lets nobody in without the role"


@pytest.mark.parametrize("decision", ["approve", "deny"])
def test_a_role_is_asked_for_by_itself(person: Person, demo: RunningDemo, decision: str) -> None:
    child = person.spawn("ssh", "--request-mode=role", "auditor@web-1", "echo in-$((40+2))")
    child.expect_exact("Enter request reason: ")
    child.sendline("a test")
    child.expect(r"Request ID: +([0-9a-f-]{36})")
    assert isinstance(child.match, re.Match)
    ident = str(child.match[1])
    child.expect_exact("Waiting for request approval...")
    demo.tell(f"{decision} {ident}")
    text, status = ended(child)
    assert ("in-42" in text, status) == ((True, 0) if decision == "approve" else (False, 1)), text
    assert "demo-auditor" in person.run("request", "show", ident).stdout
    person.run("request", "drop")


@pytest.mark.parametrize(("decision", "state"), [("approve", "APPROVED"), ("deny", "DENIED")])
def test_somebody_else_decides(
    person: Person, demo: RunningDemo, decision: str, state: str
) -> None:
    child = person.spawn("request", "create", "--roles=demo-auditor", "--reason=a test")
    child.expect(r"Request ID: +([0-9a-f-]{36})")
    assert isinstance(child.match, re.Match)
    ident = str(child.match[1])
    child.expect_exact("Waiting for request approval...")
    listed = person.run("request", "ls").stdout
    assert re.search(rf"^{ident} .* PENDING ", listed, re.MULTILINE), listed
    demo.tell(f"{decision} {ident}")
    text, status = ended(child)
    assert status == (0 if decision == "approve" else 1), text
    assert f"Status:         {state}" in person.run("request", "show", ident).stdout
    person.run("request", "drop")


def test_one_cannot_review_oneself(person: Person) -> None:
    asked = person.run("request", "create", "--roles=demo-auditor", "--nowait")
    ident = re.search(r"Request ID: +([0-9a-f-]{36})", asked.stdout)
    assert ident is not None
    review = person.run("request", "review", "--approve", ident[1])
    assert review.returncode == 1
    assert "cannot review" in review.stderr


def test_roles_nobody_may_ask_for(person: Person) -> None:
    refused = person.run("request", "create", "--roles=root")
    assert refused.returncode == 1
    assert 'can not request role "root"' in refused.stderr


def test_search_names_the_ids_to_ask_for(person: Person, demo: RunningDemo) -> None:
    found = person.run("request", "search", "--kind=db")
    assert f"/{demo.ready.root}/db/archive" in found.stdout
    assert "> tsh request create --resource " in found.stdout


def test_resolve_and_latency(person: Person) -> None:
    assert person.run("resolve", "-q", "web-1").returncode == 0
    assert person.run("resolve", "-q", "nothing").returncode == 1
    assert "multiple matching hosts" in person.run("resolve", "role=web").stderr
    assert re.search(r"web-1: \d+\.\d ms", person.run("latency", "ssh", "alice@web-1").stdout)

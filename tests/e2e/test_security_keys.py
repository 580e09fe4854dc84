"""Security keys against the demo, by our tsh at a terminal: logins, devices, sessions, headless."""

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.demo_process import ROOT, Ready, RunningDemo, running_demo
from tests.support.key_owner import PIN, TALK_S, MadeKey, made_key, talk
from tests.support.login import code

pytestmark = pytest.mark.slow
TAP = "Tap any security key"
DETECTED = "Detected security key tap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A demo whose users have a key, and where their programs run."""

    demo: RunningDemo
    key: MadeKey
    folder: Path

    @property
    def bob(self) -> Ready:
        """The user whose role wants the key for every session."""
        return self.demo.ready.as_user("bob")

    def env(self, home: str = "home") -> dict[str, str]:
        """The environment of a person with a folder of their own."""
        where = self.folder / home
        where.mkdir(exist_ok=True)
        return {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "TELEPORT_HOME": str(where),
            "TELETERM_HOME": str(self.folder / "teleterm"),
            "TELEPORT_TOOLS_VERSION": "off",
            "SSL_CERT_FILE": self.demo.ready.ca_file,
            "KUBECONFIG": str(where / "kubeconfig"),
        }

    def say(
        self,
        *words: str,
        answers: Mapping[str, str] | None = None,
        home: str = "home",
        status: int = 0,
    ) -> str:
        """Run our tsh with the key in a pty; gives what it printed."""
        return talk([*self.key.tsh, *words], self.env(home), answers or {}, status=status)

    def log_in(self, home: str, user: str = "bob") -> str:
        """Log in with password and key."""
        person = self.demo.ready.as_user(user)
        return self.say(
            "login",
            f"--proxy={person.proxy}",
            f"--user={user}",
            answers={"Enter password": person.password},
            home=home,
        )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One for all; bob is logged in at `home`."""
    folder = tmp_path_factory.mktemp("keys")
    key = made_key(folder / "key", "bob", "alice")
    alice = ["--user-key", str(folder / "key" / "alice.json")]
    with running_demo(*key.demo_words, *alice, "--allow-code-reuse") as demo:
        found = Place(demo=demo, key=key, folder=folder)
        said = found.log_in("home")
        assert "Tap any security key or enter a code from a OTP device" in said
        assert DETECTED in said
        assert "demo-careful" in said
        yield found


def test_every_session_wants_a_tap(place: Place) -> None:
    said = place.say("ssh", "bob@web-1", "hostname")
    assert 'MFA is required to access Node "web-1"' in said
    assert said.count(TAP) == 1
    assert said.rstrip().endswith("web-1")
    said = place.say("ssh", "--cluster=leaf.demo.localhost", "bob@edge-1", "hostname")
    assert said.count(DETECTED) == 1
    assert said.rstrip().endswith("edge-1")


def test_a_database_and_an_application_want_one_too(place: Place) -> None:
    if place.demo.ready.databases[0].online:
        said = place.say(
            "db", "connect", "orders", "--db-user=alice", "--db-name=postgres",
            answers={"postgres=>": "\\q"},
        )  # fmt: skip
        assert 'MFA is required to access Database "orders"' in said
        assert said.count(DETECTED) == 1
        said = place.say(
            "db", "exec", "select 40 + 2", "--dbs=orders,stock", "--db-user=alice",
            "--db-name=postgres",
        )  # fmt: skip
        assert said.count(DETECTED) == 1  # one touch, whatever the number of databases
        assert "42" in said
    said = place.say("apps", "login", "wiki")
    assert 'MFA is required to access Application "wiki"' in said
    files = place.folder / "home" / "keys" / "localhost" / "bob-app" / "demo.localhost"
    answer = subprocess.run(
        [
            "curl", "-sS", "--cacert", place.demo.ready.ca_file,
            "--resolve", f"wiki.localhost:{place.demo.ready.port}:127.0.0.1",
            "--cert", files / "wiki.crt", "--key", files / "wiki.key",
            f"https://wiki.localhost:{place.demo.ready.port}/whoami",
        ],
        capture_output=True, text=True, timeout=TALK_S, check=True,
    )  # fmt: skip
    assert '"user": "bob"' in answer.stdout


def test_without_a_key_there_is_no_session(place: Place) -> None:
    without = MadeKey(memory=place.folder / "no memory", told=place.key.told)
    said = talk(
        [*without.tsh, "ssh", "bob@web-1", "hostname"], place.env(), {}, status=1
    )  # fmt: skip
    assert "not registered with Teleport" in said
    place.log_in("alice", "alice")
    assert place.say("ssh", "alice@web-1", "hostname", home="alice").strip() == "web-1"


def test_without_password(place: Place) -> None:
    words = ["login", f"--proxy={place.bob.proxy}", "--auth=passwordless"]
    said = place.say(*words, answers={"PIN:": PIN, "Choose the user": "bob"}, home="alone")
    assert "Logged in as:       bob" in said
    said = place.say(*words, answers={"PIN:": "4321"}, home="wrong", status=1)
    assert "The PIN of the security key is wrong" in said


def test_devices_come_and_go(place: Place) -> None:
    other = MadeKey(memory=place.folder / "other", told=place.key.told)
    place.log_in("devices", "alice")
    env = place.env("devices")
    # The new key has to be another one than the one that confirms it: a code confirms here.
    words = ["mfa", "add", "--name=spare", "--type=WEBAUTHN", "--no-allow-passwordless"]
    fresh = code(place.demo.ready.totp_secret)
    said = talk([*other.tsh, *words, "--mfa-mode=otp"], env, {"OTP code": fresh, "PIN:": PIN})
    assert 'MFA device "spare" added.' in said
    listed = place.say("mfa", "ls", home="devices")
    assert [line.split()[:2] for line in listed.splitlines()[2:5]] == [
        ["authenticator", "TOTP"], ["soft", "WebAuthn"], ["spare", "WebAuthn"],
    ]  # fmt: skip
    assert 'MFA device "spare" removed.' in place.say("mfa", "rm", "spare", home="devices")
    assert "not found" in place.say("mfa", "rm", "spare", home="devices", status=1)


@contextlib.contextmanager
def headless(place: Place) -> "Iterator[tuple[subprocess.Popen[str], str]]":
    """A headless `tsh ls` that waits; gives it and its request's id."""
    words = ["--headless", f"--proxy={place.bob.proxy}", "--user=bob", "ls", "-f", "names"]
    with subprocess.Popen(
        [*place.key.tsh, *words],
        env=place.env("elsewhere"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as waiting:
        assert waiting.stderr is not None
        line = next(line for line in waiting.stderr if line.startswith("tsh headless approve"))
        yield waiting, line.split()[-1]


def test_headless_approved(place: Place) -> None:
    with headless(place) as (waiting, ident):
        place.say("headless", "approve", ident, answers={"Approve": "y"})
        out, _ = waiting.communicate(timeout=TALK_S)
    assert waiting.returncode == 0
    assert "web-1" in out.splitlines()
    assert list((place.folder / "elsewhere").iterdir()) == []


def test_a_headless_login_that_nobody_waits_for_is_named(place: Place) -> None:
    ident = "0f0e0d0c-0b0a-5908-8706-050403020100"
    said = place.say("headless", "approve", ident, status=1)
    assert f'no headless login "{ident}" is waiting' in said
    assert "Compare the id" in said


def test_headless_rejected(place: Place) -> None:
    with headless(place) as (waiting, ident):
        place.say("headless", "approve", ident, answers={"Approve": "n"})
        _, said = waiting.communicate(timeout=TALK_S)
    assert waiting.returncode == 1
    assert "eadless authentication denied" in said


def test_a_locked_user_is_sent_away_and_kept_out(place: Place) -> None:
    process = subprocess.Popen(
        [*place.key.tsh, "ssh", "bob@web-1", "echo here; exec cat"],
        env=place.env(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        place.demo.tell("lock bob")
        try:
            process.wait(TALK_S)
            assert process.returncode == 1
            for words in (["ls"], ["ssh", "bob@web-1", "true"]):
                assert 'lock targeting User:"bob" is in force' in place.say(*words, status=1)
        finally:
            place.demo.tell("unlock bob")
            process.stdin.close()
    assert "web-1" in place.say("ls")


def test_a_clock_and_a_version_that_do_not_fit(place: Place) -> None:
    """The cluster lives in yesterday, and wants a newer client."""
    day_s = 86_400
    with running_demo(
        f"--clock-ahead={-day_s}", "--min-client-version=99.0.0", "--no-postgres"
    ) as demo:
        person = demo.ready
        words = ["login", f"--proxy={person.proxy}", f"--user={person.user}"]
        answers = {
            "Enter password": person.password,
            "code from": code(person.totp_secret, time.time() - day_s),
        }
        env = place.env("yesterday") | {"SSL_CERT_FILE": person.ca_file}
        said = talk([*place.key.tsh, *words], env, answers, status=1)
        assert "asks for tsh 99.0.0 or newer" in said
        assert "gave certificates that ended at" in said
        assert "Check this computer's clock" in said
        assert "No proxy address" in talk([*place.key.tsh, "ls"], env, {}, status=1)

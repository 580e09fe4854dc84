"""Security keys in the window: a login without password, sessions, a headless login let in."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.support.demo_process import ROOT, Ready, running_demo
from tests.support.key_owner import PIN, TALK_S, MadeKey, as_program, made_key
from tests.support.person import Person, teleterm

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(240)]

URI = "/clusters/localhost"


class Owner(Person):
    """Somebody whose key waits for their finger."""

    def __init__(self, home: Path, finger: Path, pictures: Path | None) -> None:
        super().__init__(home, pictures)
        self._finger = finger

    def touches(self) -> None:
        """Touch the key."""
        self._finger.touch()


def test_bob_and_his_key(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("h")
    home.chmod(0o700)
    places = tmp_path_factory.mktemp("k")
    finger = places / "finger"
    key = made_key(places / "key", "bob", "alice")
    alice = ["--user-key", str(places / "key" / "alice.json")]
    (home / "config").mkdir(mode=0o700)
    program = as_program(key, places, finger)
    settings = json.dumps({"tsh.path": str(program)})
    (home / "config" / "app_config.json").write_text(settings)
    album = os.environ.get("TELETERM_ALBUM")
    with (
        running_demo(*key.demo_words, *alice) as demo,
        teleterm(home, SSL_CERT_FILE=demo.ready.ca_file),
    ):
        person = Owner(home, finger, Path(album) if album else None)
        logs_in_without_password(person, demo.ready)
        opens_a_shell(person)
        if demo.ready.databases[0].online:
            opens_a_database(person)
        lets_a_command_in(person, demo.ready, key, places)


def logs_in_without_password(person: Owner, demo: Ready) -> None:
    person.sees("ui: dialog shown dlg_links")
    person.key("Escape")
    person.sees("ui: dialog closed dlg_links")
    person.click_named("new.address.entry")
    person.types(demo.proxy)
    person.key("Return")
    person.sees("ui: dlg_login form ready")
    person.photographs("20-login-ways")
    person.click_named("form.passwordless")
    person.sees("ui: focus .dlg_login.body.key.pin.entry")
    person.photographs("21-login-pin")
    person.types(PIN)
    person.key("Return")
    person.sees("ui: dlg_login asks for the key: touch")
    person.photographs("22-login-touch")
    person.touches()
    person.sees("ui: dlg_login asks for the key: user")
    person.photographs("23-login-users")
    mark = person.mark()
    person.click_named("key.user2")
    person.sees("ui: dialog closed dlg_login", after=mark)
    person.sees(rf"ui: counts shown {URI} servers=3", after=mark)


def opens_a_shell(person: Owner) -> None:
    mark = person.mark()
    person.sees("ui: resources shown servers 3")
    person.click_row(r"\S*/servers/\S+", nth=1)
    person.key("Return")
    person.sees("ui: picker shown", after=mark)
    person.key("Return")
    person.sees("ui: terminal live bob@web-1", after=mark)
    person.waits_to_read("Tap any security key")
    person.touches()
    person.waits_to_read(r"\$\s*$")
    person.types("hostname\n")
    person.waits_to_read(r"\nweb-1\n")


def opens_a_database(person: Owner) -> None:
    mark = person.mark()
    person.click_row(f"kind:databases:{URI}", tree=True)
    person.sees("ui: resources shown databases", after=mark)
    person.click_row(f"{URI}/dbs/orders")
    person.key("Return")
    person.sees("ui: picker shown", after=mark)
    person.key("Return")
    person.sees("ui: dialog shown dlg_mfa", after=mark)
    person.photographs("24-session-key")
    person.touches()
    person.sees("ui: dialog closed dlg_mfa", after=mark)
    person.sees(r"ui: gateway shown orders port=\d+", after=mark)


def lets_a_command_in(person: Owner, demo: Ready, key: MadeKey, places: Path) -> None:
    """A command elsewhere is let in from here; another one is turned away."""
    elsewhere = places / "elsewhere"
    elsewhere.mkdir()
    env = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "TELEPORT_HOME": str(elsewhere),
        "SSL_CERT_FILE": demo.ca_file,
    }
    words = ["--headless", f"--proxy={demo.proxy}", "--user=bob", "ls", "-f", "names"]
    for is_welcome in (True, False):
        mark = person.mark()
        with subprocess.Popen(
            [*key.tsh, *words], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as waiting:
            person.sees("ui: dialog shown dlg_headless", after=mark)
            if is_welcome:
                person.photographs("25-headless")
                person.click_named("dlg_headless.body.buttons.approve")
                person.sees("ui: dlg_headless asks for the key", after=mark)
                person.photographs("26-headless-key")
                person.touches()
            else:
                person.key("Return")
            out, said = waiting.communicate(timeout=TALK_S)
        person.sees("ui: dialog closed dlg_headless", after=mark)
        assert waiting.returncode == (0 if is_welcome else 1), said
        assert ("web-1" in out) is is_welcome

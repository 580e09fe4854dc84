"""What goes wrong, as a person meets it: the right words at the right place, the rest goes on.

Each window has a local shell open while things go wrong; it must still answer afterwards.
"""

import os
import re
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.demo_process import Ready, RunningDemo, running_demo
from tests.support.login import code
from tests.support.person import Person, pid_of, teleterm

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300)]

ROOT = "/clusters/localhost"
PROMPT = r"[$#]\s*$"


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for all of the program's state, with a short path; no links are offered."""
    folder = tmp_path_factory.mktemp("h")
    folder.chmod(0o700)
    return folder


@contextmanager
def person_at(home: Path, **environment: str) -> Iterator[Person]:
    """Somebody in front of the program, who put the offer of links off."""
    album = os.environ.get("TELETERM_ALBUM")
    with teleterm(home, SHELL="/bin/bash", **environment):
        person = Person(home, Path(album) if album else None)
        person.sees("ui: dialog shown dlg_links")
        person.key("Escape")
        person.sees("ui: dialog closed dlg_links")
        yield person
        assert not re.search(r"ui: (callback failed|refused|no place)", person.log.read())


def open_local_shell(person: Person) -> None:
    """A shell of this computer, in the first tab."""
    mark = person.mark()
    person.key("ctrl+shift+grave")
    person.sees("ui: terminal live ", after=mark)
    person.waits_to_read(PROMPT)
    answers(person, "before")


def answers(person: Person, word: str) -> None:
    """The shell in front still runs what is typed."""
    person.types(f"echo it-{word}-s\n")
    person.waits_to_read(rf"\nit-{word}-s\n")


def still_answers(person: Person, word: str) -> None:
    """The local shell, in the first tab, still runs what is typed."""
    mark = person.mark()
    person.key("alt+1")
    person.sees("ui: tab shown kind=shell", after=mark)
    answers(person, word)


def add(person: Person, address: str) -> int:
    """Type an address into the dialog; gives the moment before Return."""
    mark = person.mark()
    person.click_row("add", tree=True)
    person.sees("ui: dialog shown dlg_add", after=mark)
    person.types(address)
    mark = person.mark()
    person.key("Return")
    return mark


def log_in(person: Person, cluster: Ready, password: str = "") -> int:
    """Name and password into the open login dialog; gives the moment before Return."""
    person.types(cluster.user)
    person.key("Tab")
    person.types(password or cluster.password)
    mark = person.mark()
    person.key("Return")
    return mark


def confirm(person: Person, cluster: Ready) -> None:
    """The code of now, and the counts that follow."""
    mark = person.mark()
    person.types(code(cluster.totp_secret))
    person.sees("ui: dialog closed dlg_login", after=mark)
    person.sees(rf"ui: counts shown {ROOT} servers=3 databases=4", after=mark)


def test_addresses_logins_nodes_databases_and_the_daemon(home: Path) -> None:
    with (
        running_demo("--allow-code-reuse") as demo,
        person_at(home, SSL_CERT_FILE=demo.ready.ca_file) as person,
    ):
        open_local_shell(person)
        wrong_addresses(person)
        wrong_login(person, demo.ready)
        node_gone(person, demo)
        port_in_use(person)
        database_stopped(person, demo)
        daemon_killed(person, home)


def wrong_addresses(person: Person) -> None:
    """A host that doesn't exist; then a port where nobody listens."""
    mark = add(person, "no-such-host.invalid")
    person.sees(
        r"ui: dlg_add error Could not reach no-such-host\.invalid: no such host\."
        r" Check the address, or your VPN\.\n",
        after=mark,
    )
    person.photographs("21-unknown-host")
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port = bound.getsockname()[1]
    person.key("ctrl+a")
    person.types(f"localhost:{port}")
    mark = person.mark()
    person.key("Return")
    person.sees(
        rf"ui: dlg_add error Could not reach localhost:{port}: nothing answered within 10 s\.\n",
        after=mark,
    )
    person.photographs("22-refused-port")
    person.key("Escape")
    person.sees("ui: dialog closed dlg_add", after=mark)
    still_answers(person, "add")


def wrong_login(person: Person, cluster: Ready) -> None:
    """A wrong password, a wrong code, then both right."""
    mark = add(person, cluster.proxy)
    person.sees("ui: focus .dlg_login.body.form.user.entry", after=mark)
    mark = log_in(person, cluster, "not the password")
    person.sees("ui: dlg_login error User name or password is not right.", after=mark)
    person.photographs("23-wrong-password")
    person.types(cluster.password)
    person.key("Return")
    person.sees("ui: focus .dlg_login.body.factor.code", after=mark)
    mark = person.mark()
    person.types("000000")
    person.sees("ui: dlg_login error The code is not right.", after=mark)
    person.sees("ui: dlg_login asks for the second factor", after=mark)
    person.photographs("24-wrong-code")
    confirm(person, cluster)
    still_answers(person, "login")


def show_servers(person: Person) -> None:
    """The page of the root's servers."""
    mark = person.mark()
    person.click_row(f"kind:servers:{ROOT}", tree=True)
    person.sees("ui: tab shown kind=resources", after=mark)


def node_gone(person: Person, demo: RunningDemo) -> None:
    """A node that doesn't answer: its tab says so, and tries again when asked to."""
    show_servers(person)
    person.sees("ui: resources shown servers 3")
    demo.tell("gone web-1")
    mark = person.mark()
    person.click_row(r"\S*/servers/\S+", nth=1)
    person.key("Return")
    person.sees("ui: picker shown", after=mark)
    person.key("Return")
    cluster = re.escape(demo.ready.proxy)
    person.sees(rf"ui: terminal failed web-1 is not connected to {cluster} right now\.", after=mark)
    person.photographs("25-node-gone")
    demo.tell("back web-1")
    mark = person.mark()
    person.click_named("banners.ended.in.choices.choice1")
    person.sees("ui: terminal live alice@web-1", after=mark)
    person.waits_to_read(PROMPT)
    answers(person, "back")
    still_answers(person, "node")


def open_database(person: Person) -> int:
    """The page of `orders`; gives its port."""
    mark = person.mark()
    person.click_row(f"kind:databases:{ROOT}", tree=True)
    person.sees("ui: resources shown databases 4", after=mark)
    person.click_row(f"{ROOT}/dbs/orders")
    person.key("Return")
    person.sees("ui: picker shown", after=mark)
    person.key("Return")
    return int(person.sees(r"ui: gateway shown orders port=(\d+)", after=mark).group(1))


def port_in_use(person: Person) -> None:
    """Another program has the port: the page says so and takes a free one when asked to."""
    before = open_database(person)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        mark = person.mark()
        person.click_named("fields.port.entry")
        person.key("ctrl+a")
        person.types(f"{port}\n")
        person.sees(rf"ui: gateway error Port {port} is in use by another program\.\n", after=mark)
        person.photographs("26-port-in-use")
        mark = person.mark()
        person.click_named("use_free_port")
        free = int(person.sees(r"ui: gateway shown orders port=(\d+)", after=mark).group(1))
    assert free not in {before, port}


def database_stopped(person: Person, demo: RunningDemo) -> None:
    """PostgreSQL is not running: psql says it, and so does the page."""
    demo.tell("stop-database")
    mark = person.mark()
    person.click_named("db_name.entry")
    person.types("orders\n")
    person.sees(r"ui: gateway shown orders port=\d+", after=mark)
    person.click_named("run")
    person.sees(r"ui: terminal (live|ended)", after=mark)
    person.waits_to_read(r'can.t\s+reach database "orders": PostgreSQL is not running there')
    person.photographs("27-database-stopped", clears_selection=True)
    still_answers(person, "database")


def daemon_killed(person: Person, home: Path) -> None:
    """The daemon dies: a banner, another daemon, and the shells don't notice."""
    mark = person.mark()
    os.kill(pid_of(home, "daemon"), signal.SIGKILL)
    person.sees(
        r"ui: banner shown daemon The tsh daemon stopped\. Terminals go on;"
        r" new connections need it\.",
        after=mark,
    )
    answers(person, "daemon")
    person.sees("ui: banner hidden daemon", after=mark)
    daemon_never_starts(person, home)


def daemon_never_starts(person: Person, home: Path) -> None:
    """The next daemons end at once: the banner waits for somebody to press Start again."""
    broken = home / "tsh"
    broken.write_text("#!/bin/sh\necho 'the disk is full' >&2\nexit 1\n")
    broken.chmod(0o700)
    settings = home / "config" / "app_config.json"
    good = settings.read_text()
    mark = person.mark()
    settings.write_text(f'{{"tsh.path": "{broken}"}}')
    person.sees("ui: settings applied", after=mark)
    os.kill(pid_of(home, "daemon"), signal.SIGKILL)
    person.sees(
        r"ui: banner shown daemon The tsh daemon can't start: the disk is full\n", after=mark
    )
    person.photographs("28-daemon-stopped")
    answers(person, "without")
    mark = person.mark()
    settings.write_text(good)
    person.sees("ui: settings applied", after=mark)
    person.click_named("banners.daemon.in.choices.choice1")
    person.sees("ui: banner hidden daemon", after=mark)
    answers(person, "again")


def test_damaged_files_and_an_unknown_authority(home: Path) -> None:
    spoil(home)
    with running_demo() as demo, person_at(home) as person:
        person.sees(
            r"ui: notice warning The file with your tabs and recent connections was damaged\."
            r" It is kept as app_state\.json\.bad-\d{8}-\d{6}\.\n"
        )
        person.sees(
            r"ui: notice warning app_config\.json can't be read\. line 1, column 41: a value was"
            r" expected here\. The last good settings stay in force\.\n"
        )
        person.sees(
            r"ui: notice warning The profile of broken\.example\.com was damaged\."
            r" It is kept as broken\.example\.com\.yaml\.\S+; add the cluster again to log in\.\n"
        )
        person.photographs("31-damaged-files")
        assert 'theme": "light"' in (home / "config" / "app_config.json").read_text()
        mark = person.mark()
        person.click_named("new.address.entry")
        person.types(f"{demo.ready.proxy}\n")
        person.sees(
            r"ui: home error The certificate of localhost is not signed by an authority this"
            r" computer trusts\. Add the authority to this computer's trusted roots\.",
            after=mark,
        )
        person.photographs("32-unknown-authority")
        open_local_shell(person)


def spoil(home: Path) -> None:
    """Write a profile, settings and a state as a disk that was full leaves them."""
    profiles = home / "data" / "tsh"
    for folder in (profiles, home / "config", home / "state"):
        folder.mkdir(parents=True, mode=0o700)
    (profiles / "broken.example.com.yaml").write_bytes(b"web_proxy_addr: {{{ \xff")
    (home / "config" / "app_config.json").write_text('{"theme": "light", "terminal.fontSize": ')
    (home / "state" / "app_state.json").write_text('{"version": 1, "recent": [')


def test_a_login_that_ends_and_a_client_that_is_missing(home: Path) -> None:
    with (
        running_demo("--allow-code-reuse", "--session-ttl", "15") as demo,
        person_at(
            home, SSL_CERT_FILE=demo.ready.ca_file, PATH=str(path_without(home, "psql"))
        ) as person,
    ):
        open_local_shell(person)
        mark = add(person, demo.ready.proxy)
        person.sees("ui: focus .dlg_login.body.form.user.entry", after=mark)
        mark = log_in(person, demo.ready)
        person.sees("ui: focus .dlg_login.body.factor.code", after=mark)
        confirm(person, demo.ready)
        client_missing(person)
        login_ended(person, demo.ready)


def path_without(home: Path, missing: str) -> Path:
    """A folder with every program of this computer's PATH but one."""
    folder = home / "programs"
    folder.mkdir()
    for place in reversed(os.get_exec_path()):
        for program in Path(place).glob("*"):
            link = folder / program.name
            link.unlink(missing_ok=True)
            if program.name != missing:
                link.symlink_to(program)
    return folder


def client_missing(person: Person) -> None:
    """Without psql there is no Run, and the command can be copied."""
    mark = person.mark()
    open_database(person)
    person.sees(
        r"ui: gateway without client psql was not found in PATH\."
        r" Install it, or copy the command\.\n",
        after=mark,
    )
    person.photographs("33-client-missing")
    person.click_named("command.buttons.copy")
    person.sees("ui: notice success Copied", after=mark)


def login_ended(person: Person, cluster: Ready) -> None:
    """The certificate runs out: pages lock, shells go on, one login unlocks."""
    show_servers(person)
    cluster_name = re.escape(cluster.proxy)
    person.sees(
        rf"ui: resources locked Your login on {cluster_name} ended at \d\d:\d\d\."
        r" Log in to go on\.\n"
    )
    person.photographs("34-login-ended")
    still_answers(person, "ended")
    mark = person.mark()
    person.key("alt+2")
    person.sees("ui: tab shown kind=resources", after=mark)
    person.click_named("banners.locked.in.choices.choice1")
    person.sees("ui: focus .dlg_login.body.form.password.entry", after=mark)
    person.types(f"{cluster.password}\n")
    person.sees("ui: focus .dlg_login.body.factor.code", after=mark)
    confirm(person, cluster)
    person.sees("ui: resources shown servers 3", after=mark)
    still_answers(person, "unlocked")

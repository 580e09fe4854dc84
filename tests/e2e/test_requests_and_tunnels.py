"""Access requests of the demo and the page of tunnels, worked by a person with the keyboard."""

import os
import socket
from pathlib import Path

import pytest

from tests.support.demo_home import ROOT, logged_in, unfolds_the_tree
from tests.support.demo_process import running_demo
from tests.support.person import Person, teleterm

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(180)]


def test_ask_for_a_role_and_see_the_tunnels(tmp_path_factory: pytest.TempPathFactory) -> None:
    album = os.environ.get("TELETERM_ALBUM")
    with running_demo("--asked-node", "vault") as demo:
        home = logged_in(tmp_path_factory.mktemp("r"), demo.ready)
        with teleterm(home, SSL_CERT_FILE=demo.ready.ca_file):
            person = Person(home, Path(album) if album else None)
            unfolds_the_tree(person)
            asks_for_a_role(person)
            asks_for_a_server(person)
            port = looks_at_tunnels(person)
            copies_a_file(person, tmp_path_factory.mktemp("files"))
        with teleterm(home, SSL_CERT_FILE=demo.ready.ca_file):
            finds_the_tunnel_again(Person(home, Path(album) if album else None), port)


def asks_for_a_role(person: Person) -> None:
    mark = person.mark()
    person.click_row(f"requests:{ROOT}", tree=True)
    person.sees(r"ui: requests shown 0", after=mark)
    person.photographs("10-requests-empty")
    person.click_named("head.new")
    person.sees(r"ui: requestable roles [1-9]", after=mark)
    person.sees(r"ui: focus \.dlg_new_request\.body\.roles\.role0", after=mark)
    person.key("space")
    person.photographs("11-request-new")
    person.key("Tab", "Tab")
    person.sees(r"ui: focus \.dlg_new_request\.body\.reason", after=mark)
    person.types("to look at the orders")
    person.key("Return")
    person.sees(r"ui: dialog closed dlg_new_request", after=mark)
    person.sees(r"ui: requests shown 1", after=mark)
    person.photographs("12-requests")
    mark = person.mark()
    person.click_row(r"[0-9a-f-]{36}")
    person.key("Return")
    person.sees(r"ui: dialog shown dlg_request", after=mark)
    person.photographs("13-request")
    person.sees(r"ui: focus \.dlg_request\.body\.buttons\.assume", after=mark)
    person.key("Return")
    person.sees(r"ui: request assume Done", after=mark)
    person.sees(r"ui: requests shown 1", after=mark)
    person.photographs("13-request-in-use")
    mark = person.mark()
    person.click_row(r"[0-9a-f-]{36}")
    person.key("Return")
    person.sees(r"ui: dialog shown dlg_request", after=mark)
    person.sees(r"ui: focus \.dlg_request\.body\.buttons\.drop", after=mark)
    person.key("Return")
    person.sees(r"ui: request drop Done", after=mark)
    person.sees(r"ui: requests shown 1", after=mark)
    mark = person.mark()
    person.click_row(r"[0-9a-f-]{36}")
    person.key("Return")
    person.sees(r"ui: dialog shown dlg_request", after=mark)
    person.click_named("dlg_request.body.buttons.delete")
    person.sees(r"ui: request delete Done", after=mark)
    person.sees(r"ui: requests shown 0", after=mark)


def asks_for_a_server(person: Person) -> None:
    """One that is only there on request: asked for, assumed, entered, dropped in the status bar."""
    mark = person.mark()
    person.click_row(f"kind:servers:{ROOT}", tree=True)
    person.sees(r"ui: resources shown servers 4", after=mark)
    person.key("slash")
    person.sees(r"ui: focus \S+\.head\.filter\.entry", after=mark)
    person.types("vault\n")
    person.sees(r"ui: resources shown servers 1", after=mark)
    person.sees(r"ui: focus \S+\.area\.table", after=mark)
    person.key("space")
    person.sees(r"ui: resources ticked 1", after=mark)
    person.key("space")
    person.sees(r"ui: resources ticked 0", after=mark)
    mark = person.mark()
    person.key("space")
    person.sees(r"ui: resources ticked 1", after=mark)
    person.photographs("16-servers-ticked")
    person.click_named("ticked.line.request")
    person.sees(r"ui: dialog shown dlg_new_request", after=mark)
    person.sees(r"ui: focus \.dlg_new_request\.body\.reason", after=mark)
    person.types("to look after the vault")
    person.photographs("17-request-server")
    person.key("Return")
    person.sees(r"ui: dialog closed dlg_new_request", after=mark)
    person.sees(r"ui: notice success Requested", after=mark)
    mark = person.mark()
    person.click_row(f"requests:{ROOT}", tree=True)
    person.sees(r"ui: requests shown 1", after=mark)
    mark = person.mark()
    person.click_row(r"[0-9a-f-]{36}")
    person.key("Return")
    person.sees(r"ui: focus \.dlg_request\.body\.buttons\.assume", after=mark)
    person.key("Return")
    person.sees(r"ui: request assume Done", after=mark)
    person.sees(r"ui: assumed node/vault", after=mark)
    person.photographs("18-request-assumed")
    mark = person.mark()
    person.click_row(f"kind:servers:{ROOT}", tree=True)
    person.sees(r"ui: tab shown kind=resources", after=mark)
    person.click_named("status.assumed")
    person.sees(r"ui: focus \.menu\.list\.canvas", after=mark)
    person.photographs("19-request-chip")
    person.key("Return")
    person.sees(r"ui: assumed nothing", after=mark)
    person.sees(r"ui: resources shown servers 4", after=mark)


def looks_at_tunnels(person: Person) -> str:
    """One is stopped, another one is to be started with the program; gives the port of that."""
    mark = person.mark()
    person.click_row(f"kind:apps:{ROOT}", tree=True)
    person.sees(r"ui: resources shown apps [1-9]", after=mark)
    person.click_row(rf"{ROOT}/apps/wiki")
    person.key("Return")
    person.sees(r"ui: gateway shown \S+ port=\d+", after=mark)
    person.key("ctrl+shift+k")
    person.types(">Tunnels")
    person.key("Return")
    person.sees(r"ui: tunnels shown 1", after=mark)
    person.photographs("14-tunnels")
    mark = person.mark()
    person.key("Delete")
    person.sees(r"ui: tunnels shown 0", after=mark)
    mark = person.mark()
    person.click_row(f"kind:apps:{ROOT}", tree=True)
    person.sees(r"ui: tab shown kind=resources", after=mark)
    person.click_row(rf"{ROOT}/apps/echo")
    person.key("Return")
    port = person.sees(r"ui: gateway shown echo port=(\d+)", after=mark).group(1)
    mark = person.mark()
    person.click_row(f"tunnels:{ROOT}", tree=True)
    person.sees(r"ui: focus \S+\.area\.table", after=mark)
    person.key("shift+F10")
    person.sees(r"ui: focus \.menu\.list\.canvas", after=mark)
    person.key("End", "Return")
    person.sees(r"ui: tunnels shown 1 kept 1", after=mark)
    person.photographs("20-tunnel-kept")
    return port


def finds_the_tunnel_again(person: Person, port: str) -> None:
    """A new start opens it on its port; forgetting it leaves nothing."""
    mark = person.mark()
    person.sees(r"ui: window ready", after=mark)
    person.sees(rf"row .main.sidebar.tree tunnels:{ROOT} ", after=mark)
    person.click_row(f"tunnels:{ROOT}", tree=True)
    person.sees(r"ui: tunnels shown 1 kept 1 open 1", after=mark)
    person.sees(r"ui: focus \S+\.area\.table", after=mark)
    with socket.create_connection(("127.0.0.1", int(port)), timeout=20) as echo:
        echo.sendall(b"still here\n")
        with echo.makefile("rb") as answer:
            assert b"still here\n" in iter(answer.readline, b"")
    mark = person.mark()
    person.key("Delete")
    person.sees(r"ui: tunnels shown 1 kept 1 open 0", after=mark)
    person.photographs("21-tunnel-stopped")
    mark = person.mark()
    person.key("Delete")
    person.sees(r"ui: tunnels shown 0 kept 0", after=mark)


def copies_a_file(person: Person, folder: Path) -> None:
    """Down from a node of the demo, which is a shell on this machine."""
    (folder / "source.txt").write_text("what is copied")
    mark = person.mark()
    person.click_row(f"kind:servers:{ROOT}", tree=True)
    person.sees(r"ui: resources shown servers [1-9]", after=mark)
    person.click_row(r"\S*/servers/\S+", nth=0)
    person.key("shift+F10")
    person.sees(r"ui: focus \.menu\.list\.canvas", after=mark)
    person.key("Down", "Down", "Return")
    person.sees(r"ui: dialog shown dlg_transfer", after=mark)
    person.click_named("dlg_transfer.body.ways.download")
    person.click_named("dlg_transfer.body.local.entry")
    person.sees(r"ui: focus \.dlg_transfer\.body\.local\.entry", after=mark)
    person.types(str(folder / "copy.txt"))
    person.key("Tab")
    person.types(str(folder / "source.txt"))
    person.photographs("15-transfer")
    person.key("Return")
    person.sees(r"ui: transfer done", after=mark)
    assert (folder / "copy.txt").read_text() == "what is copied"

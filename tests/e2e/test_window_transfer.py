"""Files beside a shell: several at once to and from a node, errors, stopping, closing the tab."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from teleterm.bridge import contract as c
from tests.e2e.window import click, press, shown, write
from tests.support.demo_home import logged_in, unfolds_the_tree
from tests.support.demo_process import running_demo
from tests.support.fake_main import PROD, FakeMain, furnished
from tests.support.person import Person, teleterm
from tests.support.spoken_channel import open_channel

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(180)]
PANEL = ".main.docs.d1.transfer"
FILES, FOLDER = f"{PANEL}.top.files.entry", f"{PANEL}.top.folder.entry"


def test_several_files_up_and_one_down(tmp_path_factory: pytest.TempPathFactory) -> None:
    album = os.environ.get("TELETERM_ALBUM")
    folder = tmp_path_factory.mktemp("files")
    (folder / "here").mkdir()
    (folder / "there").mkdir()
    for name in ("one.txt", "two words.txt"):
        (folder / "here" / name).write_text(f"what {name} says")
    with running_demo("--no-postgres") as demo:
        home = logged_in(tmp_path_factory.mktemp("t"), demo.ready)
        with teleterm(home, SSL_CERT_FILE=demo.ready.ca_file):
            person = Person(home, Path(album) if album else None)
            unfolds_the_tree(person)
            opens_a_shell(person)
            shows_the_panel(person)
            uploads(person, folder)
            downloads(person, folder)


def opens_a_shell(person: Person) -> None:
    mark = person.mark()
    person.key("ctrl+shift+k")
    person.sees(r"ui: palette shown", after=mark)
    person.types("ssh alice@web-1")
    person.key("Return")
    person.sees(r"ui: terminal live alice@web-1", after=mark)


def shows_the_panel(person: Person) -> None:
    mark = person.mark()
    person.key("ctrl+shift+k")
    person.sees(r"ui: palette shown", after=mark)
    person.types(">Transfer files")
    person.key("Return")
    person.sees(r"ui: transfer panel shown", after=mark)
    person.sees(r"ui: focus \S+\.transfer\.top\.files\.entry", after=mark)


def uploads(person: Person, folder: Path) -> None:
    mark = person.mark()
    here = folder / "here"
    person.types(f"{here}/one.txt '{here}/two words.txt' {here}/gone.txt")
    person.key("Tab")
    person.sees(r"ui: focus \S+\.transfer\.top\.folder\.entry", after=mark)
    person.types(str(folder / "there"))
    person.key("Return")
    person.sees(r"ui: transfer failed gone\.txt", after=mark)
    person.sees(r"ui: transfer done one\.txt", after=mark)
    person.sees(r"ui: transfer done two words\.txt", after=mark)
    person.photographs("26-transfer-panel")
    found = {path.name: path.read_text() for path in (folder / "there").iterdir()}
    assert found == {
        "one.txt": "what one.txt says",
        "two words.txt": "what two words.txt says",
    }


def downloads(person: Person, folder: Path) -> None:
    mark = person.mark()
    back = folder / "back"
    back.mkdir()
    person.click_named("transfer.top.ways.download")
    person.click_named("transfer.top.files.entry")
    person.sees(r"ui: focus \S+\.transfer\.top\.files\.entry", after=mark)
    person.types(f"{folder}/there/one.txt")
    person.key("Tab")
    person.sees(r"ui: focus \S+\.transfer\.top\.folder\.entry", after=mark)
    person.types(f"{back}")
    person.key("Return")
    person.sees(r"ui: transfer done one\.txt", after=mark)
    assert (back / "one.txt").read_text() == "what one.txt says"
    mark = person.mark()
    person.key("Escape")
    person.sees(r"ui: transfer panel hidden", after=mark)
    person.sees(r"ui: focus \S+\.screen", after=mark)


@pytest.fixture
def fake() -> Iterator[FakeMain]:
    main = furnished()
    main.held.add(c.TransferFile)
    main.make_channel = lambda _body: open_channel("alice@node1:~$")
    with shown(main) as running:
        yield running


def panel_with(fake: FakeMain, files: str) -> None:
    """A shell with its panel, in which these files are being copied."""
    click(fake, ".main.sidebar.tree recent:r1")
    fake.wait_log("ui: terminal live alice@node1")
    press("ctrl+shift+k")
    fake.wait_log("ui: palette shown")
    write(">Transfer files")
    press("Return")
    fake.wait_log("ui: transfer panel shown")
    fake.wait_focus(FILES)
    write(files)
    press("Return")


def test_one_is_stopped_while_the_other_goes_on(fake: FakeMain) -> None:
    panel_with(fake, "a.txt b.txt")
    first = fake.wait_ask(c.TransferFile)
    second = fake.wait_ask(c.TransferFile)
    assert (first.local_path, second.local_path) == ("a.txt", "b.txt")
    assert first.server_uri == f"{PROD}/servers/uuid-1"
    fake.tell(c.TransferMoved(key=first.key, percent=40))
    click(fake, f"{PANEL}.page.view.body.f1.act")
    stopped = fake.wait_ask(c.CancelAsk)
    fake.answer(stopped.target_id, c.Failed(code="cancelled", message="Stopped."))
    fake.wait_log("ui: transfer stopped a.txt")
    fake.answer(stopped.target_id + 1, c.Done())
    fake.wait_log("ui: transfer done b.txt")
    click(fake, f"{PANEL}.page.view.body.f1.act")
    fake.wait_gone(f"{PANEL}.page.view.body.f1")


def test_nothing_and_an_open_quote_are_no_files(fake: FakeMain) -> None:
    panel_with(fake, "")
    fake.wait_log("ui: transfer wants Name a file.")
    write("'a")
    press("Return")
    fake.wait_log("ui: transfer wants A quote is not closed.")
    assert not any(isinstance(ask, c.TransferFile) for ask in fake.asks)


def test_closing_the_tab_asks_and_then_stops_it(fake: FakeMain) -> None:
    panel_with(fake, "a.txt")
    fake.wait_ask(c.TransferFile)
    press("ctrl+shift+w")
    fake.wait_log("ui: dialog shown")
    press("Return")
    fake.wait_ask(c.CancelAsk)
    fake.wait_log("ui: tab closed")

"""The pages of the window reach each of their states, by keyboard."""

from collections.abc import Iterator

import msgspec
import pytest

from teleterm.bridge import contract as c
from teleterm.bridge import views as v
from tests.e2e.window import click, press, shown, write
from tests.support.fake_main import LEAF, PROD, FakeMain, furnished, make_cluster, make_server
from tests.support.spoken_channel import open_channel

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

TABLE = ".main.docs.d1.body.area.table"
FILTER = ".main.docs.d1.body.head.filter.entry"


@pytest.fixture
def fake() -> Iterator[FakeMain]:
    with shown(furnished()) as main:
        yield main


def open_servers(fake: FakeMain) -> None:
    click(fake, f".main.sidebar.tree kind:servers:{PROD}")
    fake.wait_log("ui: tab opened kind=resources")


def open_billing(fake: FakeMain) -> None:
    """The page of a database's proxy, which runs."""
    click(fake, f".main.sidebar.tree kind:databases:{PROD}")
    fake.wait_log("ui: resources shown databases 3")
    fake.wait_focus(TABLE)
    press("Return")
    fake.wait_focus(".picker.field.entry")
    press("Return")
    fake.wait_log("ui: gateway shown billing port=54321")


def test_rows_are_loaded_fifty_by_fifty(fake: FakeMain) -> None:
    open_servers(fake)
    fake.wait_log("ui: resources shown servers 50")
    assert fake.wait_ask(c.ListResources).start_key == ""
    press("End")
    fake.wait_log("ui: resources shown servers 100")
    assert fake.wait_ask(c.ListResources).start_key == "50"


def test_loading_shows_the_page_already(fake: FakeMain) -> None:
    fake.held.add(c.ListResources)
    open_servers(fake)
    fake.wait_ask(c.ListResources)
    fake.wait_widget(f"{FILTER}")
    fake.wait_widget(TABLE)


def test_rows_of_another_kind_go_before_the_new_ones_come(fake: FakeMain) -> None:
    open_servers(fake)
    fake.wait_log("ui: resources shown servers 50")
    server = f".main.docs.d1 {PROD}/servers/uuid-1"
    fake.wait_widget(server)
    fake.held.add(c.ListResources)
    click(fake, f".main.sidebar.tree kind:databases:{PROD}")
    fake.wait_for(lambda: fake.wait_ask(c.ListResources).kinds == ("databases",) or None, "asked")
    fake.wait_gone(server)


def test_a_row_stays_selected_when_the_page_is_loaded_again(fake: FakeMain) -> None:
    open_servers(fake)
    fake.wait_log("ui: resources shown servers 50")
    fake.wait_focus(TABLE)
    press("Down")
    click(fake, ".main.docs.d1.body.head.refresh")
    fake.wait_log("ui: resources shown servers 50")
    click(fake, FILTER)
    fake.wait_focus(FILTER)
    press("Down")
    fake.wait_focus(TABLE)
    press("Return")
    fake.wait_log("ui: picker shown Log in to node10 as")


def test_empty_with_a_filter_offers_to_clear_it(fake: FakeMain) -> None:
    open_servers(fake)
    fake.wait_focus(TABLE)
    press("slash")
    fake.wait_focus(FILTER)
    write("nowhere")
    fake.wait_log("ui: resources empty")
    click(fake, ".main.docs.d1.body.empty.line.button")
    fake.wait_log("ui: resources shown servers 50")


def test_an_error_says_what_and_can_be_tried_again(fake: FakeMain) -> None:
    message = "Could not reach prod.example.com:443: nothing answered within 10 s."
    fake.failures[c.ListResources] = c.Failed(code="no_answer", message=message, is_retryable=True)
    open_servers(fake)
    fake.wait_log(f"ui: resources error {message}")
    fake.failures.clear()
    click(fake, ".main.docs.d1.body.empty.line.button")
    fake.wait_log("ui: resources shown servers 50")


def test_a_login_that_ends_locks_the_page_and_a_new_one_unlocks_it(fake: FakeMain) -> None:
    open_servers(fake)
    fake.wait_log("ui: resources shown")
    before = fake.clusters
    fake.set_clusters(make_cluster(expires_at=1), *before[1:])
    fake.wait_log("ui: resources locked")
    fake.wait_widget(".main.docs.d1.banners.locked")
    fake.set_clusters(*before)
    fake.wait_log("ui: resources shown servers 50")
    fake.wait_gone(".main.docs.d1.banners.locked")


def test_a_proxy_whose_login_ends_says_so_and_goes_on_after_a_new_one(fake: FakeMain) -> None:
    open_billing(fake)
    before = fake.clusters
    fake.set_clusters(make_cluster(expires_at=1), *before[1:])
    fake.wait_widget(".main.docs.d2.banners.locked")
    fake.asks.clear()
    fake.set_clusters(*before)
    fake.wait_gone(".main.docs.d2.banners.locked")
    fake.wait_widget(".main.docs.d2.page.view.body.in.connection")
    assert not [ask for ask in fake.asks if isinstance(ask, c.CreateGateway)]


def test_enter_on_a_server_asks_as_whom_and_connects(fake: FakeMain) -> None:
    open_servers(fake)
    fake.wait_log("ui: resources shown")
    fake.wait_focus(TABLE)
    press("Return")
    fake.wait_log("ui: picker shown Log in to node1 as")
    fake.wait_focus(".picker.field.entry")
    write("ro")
    press("Return")
    fake.wait_log("ui: tab opened kind=ssh title=root@node1")
    spec = fake.wait_ask(c.OpenTerminal).spec
    assert spec == c.SshSpec(server_uri=f"{PROD}/servers/uuid-1", hostname="node1", login="root")


def test_a_database_page_starts_its_proxy_and_runs_its_client(fake: FakeMain) -> None:
    open_billing(fake)
    page = ".main.docs.d2.page.view.body.in"
    port = f"{page}.connection.fields.port.entry"
    click(fake, port)
    fake.wait_focus(port)
    press("ctrl+a")
    write("80")
    press("Return")
    fake.wait_log("ui: gateway error A port is a number from 1024 to 65535.")
    press("ctrl+a")
    write("5433")
    press("Return")
    assert fake.wait_ask(c.SetGatewayPort).local_port == 5433
    fake.wait_log("ui: gateway shown billing port=5433")
    fake.wait_focus(f"{page}.command_line.line.run")
    press("Return")
    fake.wait_log("ui: tab opened kind=gateway_cli title=psql · billing")
    assert isinstance(fake.wait_ask(c.OpenTerminal).spec, c.GatewayClientSpec)


def test_a_port_in_use_offers_a_free_one(fake: FakeMain) -> None:
    fake.failures[c.CreateGateway] = c.Failed(
        code="port_in_use", message="Port 5432 is in use by another program."
    )
    click(fake, f".main.sidebar.tree kind:databases:{PROD}")
    fake.wait_log("ui: resources shown databases 3")
    fake.wait_focus(TABLE)
    press("Return")
    fake.wait_focus(".picker.field.entry")
    press("Return")
    fake.wait_log("ui: gateway error Port 5432")
    fake.failures.clear()
    click(fake, ".main.docs.d2.page.view.body.in.connection.buttons.free_port")
    fake.wait_log("ui: gateway shown billing")


def test_a_terminal_that_cannot_start_says_so_and_tries_again_on_enter(fake: FakeMain) -> None:
    fake.failures[c.OpenTerminal] = c.Failed(code="not_found", message="node1 is not connected.")
    click(fake, ".main.sidebar.tree recent:r1")
    fake.wait_log("ui: terminal failed node1 is not connected.")
    fake.wait_widget(".main.docs.d1.banners.ended")
    fake.failures.clear()
    fake.asks.clear()
    click(fake, ".main.docs.d1.banners.ended.in.choices.choice1")
    fake.wait_ask(c.OpenTerminal)


def test_a_leaf_has_its_own_resources(fake: FakeMain) -> None:
    click(fake, f".main.sidebar.tree cluster:{LEAF}")
    fake.wait_log(f"ui: counts shown {LEAF} servers=3")
    click(fake, f".main.sidebar.tree kind:servers:{LEAF}")
    fake.wait_log("ui: resources shown servers 3")
    assert fake.wait_ask(c.ListResources).cluster_uri == LEAF


def test_hostile_names_are_drawn_harmlessly() -> None:
    main = furnished()
    names = ("\x1b]0;x\x07", "a\u202eb", "[exec rm]", "{", "$x", "🚀" * 50, "%s")
    main.resources = [
        make_server(i, name=name, labels=((name[:1] or "k", "}"),))
        for i, name in enumerate(names, 1)
    ]
    with shown(main) as fake:
        open_servers(fake)
        fake.wait_log(f"ui: resources shown servers {len(names)}")
        press("ctrl+shift+k")
        fake.wait_log("ui: palette found")
        press("Escape")
        fake.wait_log("ui: palette closed")


def test_the_database_name_is_remembered_and_run_has_the_keyboard(fake: FakeMain) -> None:
    page = ".main.docs.d2.page.view.body.in"
    click(fake, f".main.sidebar.tree kind:databases:{PROD}")
    fake.wait_log("ui: resources shown databases 3")
    fake.wait_focus(TABLE)
    press("Return")
    fake.wait_focus(".picker.field.entry")
    press("Return")
    fake.wait_log("ui: gateway shown billing")
    fake.wait_focus(f"{page}.command_line.line.run")
    click(fake, f"{page}.connection.fields.db_name.entry")
    write("books")
    press("Return")
    fake.wait_log("ui: gateway shown billing")
    noted = [ask.document for ask in fake.asks if isinstance(ask, c.NoteUsed)]
    assert noted[-1].fields["db_name"] == "books"
    click(fake, f"{page}.connection.line.stop")
    fake.wait_ask(c.RemoveGateway)
    fake.wait_widget(f"{page}.connection.buttons.start")  # until then closing would ask
    press("ctrl+shift+w")
    fake.wait_log("ui: tab closed")
    fake.asks.clear()
    fake.wait_focus(TABLE)
    press("Return")
    fake.wait_focus(".picker.field.entry")
    press("Return")
    assert fake.wait_ask(c.CreateGateway).subresource == "books"
    fake.wait_focus(".main.docs.d3.page.view.body.in.command_line.line.run")
    press("Return")
    fake.wait_ask(c.OpenTerminal)


def test_a_rule_for_a_label_marks_the_terminals_of_its_servers() -> None:
    main = furnished()
    rule = v.RuleView(match="env=prod", tag="PROD")
    main.settings = msgspec.structs.replace(main.settings, rules=(rule,))
    main.make_channel = lambda _body: open_channel("$")
    with shown(main) as fake:
        open_servers(fake)
        fake.wait_log("ui: resources shown")
        fake.wait_focus(TABLE)
        press("Return")
        fake.wait_focus(".picker.field.entry")
        press("Return")
        fake.wait_log("ui: terminal live")
        fake.wait_widget(".main.docs.d2.term.tag")

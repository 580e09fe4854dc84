"""Documents are told apart by what they connect to, not by their titles."""

from teleterm.bridge.views import GatewayView, ResourceView
from teleterm.ui.documents.columns import cells_of, columns_for
from teleterm.ui.documents.connection_strings import strings_for
from teleterm.ui.documents.identity import (
    client_document,
    database_document,
    icon_of,
    key_of,
    ssh_document,
)

SERVER = ResourceView(
    uri="/clusters/a/servers/1", kind="servers", name="node1", cluster_uri="/clusters/a",
    labels=tuple((f"k{i}", "v") for i in range(5)), logins=("a", "b", "c"), is_tunnel=True,
)  # fmt: skip
DATABASE = ResourceView(
    uri="/clusters/a/dbs/orders", kind="databases", name="orders", cluster_uri="/clusters/a",
    protocol="postgres",
)  # fmt: skip
GATEWAY = GatewayView(
    uri="/gateways/1", target_uri=DATABASE.uri, target_name="orders", cluster_uri="/clusters/a",
    user="alice", subresource="shop", protocol="postgres", local_address="127.0.0.1",
    local_port=5432, client_name="psql",
)  # fmt: skip


def test_another_login_is_another_document() -> None:
    assert key_of(ssh_document(SERVER, "root")) != key_of(ssh_document(SERVER, "alice"))
    assert ssh_document(SERVER, "root").title == "root@node1"


def test_a_database_and_its_client_differ() -> None:
    page, client = database_document(DATABASE, "alice", "shop"), client_document(GATEWAY)
    assert page.title == "orders (alice)"
    assert client.title == "psql · orders"
    assert key_of(page) != key_of(client)
    assert (icon_of(page), icon_of(client)) == ("database", "prompt")


def test_connection_strings_hold_everything_but_a_password() -> None:
    strings = dict(strings_for(GATEWAY))
    assert strings["URL"] == "postgresql://alice@127.0.0.1:5432/shop?sslmode=disable"
    assert strings["DSN"] == "host=127.0.0.1 port=5432 dbname=shop user=alice sslmode=disable"
    assert "password" not in " ".join(strings.values()).lower()


def test_cells_are_shortened() -> None:
    cells = cells_of(SERVER)
    assert cells["address"] == "↵ tunnel"
    assert cells["labels"].endswith("+2")
    assert cells["login"] == "a, b  +1"


def test_each_kind_has_its_columns() -> None:
    assert columns_for(("servers",))[0] == "name"
    assert "kind" in columns_for(("servers", "databases"))

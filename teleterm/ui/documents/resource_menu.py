"""The menu of a resource's row."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from teleterm.bridge.views import ResourceView
from teleterm.ui.widgets.menu import LINE, MenuItem

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk


def items_for(
    desk: "Desk", row: ResourceView, add_to_filter: Callable[[str], None]
) -> list[MenuItem]:
    """Connect, connect as…, copy, filter by a label; for what one can't reach: ask for it."""
    if row.requires_request:
        ask = MenuItem(title="Request access…", run=lambda: desk.opener.connect(row))
        return [ask, LINE, MenuItem(title="Copy name", run=lambda: desk.opener.copy(row.name))]
    names = tuple(
        MenuItem(title=desk.look.clean(name, 60), run=_connector(desk, row, name))
        for name in desk.opener.names_for(row)[:15]
    )
    items = [MenuItem(title="Connect", run=lambda: desk.opener.connect(row))]
    if names:
        items.append(MenuItem(title="Connect as", items=names))
    items += [LINE, MenuItem(title="Copy name", run=lambda: desk.opener.copy(row.name))]
    if row.kind == "servers":
        login = next(iter(desk.opener.names_for(row)), "root")
        items.insert(-2, MenuItem(title="Transfer a file…", run=_transferer(desk, row, login)))
        items.append(
            MenuItem(
                title="Copy tsh ssh", run=lambda: desk.opener.copy(f"tsh ssh {login}@{row.name}")
            )
        )
    labels = tuple(
        MenuItem(title=desk.look.clean(f"{key}={value}", 60), run=_adder(add_to_filter, key, value))
        for key, value in row.labels[:15]
    )
    if labels:
        items += [LINE, MenuItem(title="Filter by label", items=labels)]
    return items


def _transferer(desk: "Desk", row: ResourceView, login: str) -> Callable[[], object]:
    return lambda: desk.dialogs.transfer(row, login)


def _connector(desk: "Desk", row: ResourceView, name: str) -> Callable[[], None]:
    return lambda: desk.opener.connect_as(row, name)


def _adder(add_to_filter: Callable[[str], None], key: str, value: str) -> Callable[[], None]:
    return lambda: add_to_filter(f"{key}={value}")

"""Runs what was typed into the palette as a command."""

from typing import TYPE_CHECKING

from teleterm.bridge.contract import Failed, Reply, SearchResources, SearchResult
from teleterm.bridge.views import ResourceView
from teleterm.ui.palette.grammar import Command

if TYPE_CHECKING:
    from teleterm.ui.desk import Desk


def title_of(command: Command) -> str:
    """What a command would do, in words."""
    match command.verb:
        case "ssh":
            who = f" as {command.user}" if command.user else ""
            return f"Log in to {command.target}{who}"
        case "db":
            who = f" as {command.user}" if command.user else ""
            return f"Connect to database {command.target}{who}"
        case "term":
            return f"Open a terminal{' with ' + command.target if command.target else ''}"
        case "login":
            return f"Log in{' to ' + command.target if command.target else ''}"
        case "logout":
            return f"Log out{' of ' + command.target if command.target else ''}"
        case "tsh":
            return f"Run tsh {command.target}"


def run_command(desk: "Desk", command: Command, known: list[ResourceView]) -> None:
    """Do it; a name is looked up among what is known, then on the servers."""
    current = desk.store.current_cluster()
    match command.verb:
        case "ssh" | "db":
            _connect(desk, command, known)
        case "term":
            desk.opener.terminal(current.uri if current is not None else "", shell=command.target)
        case "tsh":
            desk.opener.tsh(command.target, current.uri if current is not None else "")
        case "login" | "logout":
            _login(desk, command)


def _login(desk: "Desk", command: Command) -> None:
    roots = desk.store.roots()
    wanted = next(
        (r for r in roots if r.title == command.target or r.proxy_host == command.target), None
    )
    if wanted is None and not command.target:
        wanted = desk.store.current_cluster()
    if wanted is not None and command.verb == "login":
        desk.dialogs.login(wanted.uri)
    elif wanted is not None:
        desk.dialogs.logout(wanted.uri)
    elif command.verb == "login":
        desk.dialogs.add_cluster(command.target)
    else:
        desk.notices.show("warning", f"There is no cluster {command.target}.")


def _connect(desk: "Desk", command: Command, known: list[ResourceView]) -> None:
    kind = "servers" if command.verb == "ssh" else "databases"
    found = find(known, kind, command.target)
    if found is not None:
        _connect_to(desk, command, found)
        return

    def answered(reply: Reply, _descriptor: int) -> None:
        rows = list(reply.rows) if isinstance(reply, SearchResult) else []
        there = find(rows, kind, command.target)
        if there is not None:
            _connect_to(desk, command, there)
        elif isinstance(reply, Failed):
            desk.notices.show_failed(reply)
        else:
            noun = "server" if kind == "servers" else "database"
            desk.notices.show(
                "warning",
                f"There is no {noun} {command.target} on the clusters you are logged in to.",
            )

    desk.bridge.ask(SearchResources(words=command.target, kinds=(kind,)), answered)


def _connect_to(desk: "Desk", command: Command, resource: ResourceView) -> None:
    if command.user:
        name = f"{command.user}/{command.database}" if command.database else command.user
        desk.opener.connect_as(resource, name)
    else:
        desk.opener.connect(resource)


def find(rows: list[ResourceView], kind: str, name: str) -> ResourceView | None:
    """The resource of this kind and name, whatever the case."""
    lowered = name.lower()
    return next((r for r in rows if r.kind == kind and r.name.lower() == lowered), None)

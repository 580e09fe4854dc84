"""`tsh db exec`: one command on one database or on several."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.tsh import context as contexts
from teleterm.tsh import database_runs, databases, filters, questions, terminal
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import labels, plain, table
from teleterm.tsh.render.labels import DISCOVERED_NAME

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient
    from teleterm.protogen.teleport.types import types_pb2

MOST_AT_ONCE = 10
_TITLES = ("Name", "Description", "Protocol", "Labels")
_AT_A_TIME = 100


def run(parsed: Parsed) -> int:
    """Run it everywhere: status 0, also when a database refuses; the output says so."""
    check(parsed)
    context = contexts.start(parsed)

    async def work(client: "ClusterClient") -> int:
        found = await _choose(client, parsed)
        runs = database_runs.Runs(client, context)
        await runs.run(found, at_once=parsed.number("parallel"))
        return 0

    return contexts.wait(context.with_cluster(work))


def check(parsed: Parsed) -> None:
    """Whether the flags go together.

    Raises: BadInput.
    """
    is_by_name = bool(parsed.text("dbs"))
    is_by_search = bool(parsed.text("search") or parsed.text("labels"))
    folder = parsed.text("output-dir")
    if not 1 <= parsed.number("parallel") <= MOST_AT_ONCE:
        raise BadInput(f"--parallel must be between 1 and {MOST_AT_ONCE}", field="parallel")
    if not is_by_name and not is_by_search:
        raise BadInput("please provide one of --dbs, --labels, --search flags", field="dbs")
    if is_by_name and is_by_search:
        raise BadInput("--labels/--search flags cannot be used with --dbs flag", field="dbs")
    if parsed.number("parallel") > 1 and not folder:
        raise BadInput(
            "--output-dir must be set when executing concurrent connections", field="output-dir"
        )
    if folder and Path(folder).exists():
        raise BadInput(f'directory "{folder}" already exists', field="output-dir", value=folder)


async def _choose(client: "ClusterClient", parsed: Parsed) -> "list[types_pb2.DatabaseV3]":
    if parsed.text("dbs"):
        _say("Fetching databases by name ...")
        return await _by_name(client, [one.strip() for one in parsed.text("dbs").split(",")])
    wanted = filters.of(parsed)
    _say("Searching databases ...")
    found = await databases.fetch(await client.auth(), wanted)
    if not found:
        raise Refused("no databases found", code=ErrorCode.NOT_FOUND)
    _say(f"Found {len(found)} database(s):\n\n{draw(found)}")
    question = f"Do you want to proceed with {len(found)} database(s)?"
    if not parsed.is_on("confirm"):
        _say(f'Skipping confirmation for "{question}" due to the --no-confirm flag.')
    elif not await questions.agreed(question, sys.stdout):
        raise Refused("Operation canceled by user request.", code=ErrorCode.CANCELLED)
    return found


async def _by_name(client: "ClusterClient", names: list[str]) -> "list[types_pb2.DatabaseV3]":
    """The databases of these names, be it those that people gave them in a cloud.

    Raises: Refused for one that isn't there, BadInput for a name that several have.
    """
    auth = await client.auth()
    found: dict[str, types_pb2.DatabaseV3] = {}
    for start in range(0, len(names), _AT_A_TIME):
        page = [_quoted(name) for name in names[start : start + _AT_A_TIME]]
        expression = " || ".join(
            f'name == {name} || labels["{DISCOVERED_NAME}"] == {name}' for name in page
        )
        wanted = filters.Filter(labels={}, expression=expression)
        found |= {one.Metadata.Name: one for one in await databases.fetch(auth, wanted)}
    for name in names:
        fits = [one for one in found.values() if _is_called(one, name)]
        if not fits:
            raise Refused(f'database "{name}" not found', code=ErrorCode.NOT_FOUND)
        if len(fits) > 1:
            raise BadInput(
                f'"{name}" matches multiple databases:\n{draw(fits)}Try selecting the database '
                "with a more specific name printed in the above table",
                field="dbs",
                code=ErrorCode.AMBIGUOUS,
            )
    return list(found.values())


def _is_called(database: "types_pb2.DatabaseV3", name: str) -> bool:
    return name in (database.Metadata.Name, database.Metadata.Labels.get(DISCOVERED_NAME))


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def draw(found: "list[types_pb2.DatabaseV3]") -> str:
    """The databases as a table, with the names that lead to one alone."""
    rows = [
        [
            one.Metadata.Name,
            one.Metadata.Description,
            one.Spec.Protocol,
            labels.text(databases.all_labels(one), verbose=False),
        ]
        for one in found
    ]
    return table.make_cut(_TITLES, rows, cut="Labels", cols=terminal.cols()).draw()


def _say(text: str) -> None:
    sys.stdout.write(f"{plain.lines(text)}\n")
    sys.stdout.flush()

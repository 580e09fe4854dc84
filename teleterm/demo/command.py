"""`tsh demo start`: runs the demo in the foreground and says how to use it."""

import argparse
import asyncio
import contextlib
import datetime
import functools
import json
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from teleterm.demo.cluster import DemoCluster, Running
from teleterm.demo.databases.engines import NAMES
from teleterm.demo.desktop.sessions import why_no_office
from teleterm.demo.factors import RegisteredKey
from teleterm.demo.faults import Faults
from teleterm.demo.inventory import (
    MIN_CLIENT_VERSION,
    MYSQL,
    POSTGRES,
    SHOP,
    DemoDatabase,
    DemoSettings,
    DemoUser,
)
from teleterm.model.errors import BadInput, TeletermError
from teleterm.osutil import tasks
from teleterm.protogen.teleport.types import types_pb2

SUITES = ("balanced-v1", "legacy", "fips-v1", "hsm-v1")
HIGHEST_PORT = 65535
_DEFAULT_TTL_S = 12 * 3600


def main(argv: Sequence[str]) -> int:
    """Run the command line after `tsh demo`, and give the exit status.

    Blocks: until standard input ends, or SIGTERM or SIGINT comes.
    """
    arguments = _parser().parse_args(list(argv))
    settings = DemoSettings(
        port=arguments.port,
        host=arguments.host,
        session_ttl=datetime.timedelta(seconds=arguments.session_ttl),
        gone_nodes=frozenset(arguments.gone_node),
        moderated_nodes=frozenset(arguments.moderated_node),
        asked_nodes=tuple(arguments.asked_node),
        asked_databases=tuple(arguments.asked_database),
        asked_kubes=tuple(arguments.asked_kube),
        more_nodes=arguments.more_nodes,
        without_engines=frozenset(arguments.without),
        allow_code_reuse=arguments.allow_code_reuse,
        with_sso=arguments.with_sso,
        clock_ahead=datetime.timedelta(seconds=arguments.clock_ahead),
        min_client_version=arguments.min_client_version,
        suite=arguments.suite,
    )
    try:
        keys = [RegisteredKey.read(path) for path in arguments.user_key]
        asyncio.run(_run(settings, keys, as_json=arguments.format == "json"))
    except TeletermError as error:
        sys.stderr.write(f"ERROR: {error.message}\n")
        if error.hint:
            sys.stderr.write(f"{error.hint}\n")
        return 1
    except OSError as error:  # a temporary folder that is full or may not be written
        place = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"ERROR: Can't run the demo: {place}{error.strerror or error}.\n")
        return 1
    return 0


def _port(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(HIGHEST_PORT))
    if not is_number or int(text) > HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f'"{text[:20]}" isn\'t a port, 0 to {HIGHEST_PORT}')
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tsh demo", allow_abbrev=False)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    start = commands.add_parser(
        "start", help="run a small cluster on this computer", allow_abbrev=False
    )
    start.add_argument("--port", type=_port, default=0, help="the port; 0 for a free one")
    start.add_argument("--format", choices=("text", "json"), default="text")
    start.add_argument("--with-sso", action="store_true", help="offer to log in by browser too")
    # For tests: the faults that `DemoSettings` describes.
    start.add_argument("--host", default="localhost", help=argparse.SUPPRESS)
    start.add_argument("--session-ttl", type=float, default=_DEFAULT_TTL_S, help=argparse.SUPPRESS)
    start.add_argument("--gone-node", action="append", default=[], help=argparse.SUPPRESS)
    start.add_argument("--moderated-node", action="append", default=[], help=argparse.SUPPRESS)
    for kind in ("node", "database", "kube"):
        start.add_argument(f"--asked-{kind}", action="append", default=[], help=argparse.SUPPRESS)
    start.add_argument("--more-nodes", type=int, default=0, help=argparse.SUPPRESS)
    for engine in NAMES:
        start.add_argument(
            f"--no-{engine}", action="append_const", const=engine, dest="without", default=[],
            help=argparse.SUPPRESS,
        )  # fmt: skip
    start.add_argument("--allow-code-reuse", action="store_true", help=argparse.SUPPRESS)
    start.add_argument("--user-key", type=Path, action="append", default=[], help=argparse.SUPPRESS)
    start.add_argument("--suite", choices=SUITES, default=SUITES[0], help=argparse.SUPPRESS)
    start.add_argument("--clock-ahead", type=float, default=0.0, help=argparse.SUPPRESS)
    start.add_argument("--min-client-version", default=MIN_CLIENT_VERSION, help=argparse.SUPPRESS)
    return parser


async def _run(settings: DemoSettings, keys: Sequence[RegisteredKey], *, as_json: bool) -> None:
    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    if sys.platform != "win32":
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(number, done.set)
    lines: asyncio.Queue[str] = asyncio.Queue()
    cluster = DemoCluster(settings, keys=keys)
    threading.Thread(target=_read_lines, args=(loop, lines, done), daemon=True).start()
    obeying = tasks.spawn(_obey(cluster, lines), name="demo commands")
    async with cluster as running:
        text = json.dumps(summary(running)) + "\n" if as_json else welcome(running)
        sys.stdout.write(text)
        sys.stdout.flush()
        await done.wait()
    obeying.cancel()


async def _obey(cluster: DemoCluster, lines: asyncio.Queue[str]) -> None:
    """Do what standard input says, for tests: one command a line, each answered by a line.

    Shape: `gone NAME` and `back NAME` (a node or the leaf: listed, but out of reach, and back),
    `stop-database` with a protocol or for PostgreSQL, `cut` (all connections break), `approve
    REQUEST`, `deny REQUEST`, `lock USER`, `unlock USER`; `refuse KIND` (new connections are hung up
    on), `delay KIND SECONDS` and `drop KIND` (nothing gets through) for a kind of connection as
    `faults` has them or `all`, and `heal`, which ends these three.
    """
    while True:
        line = await lines.get()
        words = line.split()
        if not words:
            continue
        if not await _do(cluster, words):
            sys.stderr.write(f"unknown command: {line}\n")
            continue
        sys.stdout.write(f"{line}: done\n")
        sys.stdout.flush()


async def _do(cluster: DemoCluster, words: list[str]) -> bool:
    """Do one thing; says whether it is known."""
    match words:
        case ["gone" | "back" as verb, node]:
            cluster.set_gone(node, is_gone=verb == "gone")
        case ["approve", request]:
            cluster.requests.decide(request, types_pb2.APPROVED, "")
        case ["deny", request]:
            cluster.requests.decide(request, types_pb2.DENIED, "")
        case ["cut"]:
            cluster.cut()
        case ["lock", user]:
            cluster.locks.lock(user)
        case ["unlock", user]:
            cluster.locks.unlock(user)
        case ["stop-database", *protocols]:
            await cluster.stop_database(next(iter(protocols), POSTGRES))
        case _:
            return _break(cluster.faults, words)
    return True


def _break(faults: Faults, words: list[str]) -> bool:
    """Make a fault of the network, or end them; says whether it is known."""
    try:
        match words:
            case ["refuse", kind]:
                faults.refuse(kind)
            case ["drop", kind]:
                faults.drop(kind)
            case ["delay", kind, seconds]:
                faults.delay(kind, float(seconds))
            case ["heal"]:
                faults.heal()
            case _:
                return False
    except (BadInput, ValueError):
        return False
    return True


def _read_lines(
    loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[str], done: asyncio.Event
) -> None:
    with open(0, encoding="utf-8", errors="replace", closefd=False) as given:
        for line in given:
            _tell(loop, functools.partial(lines.put_nowait, line.strip()))
    _tell(loop, done.set)


def _tell(loop: asyncio.AbstractEventLoop, what: Callable[[], None]) -> None:
    with contextlib.suppress(RuntimeError):  # the loop may be closed by now
        loop.call_soon_threadsafe(what)


def summary(running: Running) -> dict[str, object]:
    """Give what scripts need to know."""
    root, leaf = running.members
    return {
        "proxy": running.proxy,
        "root": root.name,
        "leaf": leaf.name,
        "user": running.user.name,
        "password": running.user.password,
        "totp_secret": running.user.totp_secret,
        "users": [
            {"name": user.name, "password": user.password, "totp_secret": user.totp_secret}
            for user in running.users
        ],
        "ca_file": str(running.ca_file),
        "nodes": [
            {
                "cluster": member.name,
                "hostname": node.hostname,
                "logins": list(running.user.logins),
            }
            for member in running.members
            for node in member.nodes
        ],
        "databases": [
            {
                "cluster": member.name,
                "name": database.name,
                "protocol": database.protocol,
                "online": not database.why_offline,
                "users": list(running.user.database_users),
                "names": list(_names(running.user, database)),
            }
            for member in running.members
            for database in member.databases
        ],
    }


def welcome(running: Running) -> str:
    """Give what a person needs to know."""
    root, leaf = running.members
    user = running.user
    other = running.users[1]
    login = user.logins[0]
    lines = [
        f"A demo cluster is running on this computer, at {running.proxy}. It ends with Ctrl+C.",
        "",
        f"  User:       {user.name}",
        f"  Password:   {user.password}",
        f"  Setup key:  {user.totp_secret}   (for an authenticator app)",
        "",
        f"{other.name} (password {other.password}, setup key {other.totp_secret}) needs a security",
        "key for every session; add one with tsh mfa add.",
        "",
        "In another terminal:",
        "",
        f"  export SSL_CERT_FILE={running.ca_file}",
        f"  tsh login --proxy={running.proxy} --user={user.name}",
        "  tsh ls",
        f"  tsh ssh {login}@{root.nodes[0].hostname}",
        f"  tsh ssh --cluster={leaf.name} {login}@{leaf.nodes[0].hostname}",
    ]
    if missing := why_no_office():
        lines.append(f"  # no desktop behind xrdp: {missing}")
    for database in root.databases:
        if database.why_offline:
            lines.append(f"  # database {database.name}: {database.why_offline}")
        else:
            lines.append(f"  tsh db connect {database.name} {_flags(user, database)}")
    return "\n".join([*lines, "", ""])


def _names(user: DemoUser, database: DemoDatabase) -> tuple[str, ...]:
    """Give the names one may open there."""
    if database.protocol == POSTGRES:
        return user.database_names
    return (SHOP,) if database.protocol == MYSQL else ()


def _flags(user: DemoUser, database: DemoDatabase) -> str:
    flags = [f"--db-user={user.database_users[0]}"]
    flags += [f"--db-name={name}" for name in _names(user, database)[:1]]
    return " ".join(flags)

"""`tsh login`: the whole login, or what little is missing when one is logged in already."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from teleterm.client.profile import split_address
from teleterm.model.errors import BadInput, ErrorCode, Refused, TeletermError
from teleterm.tsh import context as contexts
from teleterm.tsh import standing
from teleterm.tsh.context import NO_PROXY, Context
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import plain

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient

T = TypeVar("T")
_FORMATS = ("file", "openssh", "kubernetes")


def run(parsed: Parsed) -> int:
    """Log in and print the status, or write an identity file."""
    if parsed.text("identity"):
        return _take_in(parsed)
    if parsed.text("format") not in _FORMATS:
        raise BadInput(f"invalid identity format: {parsed.text('format')}", field="format")
    _refuse_unsupported(parsed)
    context = contexts.start(parsed)
    if parsed.text("out"):
        return _write_out(context)
    contexts.wait(_login(context))
    active, others = standing.rows(context)
    standing.show(context, active, others)
    if parsed.text("add-keys-to-agent") == "only":
        contexts.wait(_log_out(context))  # the agent has them, and nobody else shall
    return 0


def _refuse_unsupported(parsed: Parsed) -> None:
    if parsed.text("scope"):
        raise Refused("--scope is not supported yet.", code=ErrorCode.NOT_IMPLEMENTED)


def _take_in(parsed: Parsed) -> int:
    """Make a profile of an identity file, and print the status."""
    from teleterm.tsh import passing

    context = contexts.start(parsed)
    if not context.proxy:
        raise BadInput(NO_PROXY, field="proxy")
    path = parsed.text("identity")
    contexts.wait(passing.take_in(context, Path(path), context.store))
    shown = plain.lines(path)
    sys.stdout.write(f'Successfully flattened Identity file "{shown}" into a tsh profile.\n')
    active, others = standing.rows(context)
    standing.show(context, active, others)
    return 0


def _write_out(context: Context) -> int:
    """Log in for a file only: nothing is left in the profile folder."""
    from teleterm.tsh import identity_out, passing

    known = context.known_profile()
    context.store = passing.store(context.environ, context.clock)
    context.is_passing = True

    async def work() -> list[Path]:
        info = await context.discover(known)
        await _show_motd(context, info.web_addr, wanted=info.auth.has_motd)
        cluster = context.parsed.text("cluster")
        await context.log_in(info, known, cluster=cluster, is_single_key=True)
        return await identity_out.write(context, context.store.load(info.name))

    written = contexts.wait(work())
    names = ",".join(str(path) for path in written)
    sys.stdout.write(f"\nThe certificate has been written to {plain.lines(names)}\n")
    return 0


async def _login(context: Context) -> None:
    known = context.known_profile()
    if known is None and not context.proxy:
        raise Refused(NO_PROXY, code=ErrorCode.NOT_FOUND)
    info = await context.discover(known)
    await _show_motd(context, info.web_addr, wanted=info.auth.has_motd)
    cluster = context.parsed.text("cluster")
    is_fresh = not _is_logged_in(context)
    if is_fresh:
        await context.log_in(info, known)
    if cluster and (not is_fresh or cluster != info.cluster_name):
        await _with_client(context, lambda client: _select(client, cluster))
    elif context.proxy and not is_fresh:
        context.store.set_current(context.profile().name)
    try:
        await _ask_for_access(context, is_fresh=is_fresh)
    except TeletermError:
        if is_fresh:
            await _log_out(context)
        raise


async def _ask_for_access(context: Context, *, is_fresh: bool) -> None:
    """Ask for roles, as the command line or the user's own roles want it."""
    from teleterm.tsh import requests

    parsed = context.parsed
    roles, ident = parsed.text("request-roles"), parsed.text("request-id")
    if roles == "no":
        return
    if is_fresh and not roles and not ident:
        roles = await _with_client(context, lambda client: _roles_asked_for(client, parsed))
    if not roles and not ident:
        return
    if is_fresh:
        sys.stdout.write("\n")
    wanted = requests.Wanted(
        roles=requests.words(roles),
        reason=parsed.text("request-reason"),
        reviewers=requests.words(parsed.text("request-reviewers")),
    )
    await _with_client(
        context,
        lambda client: requests.execute(
            client,
            wanted,
            ident=ident,
            waits=not parsed.is_on("request-nowait"),
            now=context.clock.now(),
        ),
    )


async def _roles_asked_for(client: "ClusterClient", parsed: Parsed) -> str:
    """`*` for a user whose roles say that every login asks for access.

    Raises: BadInput when they want a reason and there is none.
    """
    may = await (await client.root_auth()).access_capabilities()
    if may.RequireReason and not parsed.text("request-reason"):
        prompt = f", prompt={may.RequestPrompt}" if may.RequestPrompt else ""
        raise BadInput(
            f"--request-reason must be specified{plain.cell(prompt)}", field="request-reason"
        )
    return "*" if may.AutoRequest else ""


async def _log_out(context: Context) -> None:
    """Take a login back that may not be without the access it was to ask for."""
    profile = context.known_profile()
    if profile is not None:
        await asyncio.to_thread(context.store.keys.delete_user, profile.name, profile.user)


def _is_logged_in(context: Context) -> bool:
    known = context.known_profile()
    if known is None or (context.user and context.user != known.user):
        return False
    address = context.proxy
    if split_address(address)[1] and address != known.web_proxy_addr:
        return False
    try:
        identity = context.store.identity(known)
    except Refused:
        return False
    return not identity.is_expired(context.clock.now())


async def _with_client(context: Context, work: "Callable[[ClusterClient], Awaitable[T]]") -> T:
    from teleterm.client.cluster import ClusterClient

    profile = context.known_profile()
    if profile is None:
        raise Refused(NO_PROXY, code=ErrorCode.NOT_FOUND)
    async with ClusterClient(
        context.store, profile, context.net(), prompts=context.prompts(), clock=context.clock
    ) as client:
        return await work(client)


async def _select(client: "ClusterClient", cluster: str) -> None:
    try:
        await client.use_cluster(cluster)
    except Refused as error:
        if error.code is not ErrorCode.NOT_FOUND:
            raise
        message = f'remote cluster "{cluster}" is not found'
        raise Refused(message, code=error.code, details=error.details) from error


async def _show_motd(context: Context, web_addr: str, *, wanted: bool) -> None:
    if not wanted:
        return
    from teleterm.client.discovery import motd

    text = await motd(web_addr, context.net())
    if text:
        sys.stderr.write(f"{plain.lines(text)}\n")

"""`tsh login`: the whole login, or what little is missing when one is logged in already."""

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from teleterm.client.profile import split_address
from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.tsh import context as contexts
from teleterm.tsh import standing
from teleterm.tsh.context import NO_PROXY, Context
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import plain

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient

_LOCAL = ("", "local")


def run(parsed: Parsed) -> int:
    """Log in and print the status."""
    _refuse_unsupported(parsed)
    context = contexts.start(parsed)
    contexts.wait(_login(context))
    active, others = standing.rows(context)
    standing.show(context, active, others)
    return 0


def _refuse_unsupported(parsed: Parsed) -> None:
    if parsed.text("format") not in ("file", "openssh", "kubernetes"):
        raise BadInput(f"invalid identity format: {parsed.text('format')}", field="format")
    for flag in ("out", "scope", "request-reason", "request-reviewers", "request-nowait"):
        if parsed.text(flag) or parsed.is_on(flag):
            raise Refused(f"--{flag} is not supported yet.", code=ErrorCode.NOT_IMPLEMENTED)
    if parsed.text("auth") not in _LOCAL or parsed.is_on("headless"):
        chosen = parsed.text("auth") or "headless"
        raise Refused(
            f'Logging in with "{chosen}" is not supported yet; use --auth=local.',
            code=ErrorCode.NOT_IMPLEMENTED,
        )


async def _login(context: Context) -> None:
    known = context.known_profile()
    if known is None and not context.proxy:
        raise Refused(NO_PROXY, code=ErrorCode.NOT_FOUND)
    info = await context.discover(known)
    await _show_motd(context, info.web_addr, wanted=info.auth.has_motd)
    cluster = context.parsed.text("cluster")
    requests = _requests(context.parsed)
    if not _is_logged_in(context):
        await context.login()
        if cluster and cluster != info.cluster_name:
            await _use(context, cluster, [])
    if requests or cluster:
        await _use(context, cluster, requests)
    elif context.proxy:
        context.store.set_current(context.profile().name)


def _requests(parsed: Parsed) -> list[str]:
    if parsed.text("request-roles") not in ("", "no"):
        raise Refused("--request-roles is not supported yet.", code=ErrorCode.NOT_IMPLEMENTED)
    return [parsed.text("request-id")] if parsed.text("request-id") else []


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


async def _use(context: Context, cluster: str, requests: list[str]) -> None:
    from teleterm.client.cluster import ClusterClient

    profile = context.known_profile()
    if profile is None:
        raise Refused(NO_PROXY, code=ErrorCode.NOT_FOUND)
    async with ClusterClient(
        context.store, profile, context.net(), prompts=context.prompts(), clock=context.clock
    ) as client:
        if requests:
            await client.use_requests(tuple(requests))
        if cluster:
            await _select(client, cluster)
    if not requests and not cluster:
        context.store.save(replace(profile), make_current=True)


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

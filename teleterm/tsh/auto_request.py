"""Access asked for by itself: something refuses a person, and some role would let them in.

`tsh ssh --request-mode`: `resource` asks for this node, the cluster finds the roles; `role` asks
for one of the roles that lead to it. Databases and Kubernetes clusters are asked for where they are
found only among what may be asked for. Where nothing can be asked for, the refusal stands as it is.
"""

import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from teleterm.model.errors import ErrorCode, Refused, TeletermError
from teleterm.tsh import questions, requests
from teleterm.tsh.context import Context
from teleterm.tsh.render import plain
from teleterm.wire.resource_ids import ResourceId

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient
    from teleterm.protogen.teleport.types import types_pb2

OFF, RESOURCE, ROLE = "off", "resource", "role"
_LOG = logging.getLogger(__name__)


def is_off(context: Context) -> bool:
    """Whether the command line, or the login, wants no access to be asked for."""
    parsed = context.parsed
    is_refused = parsed.text("request-mode") == OFF or parsed.is_on("disable-access-request")
    return is_refused or context.is_passing


def may_ask(context: Context, error: Refused) -> bool:
    """Whether access shall be asked for where a resource was not found."""
    return error.code is ErrorCode.NOT_FOUND and not is_off(context)


async def is_allowed(
    client: "ClusterClient", resources: Sequence[ResourceId], now: datetime
) -> bool:
    """Whether access to these may be asked for, by a request that is only tried."""
    try:
        await _tried(client, tuple(str(one) for one in resources), "", now)
    except TeletermError as error:
        _LOG.debug("no access is asked for: %s", error.message)
        return False
    return True


async def _tried(
    client: "ClusterClient", resources: tuple[str, ...], login: str, now: datetime
) -> "types_pb2.AccessRequestV3":
    """What would come of a request, which nobody sees.

    Raises: Refused, BadInput.
    """
    # a request without a reason is refused where reasons are required
    wanted = requests.Wanted(
        resources=resources, login_hint=login, reason="Would this be allowed?", is_dry_run=True
    )
    return await requests.create(client, wanted, now)


async def ask_for(
    client: "ClusterClient", context: Context, resources: Sequence[ResourceId], shown: str
) -> None:
    """Ask for access to these, wait for the decision and take it into the login.

    Raises: Refused when it is denied.
    """
    announce(shown)
    wanted = requests.Wanted(resources=tuple(str(one) for one in resources))
    reason = context.parsed.text("request-reason")
    await _execute(client, wanted, reason=reason, now=context.clock.now)


def announce(shown: str) -> None:
    """Say that access to that is asked for."""
    quoted = plain.cell(shown).replace('"', '\\"')
    sys.stdout.write(
        f'You do not currently have access to "{quoted}", attempting to request access.\n\n'
    )


async def _execute(
    client: "ClusterClient", wanted: requests.Wanted, *, reason: str, now: Callable[[], datetime]
) -> None:
    """Ask, for a reason that the person types where none is given."""
    why = reason or await questions.shown("Enter request reason", sys.stdout)
    await requests.execute(client, replace(wanted, reason=why), now=now())


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What was refused: a login on a node, by the name or id it was asked for."""

    login: str
    host: str
    port: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What may be asked for; with several roles the person picks one."""

    login: str
    node: str
    roles: tuple[str, ...] = ()
    is_by_role: bool = False


async def remedy(client: "ClusterClient", mode: str, need: Need, now: datetime) -> Remedy | None:
    """What could be asked for to get in; None when there is nothing."""
    try:
        return await _remedy(client, mode, need, now)
    except TeletermError as error:
        # the refusal that came first says more to the person than why nothing can be asked for
        _LOG.debug("no access is asked for: %s", error.message)
        return None


async def _remedy(client: "ClusterClient", mode: str, need: Need, now: datetime) -> Remedy:
    if not need.host:
        raise Refused("no host specified", code=ErrorCode.NOT_FOUND)
    found = await (await client.auth()).ssh_targets(need.host, need.port)
    if len(found) != 1:
        raise Refused(f'{len(found)} nodes are called "{need.host}"', code=ErrorCode.NOT_FOUND)
    node = str(ResourceId(cluster=client.cluster, kind="node", name=found[0].Metadata.Name))
    root = await client.root_auth()
    if mode == ROLE:
        answer = await root.access_capabilities(
            requestable_roles=True,
            resource_ids=(requests.resource_message(node),),
            login=need.login,
            only_for_resources=True,
        )
        roles = tuple(answer.RequestableRoles)
        return Remedy(login=need.login, node=node, roles=roles, is_by_role=True)
    tried = await _tried(client, (node,), need.login, now)
    return Remedy(login=need.login, node=node, roles=tuple(tried.Spec.Roles))


async def obtain(
    client: "ClusterClient", found: Remedy, *, reason: str, now: Callable[[], datetime]
) -> None:
    """Ask for access, wait for the decision and take it into the login.

    Raises: Refused when it is denied or no role would help.
    """
    roles = found.roles
    if found.is_by_role:
        if not roles:
            raise Refused("no roles to request that would grant access")
        if len(roles) > 1:
            roles = (await questions.one_of("Choose role to request", roles, sys.stdout),)
    wanted = requests.Wanted(
        roles=roles,
        resources=() if found.is_by_role else (found.node,),
        login_hint="" if found.is_by_role else found.login,
    )
    await _execute(client, wanted, reason=reason, now=now)

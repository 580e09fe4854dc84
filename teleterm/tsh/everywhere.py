"""Asking every cluster of every proxy one is logged in to: the flag `-R`."""

import asyncio
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from teleterm.client.profile import Profile
from teleterm.model.errors import ErrorCode, Refused, TeletermError
from teleterm.tsh.context import Context
from teleterm.tsh.render import plain

if TYPE_CHECKING:
    from teleterm.client.auth import AuthClient
    from teleterm.client.cluster import ClusterClient

T = TypeVar("T")


class Question(Protocol[T]):
    """What is asked of each cluster, on the connections of its proxy."""

    async def __call__(self, client: "ClusterClient", auth: "AuthClient", /) -> list[T]:
        """Ask one cluster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Generic[T]):
    """What one cluster answered."""

    proxy: str
    cluster: str
    items: list[T]


async def ask(context: Context, question: Question[T]) -> list[Place[T]]:
    """The answers of all clusters.

    Raises: TeletermError when not one of them answered. Single failures are only mentioned, and
            so are logins that have ended.
    """
    known = [one for one in context.store.profiles().profiles if _has_keys(context, one)]
    profiles = [one for one in known if not _has_ended(context, one)]
    if not known:
        raise Refused("current-profile is not set", code=ErrorCode.NOT_FOUND)
    answers = await asyncio.gather(*(_of_profile(context, one, question) for one in profiles))
    places = [place for answer in answers for place in answer.places]
    failures = [error for answer in answers for error in answer.failures]
    if failures and not places:
        raise failures[0]
    for error in failures:
        sys.stderr.write(f"WARNING: {plain.lines(error.message)}\n")
    return places


@dataclass(slots=True)
class _Answer(Generic[T]):
    places: list[Place[T]]
    failures: list[TeletermError]


def _has_keys(context: Context, profile: Profile) -> bool:
    try:
        context.store.identity(profile)
    except Refused:
        return False
    return True


def _has_ended(context: Context, profile: Profile) -> bool:
    """Whether the login is over, which is mentioned: its clusters are missing in the list."""
    if not context.store.identity(profile).is_expired(context.clock.now()):
        return False
    shown = plain.cell(profile.web_proxy_addr)
    sys.stderr.write(f'Credentials expired for proxy "{shown}", skipping...\n')
    return True


async def _of_profile(context: Context, profile: Profile, question: Question[T]) -> _Answer[T]:
    from teleterm.client.cluster import ClusterClient

    answer: _Answer[T] = _Answer([], [])
    try:
        async with ClusterClient(
            context.store, profile, context.net(), prompts=context.prompts(), clock=context.clock
        ) as client:
            root = await client.root_auth()
            leaves = [leaf.Metadata.Name for leaf in await root.remote_clusters()]
            for name in [client.root, *leaves]:
                try:
                    items = await question(client, await client.auth(name))
                except TeletermError as error:
                    answer.failures.append(error)
                    continue
                answer.places.append(Place(proxy=profile.web_proxy_addr, cluster=name, items=items))
    except TeletermError as error:
        answer.failures.append(error)
    return answer

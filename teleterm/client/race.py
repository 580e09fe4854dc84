"""TCP connections to a name with several addresses: whichever answers first.

Source: RFC 8305. The event loop has this too, but loses the socket that won when it is cancelled at
that very moment.
"""

import asyncio
import socket
from collections.abc import Sequence

from teleterm.osutil.tasks import spawn

HEAD_START_S = 0.25
_Address = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]
_Place = tuple[int, int, int, _Address]
_Attempt = asyncio.Task[socket.socket | OSError]


async def connect(host: str, port: int) -> socket.socket:
    """A connected socket, which doesn't block.

    Raises: OSError with the first address's failure; UnicodeError for what is no name.
    """
    places = _alternating(await _places(host, port))
    if len(places) == 1:
        return await _connect(places[0])
    running: list[_Attempt] = []
    try:
        return await _race(places, running)
    finally:
        for attempt in running:
            attempt.cancel()
            attempt.add_done_callback(_close_late)


async def _places(host: str, port: int) -> list[_Place]:
    kind = socket.SOCK_STREAM
    try:
        infos = socket.getaddrinfo(host, port, type=kind, flags=socket.AI_NUMERICHOST)
    except socket.gaierror:  # a name: somebody has to be asked
        infos = await asyncio.get_running_loop().getaddrinfo(host, port, type=kind)
    return [(family, type_, proto, address) for family, type_, proto, _, address in infos]


async def _race(places: Sequence[_Place], running: list[_Attempt]) -> socket.socket:
    """The first socket that is connected; it is taken out of `running`."""
    failures: list[OSError] = []
    left = list(places)
    while left or running:
        if left:
            running.append(spawn(_attempt(left.pop(0)), name="connect"))
        done, _ = await asyncio.wait(
            running,
            timeout=HEAD_START_S if left else None,
            return_when=asyncio.FIRST_COMPLETED,
        )
        for attempt in done:
            running.remove(attempt)
            found = attempt.result()
            if isinstance(found, OSError):
                failures.append(found)
            else:
                return found
    raise failures[0]


def _close_late(attempt: _Attempt) -> None:
    """Close what one that lost has got at the last moment."""
    if not attempt.cancelled() and isinstance(found := attempt.result(), socket.socket):
        found.close()


async def _attempt(place: _Place) -> socket.socket | OSError:
    try:
        return await _connect(place)
    except OSError as error:
        return error


async def _connect(place: _Place) -> socket.socket:
    family, kind, proto, address = place
    made = socket.socket(family, kind, proto)
    try:
        made.setblocking(False)
        await asyncio.get_running_loop().sock_connect(made, address)
    except BaseException:
        made.close()
        raise
    return made


def _alternating(places: Sequence[_Place]) -> list[_Place]:
    """One of each family by turns, beginning with the first."""
    first = [place for place in places if place[0] == places[0][0]]
    others = [place for place in places if place[0] != places[0][0]]
    mixed: list[_Place] = []
    for at in range(max(len(first), len(others))):
        mixed += first[at : at + 1] + others[at : at + 1]
    return mixed

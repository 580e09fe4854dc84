"""Where the window's requests arrive: each kind has one handler, each ask one answer."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from teleterm.bridge.contract import Ask, CancelAsk, Done, Event, Failed, Reply, Request
from teleterm.main import refusals
from teleterm.model.errors import ErrorCode, PeerBroke, TeletermError
from teleterm.osutil import tasks

_log = logging.getLogger("teleterm.main.desk")
R = TypeVar("R", bound=Request)


@dataclass(frozen=True, slots=True)
class Handed:
    """A reply with a descriptor that travels along; the desk's owner closes it after sending."""

    reply: Reply
    descriptor: int


class Refusal(Exception):
    """A failure that is worded already."""

    def __init__(self, failed: Failed) -> None:
        super().__init__(failed.message)
        self.failed = failed


Answering = Callable[[int, Reply, int], None]
"""Sends the answer: ask id, reply, descriptor or -1."""


Tell = Callable[[Event], None]
"""Tells the window something; drops it when there is none."""


class Desk:
    """Hands requests to their handlers, each in a task of its own that can be cancelled."""

    def __init__(self, answer: Answering) -> None:
        self._answer = answer
        self._handlers: dict[type, Callable[[Request], Awaitable[Reply | Handed]]] = {}
        self._running: dict[int, asyncio.Task[None]] = {}

    def on(self, kind: type[R], handler: Callable[[R], Awaitable[Reply | Handed]]) -> None:
        """Name the handler of a kind of request."""

        async def call(request: Request) -> Reply | Handed:
            if not isinstance(request, kind):
                raise TypeError(f"{type(request).__name__} is not {kind.__name__}")
            return await handler(request)

        self._handlers[kind] = call

    def missing(self, kinds: tuple[type, ...]) -> list[str]:
        """The kinds that have no handler yet (a check for tests and for start)."""
        return [kind.__name__ for kind in kinds if kind not in self._handlers | {CancelAsk: None}]

    def take(self, ask: Ask) -> None:
        """Start working on a request."""
        if isinstance(ask.body, CancelAsk):
            target = self._running.get(ask.body.target_id)
            if target:
                target.cancel()
            self._answer(ask.ask_id, Done(), -1)
            return
        task = tasks.spawn(self._work(ask), name=type(ask.body).__name__)
        self._running[ask.ask_id] = task
        task.add_done_callback(lambda _: self._running.pop(ask.ask_id, None))

    def drop_all(self) -> None:
        """Stop everything: the window that asked is gone."""
        for task in list(self._running.values()):
            task.cancel()
        self._running.clear()

    async def _work(self, ask: Ask) -> None:
        reply: Reply
        descriptor = -1
        try:
            result = await self._handlers[type(ask.body)](ask.body)
            reply = result.reply if isinstance(result, Handed) else result
            descriptor = result.descriptor if isinstance(result, Handed) else -1
        except asyncio.CancelledError:
            self._answer(ask.ask_id, Failed(code=ErrorCode.CANCELLED, message="Cancelled."), -1)
            raise
        except Refusal as refusal:
            reply = refusal.failed
        except TeletermError as error:
            reply = refusals.plain(error)
        except Exception as error:  # noqa: BLE001 - the border: the window must not be left waiting
            reply = _unforeseen(error, type(ask.body).__name__)
        try:
            self._answer(ask.ask_id, reply, descriptor)
        except PeerBroke as error:
            _log.warning("the answer to %s: %s", type(ask.body).__name__, error.message)
            text = "There is too much of this for the window to show."
            self._answer(ask.ask_id, Failed(code=ErrorCode.LIMIT, message=text), -1)


def _unforeseen(error: Exception, request: str) -> Failed:
    """What this computer refused (a full disk, missing rights), in its words; or a bug."""
    if isinstance(error, OSError) and error.strerror:
        _log.warning("%s: %s", request, error)
        return refusals.of_system(error)
    _log.error("handler of %s failed", request, exc_info=error)
    return Failed(
        code=ErrorCode.UNKNOWN,
        message="Something in teleterm itself went wrong. The log has the details.",
    )

"""Starting tasks so that none is lost: a reference is kept and a failure is reported."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import TypeVar

from teleterm.model.errors import TeletermError

T = TypeVar("T")
_log = logging.getLogger("teleterm.tasks")
_running: set[asyncio.Task[object]] = set()


def spawn(coro: Coroutine[object, object, T], *, name: str = "") -> asyncio.Task[T]:
    """Start a task in the running loop.

    Gives: the task; nobody has to keep it. A failure is logged, with its traceback unless it
           is one of ours, which says all in a sentence; a cancellation is not.
    """
    task: asyncio.Task[T] = asyncio.get_running_loop().create_task(coro, name=name or None)
    _running.add(task)
    task.add_done_callback(_forget)
    return task


def _forget(task: asyncio.Task[T]) -> None:
    _running.discard(task)
    if task.cancelled():
        return
    error = task.exception()
    if isinstance(error, TeletermError):
        _log.warning("task %s failed: %s", task.get_name(), error.message)
    elif error is not None:
        _log.error("task %s failed", task.get_name(), exc_info=error)

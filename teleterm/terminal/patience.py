"""A limit to how long one regular expression may run, for patterns that explode."""

from __future__ import annotations

import re
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ESCAPED_OR_CLASS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_QUANTIFIER = re.compile(r"[*+]|\{\d*,\d*\}|\{\d{2,}\}")


class OutOfPatienceError(Exception):
    """The time given is over."""


def repeats_itself(pattern: str) -> bool:
    """Tell whether a pattern repeats a group that repeats or chooses: the kind that explodes.

    It errs on the side of yes; for where nothing can stop a search once it runs.
    """
    plain = _ESCAPED_OR_CLASS.sub("x", pattern)
    inner = [False]
    at = 0
    while at < len(plain):
        found = _QUANTIFIER.match(plain, at)
        if found is not None or plain[at] in "?|":
            inner[-1] = True
        elif plain[at] == "(":
            inner.append(False)
        elif plain[at] == ")" and len(inner) > 1:
            is_inner = inner.pop()
            if is_inner and _QUANTIFIER.match(plain, at + 1) is not None:
                return True
            inner[-1] = inner[-1] or is_inner
        at = found.end() if found is not None else at + 1
    return False


if sys.platform == "win32":

    def can_stop() -> bool:
        """Tell whether `limited` can stop what runs in it."""
        return False

    @contextmanager
    def limited(seconds: float) -> Iterator[None]:
        """Do nothing: no alarm reaches a running search here."""
        del seconds
        yield

else:

    def can_stop() -> bool:
        """Tell whether `limited` can stop what runs in it: alarms reach the main thread only."""
        return threading.current_thread() is threading.main_thread()

    @contextmanager
    def limited(seconds: float) -> Iterator[None]:
        """Stop what runs inside after `seconds`; the `re` module looks for signals as it goes.

        Raises: OutOfPatienceError.
        """
        if not can_stop():
            yield
            return
        is_running = True

        def stop(_number: int, _frame: FrameType | None) -> None:
            if is_running:
                raise OutOfPatienceError

        before = signal.signal(signal.SIGALRM, stop)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            yield
        finally:
            is_running = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

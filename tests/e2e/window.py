"""A window with a made-up main on a display, worked by keys and mouse from outside."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.fake_main import FakeMain


def xdo(*arguments: str) -> None:
    """One xdotool command."""
    subprocess.run(["xdotool", *arguments], check=True, timeout=20, env=os.environ)


def press(*keys: str) -> None:
    """Press keys one after the other."""
    xdo("key", "--delay", "15", *keys)


def write(text: str) -> None:
    """Type a text."""
    xdo("type", "--delay", "15", text)


def click(fake: FakeMain, path: str, *, button: int = 1) -> None:
    """Click in the middle of a named widget or row."""
    left, top, width, height = fake.wait_widget(path)
    xdo("mousemove", str(left + width // 2), str(top + height // 2), "click", str(button))


@contextmanager
def shown(fake: FakeMain) -> Iterator[FakeMain]:
    """Start the window; afterwards it must leave in order and no callback may have failed."""
    fake.start()
    try:
        yield fake
    finally:
        code = fake.stop()
    failed = [line for line in fake.log if "callback failed" in line or "refused" in line]
    assert failed == []
    assert code == 0

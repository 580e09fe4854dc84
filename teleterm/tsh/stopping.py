"""Waiting until somebody stops this program."""

import asyncio
import signal
import sys


async def until_stopped() -> None:
    """Come back at SIGINT or SIGTERM."""
    stopped = asyncio.Event()
    if sys.platform != "win32":
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stopped.set)
    await stopped.wait()

"""The demo's desktops by name, and what each needs of this computer."""

import asyncio
from functools import partial
from pathlib import Path

from teleterm.demo.desktop import passing, visit, xrdp
from teleterm.demo.desktop.service import Receive
from teleterm.demo.desktop.session import XSession
from teleterm.demo.desktop.xrdp import XrdpSession
from teleterm.demo.inventory import OFFICE


def why_no_office() -> str:
    """Why there is no desktop behind xrdp; empty when there is one."""
    lacking = xrdp.lacking()
    return f"{' and '.join(lacking)} not installed" if lacking else ""


class Sessions:
    """Each is started by its first visitor; `stop` ends all."""

    def __init__(self, folder: Path) -> None:
        self._studio = XSession(folder)
        self._office = XrdpSession(folder)

    def receive(self, name: str) -> Receive:
        """What receives the visitors of a desktop."""
        if name == OFFICE:
            return partial(passing.received, self._office)
        return partial(visit.received, self._studio)

    async def stop(self) -> None:
        """End them."""
        await asyncio.gather(self._studio.stop(), self._office.stop())

"""The daemon's life: start, readiness, signals, orderly end.

Source: terminal_service.md 3 to 6.
"""

import asyncio
import contextlib
import logging
import os
import signal
import stat
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from teleterm.model.clock import SystemClock
from teleterm.model.errors import TeletermError
from teleterm.tshd.options import DaemonOptions, ListenAddress
from teleterm.tshd.warm_door import WarmDoor

if TYPE_CHECKING:
    from teleterm.tshd.server import Listening, ServerTls
    from teleterm.tshd.services.assembly import Services

_log = logging.getLogger("teleterm.tshd")
CLOSE_LIMIT_S = 5.0
_STDIN = 0


def main(options: DaemonOptions) -> int:
    """Run the daemon until it is told to end; gives the exit status.

    Blocks: until SIGTERM, SIGINT, or the end of standard input when that is a pipe or socket.
    """
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.DEBUG if options.debug else logging.INFO,
        format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
    )
    logging.getLogger("asyncio").setLevel(logging.INFO)
    for name in ("asyncssh",):
        logging.getLogger(name).setLevel(logging.WARNING)
    _no_core_dumps()
    try:
        address = options.check()
        options.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        asyncio.run(_live(options, address))
    except TeletermError as error:
        sys.stderr.write(f"ERROR: {error.message}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"ERROR: the daemon can't start: {error}\n")
        return 1
    return 0


async def _live(options: DaemonOptions, address: ListenAddress) -> None:
    from teleterm.tshd import server as servers
    from teleterm.tshd.handlers import registry
    from teleterm.tshd.services import assembly

    ending = asyncio.Event()
    _watch_signals(ending)
    tls = _make_tls(options) if address.is_tls else None
    services = assembly.assemble(options, tls.pair if tls else None)
    server = servers.make()
    registry.register(server, services)
    listening = await servers.listen(server, address, tls)
    sys.stdout.write(f"{{CONNECT_GRPC_PORT: {listening.port}}}\n")
    sys.stdout.flush()
    _watch_input(ending)
    _log.info("serving on %s", options.addr)
    door = WarmDoor(options.home)
    door.open()
    await ending.wait()
    _log.info("ending")
    door.close()
    await _close(services, listening)


async def _close(services: "Services", listening: "Listening") -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(CLOSE_LIMIT_S):
            await services.close()
    await listening.stop()


def _make_tls(options: DaemonOptions) -> "ServerTls":
    from teleterm.tshd import certificates
    from teleterm.tshd.server import ServerTls

    clock = SystemClock()
    folder = Path(options.certs_dir)
    pair = certificates.make(clock)
    certificates.publish(folder, pair)
    return ServerTls(pair=pair, pool=certificates.ClientPool(folder), clock=clock)


def _watch_signals(ending: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    if sys.platform == "win32":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGBREAK):
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(ending.set))
    else:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, ending.set)


def _watch_input(ending: asyncio.Event) -> None:
    """End with the one who started us: the window holds our standard input open all its life.

    Only a pipe or a socket tells; a terminal or the null device does not.
    """
    try:
        mode = os.fstat(_STDIN).st_mode
    except OSError:
        return
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
        return
    loop = asyncio.get_running_loop()

    def wait() -> None:
        with contextlib.suppress(OSError):
            while os.read(_STDIN, 4096):
                pass
        with contextlib.suppress(RuntimeError):  # the loop is closed: it ends already
            loop.call_soon_threadsafe(ending.set)

    threading.Thread(target=wait, name="standard input", daemon=True).start()


def _no_core_dumps() -> None:
    """Keys in memory must not reach a file."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

"""A local port, the tasks that serve its connections, and how all of it ends."""

import asyncio
import errno
from collections.abc import Callable, Coroutine

from teleterm.client.joint import End, abort_all
from teleterm.model.errors import BadInput, ErrorCode
from teleterm.osutil.tasks import spawn

_IN_USE = {errno.EADDRINUSE, errno.EACCES}


class Listener:
    """Listens from `start` to `close`; what serves a connection notes its ends in `ends`."""

    def __init__(self) -> None:
        self.ends: set[End] = set()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        """The port it listens on; 0 before `start` and after `close`."""
        if self._server is None or not self._server.sockets:
            return 0
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def start(self, accept: Callable[[], asyncio.BaseProtocol], host: str, port: int) -> int:
        """Begin to listen; port 0 takes a free one. Gives the port.

        Raises: BadInput (PORT_IN_USE).
        """
        self._server = await listening(accept, host, port)
        return self.port

    def serve(self, work: Coroutine[object, object, None], *, name: str) -> None:
        """Run what serves a connection until it is done or `close` ends it."""
        task = spawn(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Stop listening and close every connection."""
        if self._server is not None:
            self._server.close()
            self._server = None
        tasks = list(self._tasks)
        await abort_all(list(self.ends))
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)


async def listening(
    accept: Callable[[], asyncio.BaseProtocol], host: str, port: int
) -> asyncio.Server:
    """A server on a local port; 0 takes a free one.

    Raises: BadInput (PORT_IN_USE).
    """
    loop = asyncio.get_running_loop()
    try:
        return await loop.create_server(accept, host, port)
    except OSError as error:
        if error.errno in _IN_USE:
            raise BadInput(
                f"Port {port} is in use by another program.",
                field="port",
                value=str(port),
                code=ErrorCode.PORT_IN_USE,
                hint="Use another port, or none for a free one.",
                details=str(error),
            ) from error
        raise BadInput(
            f"{host}:{port} can't be listened on: {error.strerror or error}.",
            field="address",
            value=f"{host}:{port}",
            details=str(error),
        ) from error

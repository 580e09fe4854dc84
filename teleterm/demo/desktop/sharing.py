"""A folder that the visitor shares: its small files are fetched, so that the session has them."""

import asyncio
import contextlib
import itertools
import ssl
from collections.abc import Awaitable, Callable
from pathlib import PurePosixPath
from typing import TypeVar

from teleterm.demo.desktop.session import XSession
from teleterm.osutil import tasks
from teleterm.wire.tdp.codec import MAX_DATA, Message
from teleterm.wire.tdp.files import (
    FOLDER,
    Acknowledge,
    Announce,
    FileError,
    FileObject,
    ListAnswer,
    ListRequest,
    ReadAnswer,
    ReadRequest,
)
from teleterm.wire.tdp.messages import Alert, Severity

_MAX_FILES = 200
_ANSWER_S = 20.0
A = TypeVar("A", ListAnswer, ReadAnswer)


class Sharing:
    """Asks the visitor for files after an announcement."""

    def __init__(self, send: Callable[[Message], Awaitable[None]], session: XSession) -> None:
        self._send = send
        self._session = session
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Message]] = {}
        self._fetching: asyncio.Task[None] | None = None

    def begin(self, announced: Announce) -> None:
        """Take the folder; one at a time."""
        if self._fetching is None:
            self._fetching = tasks.spawn(self._fetch(announced), name="shared folder")

    def answered(self, message: Message) -> None:
        """Hand an answer to whoever waits for it."""
        if isinstance(message, ListAnswer | ReadAnswer):
            future = self._waiting.pop(message.completion, None)
            if future is not None and not future.done():
                future.set_result(message)

    async def end(self) -> None:
        """Ask no more."""
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.wait({self._fetching})

    async def _fetch(self, announced: Announce) -> None:
        with contextlib.suppress(OSError, ssl.SSLError, TimeoutError):
            await self._send(Acknowledge(FileError.OK, announced.directory))
            folders, count = [""], 0
            while folders and count < _MAX_FILES:
                listed = await self._list(announced.directory, folders.pop())
                for file in listed.files:
                    if file.kind == FOLDER:
                        folders.append(file.path)
                    elif file.size <= MAX_DATA and count < _MAX_FILES:
                        count += 1
                        await self._fetch_file(announced.directory, file)
            await self._session.show_shared()
            text = f'{count} files of the folder "{announced.name}" are here.'
            await self._send(Alert(text, Severity.INFO))

    async def _list(self, directory: int, path: str) -> ListAnswer:
        return await self._ask(ListAnswer, lambda number: ListRequest(number, directory, path))

    async def _fetch_file(self, directory: int, file: FileObject) -> None:
        path = PurePosixPath(file.path)
        if path.is_absolute() or ".." in path.parts:
            return
        read = await self._ask(
            ReadAnswer, lambda number: ReadRequest(number, directory, file.path, 0, MAX_DATA)
        )
        if read.error == FileError.OK:
            place = self._session.shared / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(read.data)

    async def _ask(self, kind: type[A], make: Callable[[int], Message]) -> A:
        number = next(self._numbers)
        future = self._waiting[number] = asyncio.get_running_loop().create_future()
        await self._send(make(number))
        async with asyncio.timeout(_ANSWER_S):
            answer = await future
        if not isinstance(answer, kind):
            raise OSError(f"another answer than {kind.__name__}")
        return answer

"""What a desktop asks of a shared folder, and the answers."""

import logging

from teleterm.model.errors import Refused, TeletermError
from teleterm.tshd.services.shared_folder import SharedFolder
from teleterm.wire.tdp import files
from teleterm.wire.tdp.codec import Message
from teleterm.wire.tdp.files import FileError, FileObject

_log = logging.getLogger("teleterm.tshd.desktops")


def answer(folder: SharedFolder | None, request: Message) -> tuple[Message, str]:
    """The answer to a request; the text says for the person what is wrong, if anything. Blocks."""
    if folder is None:
        return _refusal(request, FileError.FAILED), "No folder is shared with this desktop."
    try:
        return _served(folder, request), ""
    except FileNotFoundError:
        return _refusal(request, FileError.MISSING), ""
    except FileExistsError:
        return _refusal(request, FileError.EXISTS), ""
    except TeletermError as error:
        return _refusal(request, FileError.FAILED), error.message
    except (OSError, ValueError, OverflowError) as error:
        _log.info("shared folder: %s", error)
        why = error.strerror if isinstance(error, OSError) else str(error)
        text = f"A file of the shared folder can't be used: {why}."
        return _refusal(request, FileError.FAILED), text


def _served(folder: SharedFolder, request: Message) -> Message:
    ok = FileError.OK
    match request:
        case files.InfoRequest(completion=ident, path=path):
            return files.InfoAnswer(ident, ok, folder.info(path))
        case files.ListRequest(completion=ident, path=path):
            return files.ListAnswer(ident, ok, folder.entries(path))
        case files.ReadRequest(completion=ident, path=path, offset=offset, length=length):
            return files.ReadAnswer(ident, ok, folder.read(path, offset, length))
        case files.WriteRequest(completion=ident, path=path, offset=offset, data=data):
            return files.WriteAnswer(ident, ok, folder.write(path, offset, data))
        case files.CreateRequest(completion=ident, path=path, kind=kind):
            return files.CreateAnswer(ident, ok, folder.create(path, kind))
        case files.DeleteRequest(completion=ident, path=path):
            folder.delete(path)
            return files.DeleteAnswer(ident, ok)
        case files.TruncateRequest(completion=ident, path=path, size=size):
            folder.truncate(path, size)
            return files.TruncateAnswer(ident, ok)
        case _:
            raise Refused("Files of a shared folder can't be moved or renamed from the desktop.")


def _refusal(request: Message, error: FileError) -> Message:
    match request:
        case files.InfoRequest(completion=ident):
            return files.InfoAnswer(ident, error, FileObject())
        case files.ListRequest(completion=ident):
            return files.ListAnswer(ident, error, ())
        case files.ReadRequest(completion=ident):
            return files.ReadAnswer(ident, error, b"")
        case files.WriteRequest(completion=ident):
            return files.WriteAnswer(ident, error, 0)
        case files.CreateRequest(completion=ident):
            return files.CreateAnswer(ident, error, FileObject())
        case files.DeleteRequest(completion=ident):
            return files.DeleteAnswer(ident, error)
        case files.TruncateRequest(completion=ident):
            return files.TruncateAnswer(ident, error)
        case files.MoveRequest(completion=ident):
            return files.MoveAnswer(ident, error)
        case _:
            raise ValueError(f"{type(request).__name__} asks for no file")

"""The parts of the Redis protocol a proxy needs: a command, a line of an answer.

Source: Redis documentation, "Redis serialization protocol specification".
"""

from teleterm.demo.streams import ExactReader

_END = b"\r\n"
_MAX_LINE_BYTES = 4096


def encode_command(*words: str) -> bytes:
    """Give a command as a list of texts."""
    parts = [f"*{len(words)}".encode()]
    for word in words:
        data = word.encode()
        parts += [f"${len(data)}".encode(), data]
    return _END.join(parts) + _END


def encode_error(message: str) -> bytes:
    """Give the answer that says what went wrong, which is one line."""
    return b"-ERR " + " ".join(message.split()).encode() + _END


async def read_line(reader: ExactReader) -> bytes:
    """Read one line without its end.

    Raises: ValueError when it is too long, EOFError when the stream ends before.
    """
    line = await reader.take_until(_END, limit=_MAX_LINE_BYTES)
    return line.removesuffix(_END)

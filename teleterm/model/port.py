"""Ports as people, settings and certificates write them."""

HIGHEST = 65535


def read(text: str) -> int:
    """The number that `text` is in plain digits; 0 for what is no port of a computer.

    Other digits than ASCII's are none (`int` takes some of them and fails on others), nor is a
    number that is longer than any port.
    """
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(HIGHEST)):
        return 0
    return int(text) if int(text) <= HIGHEST else 0

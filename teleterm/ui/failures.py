"""Answers that say no, as words: what a hint adds when no button beside it says the same."""

from teleterm.bridge.contract import Failed


def sentence(failed: Failed) -> str:
    """The message, and the hint if it is a sentence; one without a full stop names a button."""
    hint = failed.hint if failed.hint.endswith(".") else ""
    return " ".join(filter(None, (failed.message, hint)))

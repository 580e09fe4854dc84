"""The border between the window and the main process: messages, framing, and the two ends."""

EXIT_NO_DISPLAY = 69
"""The window's exit status that tells main not to try again: EX_UNAVAILABLE of sysexits.h."""

"""The border between the window and the main process: messages, framing, and the two ends."""

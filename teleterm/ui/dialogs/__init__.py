"""Questions that somebody waits for."""

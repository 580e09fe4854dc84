"""Commands run by processes that are loaded already, as long as a daemon runs (Linux)."""

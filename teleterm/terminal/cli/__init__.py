"""The engine's command lines: feed, run, keys, bench."""

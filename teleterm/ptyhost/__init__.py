"""Owns the terminals: a small parent that forks an engine process for each pty."""

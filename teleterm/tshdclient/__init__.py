"""Typed client of the daemon's terminal service, and the events service that the daemon calls."""

"""teleterm: a light desktop terminal for Teleport clusters, and tsh, its command line."""

__version__ = "0.1.0"

TELEPORT_VERSION = "18.3.0"
"""The Teleport release whose wire contract is followed: the protocol's version, not ours."""

"""Which kubectl is here."""

import functools
import re
import subprocess

WEBSOCKET_SINCE = 31
"""kubectl 1.31 runs programs over a WebSocket; older ones speak SPDY, which the demo doesn't."""


@functools.cache
def speaks_websocket() -> bool:
    """Whether `kubectl exec` of this machine works with the demo."""
    done = subprocess.run(
        ["kubectl", "version", "--client", "-o", "json"], capture_output=True, text=True, timeout=30
    )
    minor = re.search(r'"minor": "(\d+)', done.stdout)
    return minor is not None and int(minor[1]) >= WEBSOCKET_SINCE

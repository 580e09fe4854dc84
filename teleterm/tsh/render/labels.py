"""Labels of a resource as one cell."""

from collections.abc import Mapping

_HIDDEN = ("teleport.dev/", "teleport.hidden/", "teleport.internal/")
DISCOVERED_NAME = "teleport.internal/discovered-name"


def text(labels: Mapping[str, str], *, verbose: bool) -> str:
    """`k=v` pairs, joined: plain keys, keys with a slash, then (verbose) internal ones."""
    plain = [key for key in labels if "/" not in key]
    slashed = [key for key in labels if "/" in key and not key.startswith(_HIDDEN)]
    internal = [key for key in labels if key.startswith(_HIDDEN)] if verbose else []
    keys = [*sorted(plain), *sorted(slashed), *sorted(internal)]
    return ",".join(f"{key}={labels[key]}" for key in keys)


def display_name(name: str, labels: Mapping[str, str], *, verbose: bool) -> str:
    """The name people know a discovered resource by; its full name when verbose."""
    if verbose:
        return name
    return labels.get(DISCOVERED_NAME) or name

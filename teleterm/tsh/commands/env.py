"""`tsh env`: shell commands that select the current cluster."""

import sys

from teleterm.model.errors import ErrorCode, Refused
from teleterm.tsh import context as contexts
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import document

_ALL = ("TELEPORT_PROXY", "TELEPORT_CLUSTER", "TELEPORT_KUBE_CLUSTER", "KUBECONFIG")


def run(parsed: Parsed) -> int:
    """Print them on standard output."""
    context = contexts.start(parsed)
    profile = context.known_profile()
    if profile is None:
        raise Refused("current-profile is not set", code=ErrorCode.NOT_FOUND)
    cluster = profile.cluster or context.store.identity(profile).cluster
    values = {"TELEPORT_PROXY": profile.web_proxy_addr, "TELEPORT_CLUSTER": cluster}
    if parsed.text("format") != "text":
        chosen = dict(sorted(values.items()))
        sys.stdout.write(document.dump(chosen, parsed.text("format")))
    elif parsed.is_on("unset"):
        sys.stdout.writelines(f"unset {name}\n" for name in _ALL)
    else:
        sys.stdout.writelines(f"export {name}={value}\n" for name, value in values.items())
    return 0

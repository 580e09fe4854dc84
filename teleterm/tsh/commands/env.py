"""`tsh env`: shell commands that select the current cluster."""

import sys

from teleterm.client.keystore import ResourceFolder
from teleterm.model.errors import ErrorCode, Refused
from teleterm.tsh import context as contexts
from teleterm.tsh import standing
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import document

_ALL = ("TELEPORT_PROXY", "TELEPORT_CLUSTER", "TELEPORT_KUBE_CLUSTER", "KUBECONFIG")

_ABOUT_KUBECONFIG = "# set KUBECONFIG to a standalone kubeconfig for the selected kube cluster\n"


def run(parsed: Parsed) -> int:
    """Print them on standard output."""
    context = contexts.start(parsed)
    profile = context.known_profile()
    if profile is None:
        raise Refused("current-profile is not set", code=ErrorCode.NOT_FOUND)
    cluster = profile.cluster or context.store.identity(profile).cluster
    values = {"TELEPORT_PROXY": profile.web_proxy_addr, "TELEPORT_CLUSTER": cluster}
    kube = standing.selected_kube(context, profile, cluster)
    if kube:
        paths = context.store.keys.paths(profile.name, profile.user)
        folder = paths.resources(ResourceFolder.KUBE, cluster)
        values["TELEPORT_KUBE_CLUSTER"] = kube
        values["KUBECONFIG"] = str(folder / f"{kube}-kubeconfig")
    if parsed.text("format") != "text":
        chosen = dict(sorted(values.items()))
        sys.stdout.write(document.dump(chosen, parsed.text("format")))
    elif parsed.is_on("unset"):
        sys.stdout.writelines(f"unset {name}\n" for name in _ALL)
    else:
        for name, value in values.items():
            if name == "KUBECONFIG":
                sys.stdout.write(_ABOUT_KUBECONFIG)
            sys.stdout.write(f"export {name}={value}\n")
    return 0

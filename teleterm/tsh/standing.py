"""Who is logged in where, and how a command shows it."""

import sys
from dataclasses import replace

from teleterm.client import kube_entries, kubeconfig
from teleterm.client.identity import Identity
from teleterm.client.profile import Profile
from teleterm.model.errors import BadInput, Refused
from teleterm.tsh.context import Context
from teleterm.tsh.render import document, plain, profiles
from teleterm.tsh.render.profiles import ProfileRow


def rows(context: Context) -> tuple[ProfileRow | None, list[ProfileRow]]:
    """The active profile and the others, those without certificates left out.

    The active one is the current one, or the one `--proxy` names.
    """
    listed = context.store.profiles()
    for error in listed.damaged:
        sys.stderr.write(f"WARNING: {plain.lines(error.message)}\n")
    wanted = context.known_profile() if context.proxy else None
    name = wanted.name if wanted else listed.current
    active: ProfileRow | None = None
    others: list[ProfileRow] = []
    for profile in listed.profiles:
        try:
            identity = context.store.identity(profile)
        except Refused:
            continue
        row = ProfileRow(
            profile=profile,
            identity=_of_cluster(context, profile, identity),
            kube_cluster=selected_kube(context, profile, profile.cluster or identity.cluster),
        )
        if profile.name == name:
            active = row
        else:
            others.append(row)
    return active, others


def selected_kube(context: Context, profile: Profile, cluster: str) -> str:
    """The Kubernetes cluster of that cluster which kubectl uses now; empty when it is none."""
    if not profile.kube_proxy_addr:
        return ""
    path = kubeconfig.default_path(context.environ)
    try:
        if cluster.encode() not in path.read_bytes():
            return ""  # reading it as YAML takes long
        return kube_entries.selected(kubeconfig.load(path), cluster)
    except (OSError, BadInput):
        return ""


def _of_cluster(context: Context, profile: Profile, identity: Identity) -> Identity:
    """The identity with the databases of the selected cluster only."""
    if not identity.databases:
        return identity
    from teleterm.client.keystore import ResourceFolder

    paths = context.store.keys.paths(profile.name, profile.user)
    folder = paths.resources(ResourceFolder.DATABASE, profile.cluster or identity.cluster)
    here = [one for one in identity.databases if (folder / f"{one.service}.crt").is_file()]
    return replace(identity, databases=tuple(here))


def show(
    context: Context,
    active: ProfileRow | None,
    others: list[ProfileRow],
    *,
    format_name: str = "text",
) -> None:
    """Print the profiles on standard output."""
    environ = profiles.shadowing(context.environ)
    if format_name in ("json", "yaml"):
        value = profiles.document(active, others, environ)
        sys.stdout.write(document.dump(value, format_name))
        return
    now, debug = context.clock.now(), context.parsed.is_on("debug")
    for row in [active, *others]:
        if row is not None:
            sys.stdout.write(
                plain.lines(
                    profiles.text(row, now=now, active=row is active, environ=environ, debug=debug)
                )
            )
    if context.parsed.is_on("verbose") and environ:
        sys.stdout.write("Active Environment:\n")
        sys.stdout.writelines(f"\t{name}={value}\n" for name, value in environ.items())

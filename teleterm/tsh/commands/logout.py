"""`tsh logout`: of everybody everywhere, or of one user on one proxy."""

import sys

from teleterm.client import kube_entries
from teleterm.client.profile import split_address
from teleterm.tsh import context as contexts
from teleterm.tsh import database_profiles, standing
from teleterm.tsh.context import Context
from teleterm.tsh.grammar import Parsed


def run(parsed: Parsed) -> int:
    """Delete keys and certificates and say so."""
    context = contexts.start(parsed)
    host, user = split_address(context.proxy)[0], context.user
    if host and user:
        return _one(context, host, user)
    if host:
        sys.stdout.write(
            f'Specify --user to log out a specific user from "{host}" or remove the --proxy flag '
            "to log out all users from all proxies.\n"
        )
    elif user:
        sys.stdout.write(
            f'Specify --proxy to log out user "{user}" from a specific proxy or remove the --user '
            "flag to log out all users from all proxies.\n"
        )
    else:
        _everybody(context)
    return 0


def _one(context: Context, host: str, user: str) -> int:
    _forget_databases(context, host)
    kube_entries.forget(context.environ, _servers(context, host), ())
    if not context.store.keys.delete_user(host, user):
        sys.stdout.write(f"User {user} already logged out from {host}.\n")
        return 1
    sys.stdout.write(f"Logged out {user} from {host}.\n")
    return 0


def _everybody(context: Context) -> None:
    if not context.store.profiles().profiles:
        sys.stdout.write("All users logged out.\n")
        return
    _forget_databases(context, "")
    _tell_agent(context, "", "")
    active, others = standing.rows(context)
    clusters = [row.cluster for row in [active, *others] if row is not None]
    current = context.store.profiles().current
    kube_entries.forget(context.environ, _servers(context, current), clusters)
    context.store.keys.delete_all()
    sys.stdout.write("Logged out all users from all proxies.\n")


def _servers(context: Context, name: str) -> list[str]:
    """Where the Kubernetes clusters of a proxy are, as kubeconfigs name it."""
    listed = context.store.profiles().profiles
    return [kube_entries.server_of(one) for one in listed if one.name == name]


def _tell_agent(context: Context, host: str, user: str) -> None:
    """Take the keys out of the SSH agent; without one nothing is even loaded for it."""
    if context.environ.get("SSH_AUTH_SOCK"):
        from teleterm.client import ssh_agent

        contexts.wait(ssh_agent.follow_logout(context.environ, proxy_host=host, user=user))


def _forget_databases(context: Context, host: str) -> None:
    active, others = standing.rows(context)
    for row in [active, *others]:
        if row is None or (host and row.profile.name != host):
            continue
        for route in row.identity.databases:
            section = f"{row.identity.cluster}-{route.service}"
            database_profiles.forget_database(context.environ, section)

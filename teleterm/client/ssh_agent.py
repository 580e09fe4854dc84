"""The login's SSH key and certificate in the user's own SSH agent, for other programs.

Source: cluster-login.md 6.5: comments `teleport:<proxy>:<cluster>:<user>`.
"""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from teleterm.client.keystore import KeyRing
from teleterm.client.profile import Profile
from teleterm.client.store import ProfileStore
from teleterm.model.errors import BadInput, Unreachable

if TYPE_CHECKING:
    import asyncssh

OPTIONS = ("auto", "no", "yes", "only")
_PREFIX = "teleport"


def check_option(option: str) -> None:
    """Refuse what `--add-keys-to-agent` doesn't know.

    Raises: BadInput.
    """
    if option not in OPTIONS:
        raise BadInput(
            f'invalid value "{option}", must be one of [{" ".join(OPTIONS)}]',
            field="add-keys-to-agent",
            value=option,
        )


def is_wanted(option: str, environ: Mapping[str, str]) -> bool:
    """Whether keys go to the agent: there is one, and it takes certificates."""
    socket = environ.get("SSH_AUTH_SOCK", "")
    return bool(socket) and (
        option in {"yes", "only"} or (option == "auto" and "gpg-agent" not in socket)
    )


async def follow_login(
    option: str, environ: Mapping[str, str], store: ProfileStore, profile: Profile
) -> None:
    """Give a fresh login's key to the agent, if that is wanted and there is one.

    Raises: Unreachable when the agent doesn't answer or refuses.
    """
    if not is_wanted(option, environ):
        return
    await add(
        environ["SSH_AUTH_SOCK"],
        store.keys.key_ring(profile.name, profile.user),
        proxy_host=profile.name,
        cluster=profile.cluster,
        user=profile.user,
    )


async def follow_logout(
    environ: Mapping[str, str], *, proxy_host: str = "", user: str = ""
) -> None:
    """Take the keys of logins out of the agent, if there is one: of one user, or all."""
    socket = environ.get("SSH_AUTH_SOCK", "")
    if socket:
        await remove(socket, proxy_host=proxy_host, user=user)


def comment(proxy_host: str, cluster: str, user: str) -> str:
    """How a login's key is called."""
    return f"{_PREFIX}:{proxy_host}:{cluster}:{user}"


async def add(socket: str, ring: KeyRing, *, proxy_host: str, cluster: str, user: str) -> None:
    """Put the key of a login in; earlier ones of the same user there go.

    Raises: Unreachable when the agent doesn't answer or refuses.
    """
    import asyncssh

    line = ring.ssh_certificates.get(cluster, "")
    try:
        key = asyncssh.import_private_key(ring.ssh_private.reveal())
        key.set_comment(comment(proxy_host, cluster, user))
        certificate = asyncssh.import_certificate(line.encode())
        certificate.set_comment(key.get_comment_bytes())
        async with await asyncssh.connect_agent(socket) as agent:
            await _remove(agent, proxy_host, user)
            await agent.add_keys([(key, certificate)])
            if sys.platform != "win32":
                await agent.add_keys([key])  # old OpenSSH wants the key beside its certificate
    except (OSError, ValueError, asyncssh.Error) as error:
        raise Unreachable(
            "The SSH agent did not take the key.",
            hint="Go without: --add-keys-to-agent=no",
            details=str(error),
        ) from error


async def remove(socket: str, *, proxy_host: str = "", user: str = "") -> None:
    """Take out the keys of logins: of one user, or all. An agent that is gone holds none."""
    import asyncssh

    try:
        async with await asyncssh.connect_agent(socket) as agent:
            await _remove(agent, proxy_host, user)
    except (OSError, ValueError, asyncssh.Error):
        return


async def _remove(agent: "asyncssh.SSHAgentClient", proxy_host: str, user: str) -> None:
    mine = []
    for key in await agent.get_keys():
        parts = (key.get_comment() or "").split(":")
        if len(parts) != 4 or parts[0] != _PREFIX:
            continue
        if proxy_host in {"", parts[1]} and user in {"", parts[3]}:
            mine.append(key)
    await agent.remove_keys(mine)

"""`tsh config`: the lines that let OpenSSH reach the nodes, for `~/.ssh/config`."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from teleterm.client.profile import split_address
from teleterm.tsh import context as contexts
from teleterm.tsh.grammar import Parsed

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient

DEFAULT_PORT = 3022


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the lines of every cluster have in common."""

    proxy: str
    known_hosts: str
    key: str
    certificate: str
    login: str
    port: int
    program: str


def run(parsed: Parsed) -> int:
    """Print them; never asks for a login, as the output goes to a file."""
    context = contexts.start(parsed)

    async def ask(client: "ClusterClient") -> str:
        auth = await client.root_auth()
        leaves = [leaf.Metadata.Name for leaf in await auth.remote_clusters()]
        profile = client.profile
        paths = client.store.keys.paths(profile.name, profile.user)
        settings = Settings(
            proxy=profile.web_proxy_addr,
            known_hosts=str(paths.known_hosts),
            key=str(paths.key),
            certificate=str(paths.ssh_certificate(client.root)),
            login=parsed.text("login"),
            port=parsed.number("port") or DEFAULT_PORT,
            program=program(sys.argv[0], sys.executable),
        )
        return draw(settings, ordered([client.root, *leaves]))

    sys.stdout.write(contexts.wait(context.on_files(ask)))
    return 0


def ordered(clusters: list[str]) -> list[str]:
    """The root first, but behind every cluster whose name ends in the root's.

    OpenSSH takes the first value it finds, and `*.example.com` fits the hosts of
    `leaf.example.com` too.
    """
    return sorted(clusters, key=lambda name: any(one.endswith(f".{name}") for one in clusters))


def draw(settings: Settings, clusters: list[str]) -> str:
    """The whole text.

    Source: connections.md, the block of `tsh config`.
    """
    host = split_address(settings.proxy)[0]
    blocks = "".join(_cluster(settings, host, name) for name in clusters)
    return (
        f"# Begin generated Teleport configuration for {host} by tsh\n\n"
        f"{blocks}{_user(settings)}\n# End generated Teleport configuration\n"
    )


def _cluster(settings: Settings, host: str, name: str) -> str:
    return (
        f"# Common flags for all {name} hosts\n"
        f"Host *.{name} {host}\n"
        f'    UserKnownHostsFile "{settings.known_hosts}"\n'
        f'    IdentityFile "{settings.key}"\n'
        f'    CertificateFile "{settings.certificate}"\n'
        f"{_user(settings)}\n"
        f"# Flags for all {name} hosts except the proxy\n"
        f"Host *.{name} !{host}\n"
        f"    Port {settings.port}\n"
        f"    ProxyCommand {settings.program} proxy ssh --cluster={name} "
        f"--proxy={settings.proxy} %r@%h:%p\n"
    )


def _user(settings: Settings) -> str:
    return f'    User "{settings.login}"\n' if settings.login else ""


def program(argv0: str, python: str) -> str:
    """How another program starts this one: by its own file, or as a module of Python."""
    if Path(argv0).name == "__main__.py":
        return f'"{python}" -m teleterm.tsh'
    return f'"{os.path.abspath(argv0)}"'  # noqa: PTH100  # links stay: they may be what is updated

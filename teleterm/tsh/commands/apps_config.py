"""`tsh apps config`: where and how to reach an application one is logged in to."""

import shlex
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from teleterm.client.identity import AppRoute
from teleterm.client.keystore import ResourceFolder
from teleterm.model.errors import BadInput
from teleterm.tsh import applications
from teleterm.tsh import context as contexts
from teleterm.tsh.grammar import Parsed
from teleterm.tsh.render import document, table

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient

_HTTPS = 443
_CHOICES = ("", "default", "curl", "json", "yaml", "uri", "ca", "cert", "key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a program needs to reach an application."""

    name: str
    uri: str
    ca: str
    cert: str
    key: str
    curl: str

    def values(self) -> dict[str, document.Value]:
        """All of it, in the official order."""
        return {
            "name": self.name,
            "uri": self.uri,
            "ca": self.ca,
            "cert": self.cert,
            "key": self.key,
            "curl": self.curl,
        }


def run(parsed: Parsed) -> int:
    """Print it."""
    context = contexts.start(parsed)

    async def work(client: "ClusterClient") -> str:
        route = applications.pick(applications.active(client), parsed.text("app"))
        access = access_of(client, route, insecure=parsed.is_on("insecure"))
        return draw(access, parsed.text("format"))

    sys.stdout.write(contexts.wait(context.on_files(work)))
    return 0


def access_of(client: "ClusterClient", route: AppRoute, *, insecure: bool) -> Access:
    """The way to an application with the certificate in its files."""
    profile = client.profile
    paths = client.store.keys.paths(profile.name, profile.user)
    files = client.store.keys.resource_files(
        ResourceFolder.APP, profile.name, profile.user, client.cluster, route.name
    )
    port = "" if profile.web_port == _HTTPS else f":{profile.web_port}"
    uri = f"https://{route.public_addr}{port}"
    flag = "--insecure " if insecure else ""
    return Access(
        name=route.name,
        uri=uri,
        ca=str(paths.cas / f"{client.cluster}.pem"),
        cert=str(files.certificate),
        key=str(files.key),
        curl=f'curl {flag}\\\n  --cert "{files.certificate}" \\\n  --key "{files.key}" \\\n'
        f"  {shlex.quote(uri)}",
    )


def draw(access: Access, format_name: str) -> str:
    """It in a format; most come without a line's end, as the official program prints them.

    Raises: BadInput for a format nobody knows.
    """
    values = access.values()
    match format_name.lower():
        case "uri" | "ca" | "cert" | "key" | "curl" as chosen:
            return str(values[chosen])
        case "aws-credential-process":
            return ""
        case "json":
            return document.to_json(values) + "\n"
        case "yaml":
            return document.to_yaml(values)
        case "" | "default":
            rows = [
                ("Name:     ", access.name),
                ("URI:", access.uri),
                ("CA:", access.ca),
                ("Cert:", access.cert),
                ("Key:", access.key),
            ]
            return table.make_headless(rows, columns=2).draw()
        case _:
            listed = " ".join(f'"{one}"' for one in _CHOICES)
            raise BadInput(
                f'invalid format, expected one of [{listed}], got "{format_name}"',
                field="format",
                value=format_name,
            )

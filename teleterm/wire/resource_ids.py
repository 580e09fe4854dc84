"""Resource ids as certificates and access requests spell them.

Shape:  JSON list of `/<cluster>/<kind>/<name>`; `name` keeps its slashes.
Source: cluster-login.md 5.5.
"""

import json
from dataclasses import dataclass

from teleterm.model.errors import BadInput

_KUBE_KINDS = ("pod", "namespace")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceId:
    """A resource of a cluster; `sub_resource` is set for parts of a Kubernetes cluster."""

    cluster: str
    kind: str
    name: str
    sub_resource: str = ""

    def __str__(self) -> str:
        text = f"/{self.cluster}/{self.kind}/{self.name}"
        return f"{text}/{self.sub_resource}" if self.sub_resource else text


def parse(text: str) -> ResourceId:
    """What one id names.

    Raises: BadInput when it lacks one of its three parts.
    """
    parts = text.removeprefix("/").split("/", 2)
    if len(parts) != 3 or not all(parts):
        raise BadInput(
            f'"{text}" is no resource id.',
            field="resource id",
            value=text,
            hint="It looks like /cluster/node/name.",
        )
    cluster, kind, name = parts
    if kind.startswith("kube:") or kind in _KUBE_KINDS:
        name, _, sub = name.partition("/")
        return ResourceId(cluster=cluster, kind=kind, name=name, sub_resource=sub)
    return ResourceId(cluster=cluster, kind=kind, name=name)


def decode(text: str) -> tuple[ResourceId, ...]:
    """The ids in a list; an empty text is an empty list.

    Raises: BadInput when the text is no such list.
    """
    if not text:
        return ()
    try:
        values: object = json.loads(text)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, list):
        raise BadInput(f'"{text}" is no list of resource ids.', field="resource ids", value=text)
    return tuple(parse(str(value)) for value in values)


def encode(ids: tuple[ResourceId, ...]) -> str:
    """The list as text; empty when there are none."""
    return json.dumps([str(one) for one in ids], separators=(",", ":")) if ids else ""

"""Labels and health of resources, as the terminal service shows them."""

from collections.abc import Mapping

from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.types import types_pb2 as types

_HIDDEN = ("teleport.internal/", "teleport.hidden/")


def merged(
    static: Mapping[str, str], dynamic: Mapping[str, types.CommandLabelV2]
) -> dict[str, str]:
    """All labels of a resource; a command's result wins over a fixed value."""
    return {**static, **{name: label.Result for name, label in dynamic.items()}}


def shown(found: Mapping[str, str]) -> list[pb.Label]:
    """The labels a person sees, sorted by name."""
    return [
        pb.Label(name=name, value=value)
        for name, value in sorted(found.items())
        if not name.startswith(_HIDDEN)
    ]


def health(status: types.TargetHealth) -> pb.TargetHealth:
    """How the agent finds its target."""
    return pb.TargetHealth(
        status=status.Status, error=status.TransitionError, message=status.Message
    )

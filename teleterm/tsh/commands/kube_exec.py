"""`tsh kube exec`: a command in a pod of the selected Kubernetes cluster."""

from typing import TYPE_CHECKING

from teleterm.model.errors import ErrorCode, Refused
from teleterm.tsh import context as contexts
from teleterm.tsh import kubectl, kubernetes
from teleterm.tsh.grammar import Parsed

if TYPE_CHECKING:
    from teleterm.client.cluster import ClusterClient


def run(parsed: Parsed) -> int:
    """Run it and end as it ends."""
    for flag in ("invite", "reason", "participant-req"):
        if flag in parsed.given:
            raise Refused(
                f"Moderated Kubernetes sessions (--{flag}) are not supported yet.",
                code=ErrorCode.NOT_IMPLEMENTED,
            )
    context = contexts.start(parsed)
    kubectl.program()

    async def work(client: "ClusterClient") -> int:
        return await kubectl.run(client, context, arguments(parsed))

    return contexts.wait(context.on_files(work))


def arguments(parsed: Parsed) -> list[str]:
    """The words for kubectl."""
    named = (
        ("--namespace", kubernetes.namespace(parsed)),
        ("--container", parsed.text("container")),
        ("--filename", parsed.text("filename")),
    )
    words = ["exec", *(f"{flag}={value}" for flag, value in named if value)]
    switches = ("stdin", "tty", "quiet")
    words += [f"--{name}" for name in switches if parsed.is_on(name)]
    return [*words, parsed.text("target"), "--", *parsed.many("command")]

"""This computer as a server of a cluster: only what hides it where it isn't set up.

Source: terminal_service.md 15.
"""

from pathlib import Path

from teleterm.model.errors import ErrorCode, Refused
from teleterm.model.uri import ClusterUri


class ThisComputer:
    """Reads what an agent below `agents` has left."""

    def __init__(self, agents: Path) -> None:
        self._agents = agents

    def node_name(self, cluster: ClusterUri) -> str:
        """The UUID of the agent's server.

        Raises: Refused (not_found) when there is no agent.
        """
        path = self._agents / cluster.profile / "data" / "host_uuid"
        try:
            return path.read_text("utf-8").strip()
        except OSError as error:
            raise Refused(
                "This computer is not set up as a server of the cluster.",
                code=ErrorCode.NOT_FOUND,
                details=str(error),
            ) from error

"""The auth server's answers about the user who asks."""

from collections.abc import AsyncIterator

from google.protobuf.empty_pb2 import Empty

from teleterm.demo import messages
from teleterm.demo.authconfig import AuthConfig
from teleterm.demo.identity import Identity
from teleterm.demo.rpc import Gate, Handlers, RpcServer
from teleterm.model.errors import ErrorCode, Refused
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.types import types_pb2
from teleterm.protogen.teleport.userpreferences.v1 import service_pb2 as preferences
from teleterm.protogen.teleport.userpreferences.v1 import userpreferences_pb2 as choices
from teleterm.protogen.teleport.users.v1 import users_service_pb2 as users


class UserService:
    """Answers about the users."""

    def __init__(self, config: AuthConfig) -> None:
        self._config = config

    def handlers(self, gate: Gate) -> Handlers:
        """Give the methods of the auth service that are about the user."""
        return {
            "GetCurrentUser": gate.unary(Empty, self.get_current_user),
            "GetCurrentUserRoles": gate.stream(Empty, self.get_current_user_roles),
            "GetClusterAlerts": gate.unary(
                types_pb2.GetClusterAlertsRequest, self.get_cluster_alerts
            ),
        }

    def register(self, server: RpcServer, gate: Gate) -> None:
        """Add the services that are about the user only."""
        server.add(
            "teleport.users.v1.UsersService",
            {"GetUser": gate.unary(users.GetUserRequest, self.get_user)},
        )
        server.add(
            "teleport.userpreferences.v1.UserPreferencesService",
            {
                "GetUserPreferences": gate.unary(
                    preferences.GetUserPreferencesRequest, self.get_user_preferences
                ),
                "UpsertUserPreferences": gate.unary(
                    preferences.UpsertUserPreferencesRequest, self.upsert_user_preferences
                ),
            },
        )

    async def get_user(
        self, asked: users.GetUserRequest, caller: Identity
    ) -> users.GetUserResponse:
        """Describe the caller, or a user by name."""
        name = asked.name or (caller.user if asked.current_user else "")
        user = self._config.users.get(name)
        if user is None:
            raise Refused(f"user {name} not found", code=ErrorCode.NOT_FOUND)
        return users.GetUserResponse(user=messages.user_message(user))

    async def get_current_user(self, _asked: Empty, caller: Identity) -> types_pb2.UserV2:
        """Describe the caller."""
        return messages.user_message(self._config.user_of(caller))

    async def get_current_user_roles(
        self, _asked: Empty, caller: Identity
    ) -> AsyncIterator[types_pb2.RoleV6]:
        """Describe the caller's roles."""
        yield messages.role_message(self._config.user_of(caller), self._config.session_ttl)

    async def get_cluster_alerts(
        self, _asked: types_pb2.GetClusterAlertsRequest, _caller: Identity
    ) -> auth.GetClusterAlertsResponse:
        """List alerts: there are none."""
        return auth.GetClusterAlertsResponse()

    async def get_user_preferences(
        self, _asked: preferences.GetUserPreferencesRequest, caller: Identity
    ) -> preferences.GetUserPreferencesResponse:
        """Give what the user has chosen."""
        kept = self._config.preferences.get(caller.user) or _first_preferences()
        return preferences.GetUserPreferencesResponse(preferences=kept)

    async def upsert_user_preferences(
        self, asked: preferences.UpsertUserPreferencesRequest, caller: Identity
    ) -> Empty:
        """Keep what the user has chosen, as long as the demo runs."""
        self._config.preferences[caller.user] = asked.preferences
        return Empty()


def _first_preferences() -> preferences.UserPreferences:
    """What is true for somebody who never chose: clients count on both parts being there."""
    found = preferences.UserPreferences()
    shown = found.unified_resource_preferences
    shown.default_tab = choices.DEFAULT_TAB_ALL
    shown.view_mode = choices.VIEW_MODE_CARD
    shown.labels_view_mode = choices.LABELS_VIEW_MODE_COLLAPSED
    shown.available_resource_mode = choices.AVAILABLE_RESOURCE_MODE_NONE
    found.cluster_preferences.pinned_resources.SetInParent()
    return found

"""The auth server's answers about the user who asks."""

import asyncio
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
from teleterm.protogen.teleport.users.v1 import users_service_pb2 as users


class UserService:
    """Answers about the one user."""

    def __init__(self, config: AuthConfig) -> None:
        self._config = config
        self._started = config.clock.now()

    def handlers(self, gate: Gate) -> Handlers:
        """Give the methods of the auth service that are about the user."""
        return {
            "GetCurrentUser": gate.unary(Empty, self.get_current_user),
            "GetCurrentUserRoles": gate.stream(Empty, self.get_current_user_roles),
            "GetMFADevices": gate.unary(auth.GetMFADevicesRequest, self.get_mfa_devices),
            "GetClusterAlerts": gate.unary(
                types_pb2.GetClusterAlertsRequest, self.get_cluster_alerts
            ),
            "GetHeadlessAuthentication": gate.unary(
                auth.GetHeadlessAuthenticationRequest, self.get_headless_authentication
            ),
            "WatchPendingHeadlessAuthentications": gate.stream(Empty, self.watch_headless),
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
        """Describe the caller, or the one user by name."""
        name = asked.name or (caller.user if asked.current_user else "")
        if name != self._config.user.name:
            raise Refused(f"user {name} not found", code=ErrorCode.NOT_FOUND)
        return users.GetUserResponse(user=messages.user_message(self._config.user))

    async def get_current_user(self, _asked: Empty, _caller: Identity) -> types_pb2.UserV2:
        """Describe the caller."""
        return messages.user_message(self._config.user)

    async def get_current_user_roles(
        self, _asked: Empty, _caller: Identity
    ) -> AsyncIterator[types_pb2.RoleV6]:
        """Describe the caller's roles."""
        yield messages.role_message(self._config.user, self._config.session_ttl)

    async def get_mfa_devices(
        self, _asked: auth.GetMFADevicesRequest, _caller: Identity
    ) -> auth.GetMFADevicesResponse:
        """List the user's devices."""
        device = messages.totp_device_message(self._started)
        return auth.GetMFADevicesResponse(Devices=[device])

    async def get_cluster_alerts(
        self, _asked: types_pb2.GetClusterAlertsRequest, _caller: Identity
    ) -> auth.GetClusterAlertsResponse:
        """List alerts: there are none."""
        return auth.GetClusterAlertsResponse()

    async def get_headless_authentication(
        self, asked: auth.GetHeadlessAuthenticationRequest, _caller: Identity
    ) -> types_pb2.HeadlessAuthentication:
        """Give a login that waits for approval: there are none."""
        message = f'headless authentication "{asked.id}" not found'
        raise Refused(message, code=ErrorCode.NOT_FOUND)

    async def watch_headless(self, _asked: Empty, _caller: Identity) -> AsyncIterator[auth.Event]:
        """Say when a login waits for approval, for as long as the caller listens."""
        yield auth.Event(Type=auth.INIT)
        await asyncio.Event().wait()

    async def get_user_preferences(
        self, _asked: preferences.GetUserPreferencesRequest, caller: Identity
    ) -> preferences.GetUserPreferencesResponse:
        """Give what the user has chosen."""
        kept = self._config.preferences.get(caller.user, preferences.UserPreferences())
        return preferences.GetUserPreferencesResponse(preferences=kept)

    async def upsert_user_preferences(
        self, asked: preferences.UpsertUserPreferencesRequest, caller: Identity
    ) -> Empty:
        """Keep what the user has chosen, as long as the demo runs."""
        self._config.preferences[caller.user] = asked.preferences
        return Empty()

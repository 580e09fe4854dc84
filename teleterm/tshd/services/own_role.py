"""The role that lets one user into this computer, as a server of a cluster.

Source: terminal_service.md 15.
"""

import getpass

from teleterm.client.auth import AuthClient
from teleterm.model.errors import BadInput, ErrorCode, Refused
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.types import types_pb2 as types
from teleterm.protogen.teleport.users.v1 import users_service_pb2 as users
from teleterm.protogen.teleport.users.v1.users_service_pb2_grpc import UsersServiceStub
from teleterm.tshd.services import watching

PREFIX = "connect-my-computer-"
OWNER_LABEL = "teleport.dev/connect-my-computer/owner"
_VERSION = "v8"
_NAMESPACE = "default"


async def ensure(server: AuthClient, username: str) -> bool:
    """See to it that the user has such a role, with the login of this computer's user.

    Gives:  whether the user has a role or a login more than before.
    Raises: BadInput for a user of a connector; Refused; Unreachable.
    """
    stub = UsersServiceStub(server.channel.grpc)
    user = (await server.call(stub.GetUser, users.GetUserRequest(name=username))).user
    if connector := user.Spec.CreatedBy.Connector.Type:
        raise BadInput(
            f"Connect My Computer works only with local users; {username} comes from a "
            f"{connector} connector.",
            field="user",
        )
    name = PREFIX + username
    has_new_login = await _ensure_role(server, name, owner=username)
    if name in user.Spec.Roles:
        return has_new_login
    user.Spec.Roles.append(name)
    async with watching.change(server, "user", username):
        await server.call(stub.UpdateUser, users.UpdateUserRequest(user=user))
    return True


async def _ensure_role(server: AuthClient, name: str, *, owner: str) -> bool:
    """Make the role, or mend it; says whether an existing one got a login more."""
    login = getpass.getuser()
    try:
        role = await server.call(server.stub.GetRole, auth.GetRoleRequest(Name=name))
    except Refused as error:
        if error.code is not ErrorCode.NOT_FOUND:
            raise
        role = types.RoleV6(
            Kind="role", Version=_VERSION,
            Metadata=types.Metadata(Name=name, Namespace=_NAMESPACE),
        )  # fmt: skip
        role.Spec.Allow.Logins.append(login)
        role.Spec.Allow.NodeLabels.Values[OWNER_LABEL].Values.append(owner)
        await server.call(server.stub.CreateRole, auth.CreateRoleRequest(Role=role))
        return False
    allow = role.Spec.Allow
    is_new_login = login not in allow.Logins
    label = allow.NodeLabels.Values[OWNER_LABEL]
    if not is_new_login and list(label.Values) == [owner]:
        return False
    if is_new_login:
        allow.Logins.append(login)
    label.Values[:] = [owner]
    async with watching.change(server, "role", name):
        await server.call(server.stub.UpdateRole, auth.UpdateRoleRequest(Role=role))
    return is_new_login

"""What an administrator may do in a cluster, and the demo's users may not: refused by name."""

from typing import NoReturn

from google.protobuf.empty_pb2 import Empty

from teleterm.demo.identity import Identity
from teleterm.demo.rpc import Gate, Handlers
from teleterm.model.errors import Refused
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.types import types_pb2 as types


def handlers(gate: Gate) -> Handlers:
    """Give the methods of the auth service that only administrators use."""
    return {
        "GetRole": gate.unary(auth.GetRoleRequest, _get_role),
        "CreateTokenV2": gate.unary(auth.CreateTokenV2Request, _create_token),
        "DeleteNode": gate.unary(types.ResourceInNamespaceRequest, _delete_node),
    }


async def _get_role(_asked: auth.GetRoleRequest, _caller: Identity) -> types.RoleV6:
    _refuse("read", "role")


async def _create_token(_asked: auth.CreateTokenV2Request, _caller: Identity) -> Empty:
    _refuse("create", "token")


async def _delete_node(_asked: types.ResourceInNamespaceRequest, _caller: Identity) -> Empty:
    _refuse("delete", "node")


def _refuse(action: str, kind: str) -> NoReturn:
    raise Refused(f'access denied to perform action "{action}" on "{kind}"')

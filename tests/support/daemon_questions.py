"""What both daemons are asked, call by call, and where their answers may differ.

A question that names no codes has the same status, trailer and answer from both.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from google.protobuf.message import Message

from teleterm.protogen.teleport.lib.teleterm.auto_update.v1 import (
    auto_update_service_pb2 as updates,
)
from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.protogen.teleport.userpreferences.v1 import userpreferences_pb2 as choices

CLUSTER = "/clusters/localhost"
NOBODY = "/clusters/nobody"
UNKNOWN_ID = "aaaaaaaa-1111-5111-8111-111111111111"
UP, DOWN = pb.FILE_TRANSFER_DIRECTION_UPLOAD, pb.FILE_TRANSFER_DIRECTION_DOWNLOAD
# Streams of the official daemon give their errors without a kind; ours maps them like all others.
UNKNOWN, INVALID, ABSENT = "UNKNOWN", "INVALID_ARGUMENT", "NOT_FOUND"


@dataclass(frozen=True, slots=True)
class Place:
    """A cluster and what is in it."""

    proxy: str
    leaf: str
    node: str
    login: str
    database: str
    database_user: str
    app: str
    tcp_app: str
    kube: str
    role: str

    @property
    def leaf_uri(self) -> str:
        """The leaf's URI."""
        return f"{CLUSTER}/leaves/{self.leaf}"


@dataclass(frozen=True, slots=True)
class Question:
    """A call with its messages; `official` and `ours` are the codes where they differ.

    With `answers_differ` the answers of calls that went well aren't compared.
    """

    method: str
    messages: tuple[Message, ...]
    official: str = ""
    ours: str = ""
    may_differ_in_trailer: bool = False
    answers_differ: bool = False


def _ask(
    method: str, *messages: Message, codes: tuple[str, str] = ("", ""), trailer: bool = False,
    answers: bool = False,
) -> Question:  # fmt: skip
    return Question(method, messages, *codes, trailer, answers)


def clusters(place: Place) -> Iterator[Question]:
    """Clusters, logins and settings."""
    for uri in (CLUSTER, place.leaf_uri, NOBODY, "x", ""):
        yield _ask("GetCluster", pb.GetClusterRequest(cluster_uri=uri))
        yield _ask("ListLeafClusters", pb.ListLeafClustersRequest(cluster_uri=uri))
    yield _ask("ListRootClusters", pb.ListClustersRequest())
    yield _ask("AddCluster", pb.AddClusterRequest(name=place.proxy))
    yield _ask("AddCluster", pb.AddClusterRequest())
    for name in ("no-such-host.invalid", "127.0.0.2:1"):
        yield _ask("AddCluster", pb.AddClusterRequest(name=name), codes=(UNKNOWN, "UNAVAILABLE"))
    for uri in (CLUSTER, NOBODY):
        yield _ask("GetAuthSettings", pb.GetAuthSettingsRequest(cluster_uri=uri))
    for uri in (CLUSTER, place.leaf_uri, NOBODY, ""):
        yield _ask("Login", pb.LoginRequest(cluster_uri=uri))
    yield _ask("Logout", pb.LogoutRequest(cluster_uri=NOBODY))
    yield _ask("RemoveCluster", pb.RemoveClusterRequest(cluster_uri=NOBODY))
    first = pb.LoginPasswordlessRequest.LoginPasswordlessRequestInit
    for uri in ("", place.leaf_uri):
        yield _ask(
            "LoginPasswordless",
            pb.LoginPasswordlessRequest(init=first(cluster_uri=uri)),
            codes=(UNKNOWN, INVALID),
        )


def resources(place: Place) -> Iterator[Question]:
    """The lists of the main screen and of dialogs."""

    def listed(uri: str = CLUSTER, codes: tuple[str, str] = ("", ""), *, trailer: bool = False,
               **fields: "object") -> Question:  # fmt: skip
        request = pb.ListUnifiedResourcesRequest(cluster_uri=uri, **fields)  # type: ignore[arg-type]  # as drawn below
        return _ask("ListUnifiedResources", request, codes=codes, trailer=trailer)

    name = pb.SortBy(field="name")
    yield listed(sort_by=name)
    yield listed(sort_by=pb.SortBy(field="name", is_desc=True))
    yield listed(sort_by=pb.SortBy(field="type"))
    yield listed(sort_by=pb.SortBy(field="spoon"))
    for limit in (1, 2, -1, 5000):
        yield listed(sort_by=name, limit=limit)
    for kind in ("node", "db", "app", "kube_cluster", "windows_desktop", "mcp"):
        yield listed(kinds=[kind], sort_by=name)
    yield listed(kinds=["spoon"], trailer=True)
    yield listed(search="test", sort_by=name)
    yield listed(search='"no such thing" x', sort_by=name)
    yield listed(query='labels.env == "test"', sort_by=name)
    yield listed(query="labels.env ==")
    yield listed(pinned_only=True, sort_by=name)
    yield listed(search_as_roles=True, sort_by=name)
    yield listed(include_requestable=True, sort_by=name)
    yield listed(place.leaf_uri, sort_by=name)
    yield listed(NOBODY)
    yield listed(f"{CLUSTER}/leaves/none", codes=("UNAVAILABLE", ABSENT))
    for uri in (CLUSTER, place.leaf_uri):
        yield _ask("GetUserPreferences", pb.GetUserPreferencesRequest(cluster_uri=uri))
        wanted = pb.UserPreferences()
        wanted.unified_resource_preferences.view_mode = choices.VIEW_MODE_LIST
        wanted.cluster_preferences.pinned_resources.resource_ids.append("one/node")
        request = pb.UpdateUserPreferencesRequest(cluster_uri=uri, user_preferences=wanted)
        yield _ask("UpdateUserPreferences", request)
        yield _ask("GetUserPreferences", pb.GetUserPreferencesRequest(cluster_uri=uri))
    for name_ in (place.database, "none"):
        request_ = pb.ListDatabaseUsersRequest(db_uri=f"{CLUSTER}/dbs/{name_}")
        yield _ask("ListDatabaseUsers", request_)
    yield _ask("ListDatabaseUsers", pb.ListDatabaseUsersRequest(db_uri=CLUSTER))
    for app in (place.app, place.tcp_app, "none"):
        yield _ask("GetApp", pb.GetAppRequest(app_uri=f"{CLUSTER}/apps/{app}"))
    params = pb.ListResourcesParams(predicate_expression=f'name == "{place.database}"')
    yield _ask(
        "ListDatabaseServers", pb.ListDatabaseServersRequest(cluster_uri=CLUSTER, params=params)
    )
    yield _ask(
        "ListKubernetesServers",
        pb.ListKubernetesServersRequest(
            cluster_uri=CLUSTER, params=pb.ListResourcesParams(limit=10)
        ),
    )
    for kind, kube in (("namespace", place.kube), ("spoon", place.kube), ("namespace", "none")):
        asked = pb.ListKubernetesResourcesRequest(
            cluster_uri=CLUSTER, resource_type=kind, kubernetes_cluster=kube
        )
        yield _ask("ListKubernetesResources", asked)


def gateways(place: Place) -> Iterator[Question]:
    """Gateways that are opened, listed, refused."""

    def opened(target: str, user: str = "", codes: tuple[str, str] = ("", ""), *, name: str = "",
               port: str = "", trailer: bool = False) -> Question:  # fmt: skip
        request = pb.CreateGatewayRequest(
            target_uri=target, target_user=user, target_subresource_name=name, local_port=port
        )
        return _ask("CreateGateway", request, codes=codes, trailer=trailer)

    database = f"{CLUSTER}/dbs/{place.database}"
    yield opened(database, trailer=True)
    yield opened(database, place.database_user, name="postgres")
    yield _ask("ListGateways", pb.ListGatewaysRequest())
    yield opened(database, place.database_user)
    yield opened(f"{CLUSTER}/dbs/none", place.database_user)
    yield opened(f"{place.leaf_uri}/dbs/none", place.database_user)
    yield opened(f"{CLUSTER}/servers/x")
    yield opened("x")
    for port in ("99999", "abc"):
        yield opened(database, "another", (UNKNOWN, INVALID), port=port)
    for app in (place.app, place.app, place.tcp_app, "none"):
        yield opened(f"{CLUSTER}/apps/{app}")
    yield opened(f"{CLUSTER}/apps/{place.app}", name="80")
    yield opened(f"{CLUSTER}/kubes/none")
    none = "/gateways/none"
    yield _ask("RemoveGateway", pb.RemoveGatewayRequest(gateway_uri=none))
    yield _ask(
        "SetGatewayLocalPort", pb.SetGatewayLocalPortRequest(gateway_uri=none, local_port="1")
    )
    yield _ask(
        "SetGatewayTargetSubresourceName",
        pb.SetGatewayTargetSubresourceNameRequest(gateway_uri=none),
    )


def transfers(place: Place, folder: str) -> Iterator[Question]:
    """One file each way, and everything that can be missing."""
    server = f"{CLUSTER}/servers/{place.node}"

    def copied(codes: tuple[str, str] = ("", ""), *, trailer: bool = False,
               **fields: "object") -> Question:  # fmt: skip
        whole: dict[str, object] = {
            "login": place.login, "source": "/etc/hostname", "destination": f"{folder}/got",
            "direction": DOWN, "server_uri": server, **fields,
        }  # fmt: skip
        request = pb.FileTransferRequest(**whole)  # type: ignore[arg-type]  # as given above
        return _ask("TransferFile", request, codes=codes, trailer=trailer, answers=True)

    yield copied()
    yield copied(source=f"{folder}/given", destination=f"{folder}/there", direction=UP)
    yield copied((UNKNOWN, ABSENT), source="/nonexistent")
    yield copied((UNKNOWN, INVALID), source=folder, direction=UP)
    yield copied((UNKNOWN, INVALID), login="", trailer=True)
    yield copied((UNKNOWN, INVALID), source="")
    yield copied((UNKNOWN, INVALID), destination="")
    yield copied((UNKNOWN, INVALID), direction=0)
    yield copied((UNKNOWN, INVALID), server_uri=CLUSTER)
    yield copied((UNKNOWN, "PERMISSION_DENIED"), login="stranger")
    yield copied((UNKNOWN, ABSENT), server_uri=f"{CLUSTER}/servers/none")


def requests(place: Place) -> Iterator[Question]:
    """Access requests."""
    yield _ask("GetRequestableRoles", pb.GetRequestableRolesRequest(cluster_uri=CLUSTER))
    for ident in ("", UNKNOWN_ID):
        yield _ask(
            "GetAccessRequest",
            pb.GetAccessRequestRequest(cluster_uri=CLUSTER, access_request_id=ident),
        )
        yield _ask(
            "DeleteAccessRequest",
            pb.DeleteAccessRequestRequest(root_cluster_uri=CLUSTER, access_request_id=ident),
        )
    for roles in (["nobody"], []):
        yield _ask(
            "CreateAccessRequest",
            pb.CreateAccessRequestRequest(root_cluster_uri=CLUSTER, reason="r", roles=roles),
        )
    asked = pb.CreateAccessRequestRequest(
        root_cluster_uri=CLUSTER, reason="r", roles=[place.role], dry_run=True
    )
    yield _ask("CreateAccessRequest", asked)
    for state in ("SPOON", "APPROVED"):
        yield _ask(
            "ReviewAccessRequest",
            pb.ReviewAccessRequestRequest(
                root_cluster_uri=CLUSTER, access_request_id=UNKNOWN_ID, state=state
            ),
        )
    yield _ask(
        "AssumeRole",
        pb.AssumeRoleRequest(root_cluster_uri=CLUSTER, access_request_ids=[UNKNOWN_ID]),
    )
    yield _ask("AssumeRole", pb.AssumeRoleRequest(root_cluster_uri=CLUSTER))
    yield _ask("GetAccessRequests", pb.GetAccessRequestsRequest(cluster_uri=CLUSTER))


def others(place: Place) -> Iterator[Question]:
    """Headless logins, desktops, this computer, updates, and what only the other product has."""
    for uri in (CLUSTER, NOBODY):
        yield _ask("StartHeadlessWatcher", pb.StartHeadlessWatcherRequest(root_cluster_uri=uri))
    yield _ask(
        "UpdateHeadlessAuthenticationState",
        pb.UpdateHeadlessAuthenticationStateRequest(
            root_cluster_uri=CLUSTER,
            headless_authentication_id=UNKNOWN_ID,
            state=pb.HEADLESS_AUTHENTICATION_STATE_DENIED,
        ),
    )
    desktop = f"{CLUSTER}/windows_desktops/none"
    target = pb.TargetDesktop(desktop_uri=desktop, login="x")
    for first, code in (
        (pb.ConnectToDesktopRequest(), INVALID),
        (pb.ConnectToDesktopRequest(data=b"x"), INVALID),
        (pb.ConnectToDesktopRequest(target_desktop=target), ABSENT),
    ):
        yield _ask("ConnectToDesktop", first, codes=(UNKNOWN, code))
    shared = pb.SetSharedDirectoryForDesktopSessionRequest(desktop_uri=desktop, login="x", path="/")
    yield _ask("SetSharedDirectoryForDesktopSession", shared)
    yield _ask(
        "GetConnectMyComputerNodeName",
        pb.GetConnectMyComputerNodeNameRequest(root_cluster_uri=CLUSTER),
    )
    here = {"root_cluster_uri": CLUSTER}
    yield _ask("CreateConnectMyComputerRole", pb.CreateConnectMyComputerRoleRequest(**here))
    yield _ask(
        "CreateConnectMyComputerNodeToken", pb.CreateConnectMyComputerNodeTokenRequest(**here)
    )
    yield _ask("DeleteConnectMyComputerNode", pb.DeleteConnectMyComputerNodeRequest(**here))
    yield _ask("GetClusterVersions", updates.GetClusterVersionsRequest())
    yield _ask("GetDownloadBaseUrl", updates.GetDownloadBaseUrlRequest())
    given = {"root_cluster_uri": CLUSTER, "access_request_id": UNKNOWN_ID}
    yield _ask("GetSuggestedAccessLists", pb.GetSuggestedAccessListsRequest(**given))
    yield _ask("PromoteAccessRequest", pb.PromoteAccessRequestRequest(access_list_id="y", **given))

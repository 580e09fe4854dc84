"""Resources as messages."""

from teleterm.model.uri import ClusterUri
from teleterm.protogen.teleport.auth.v1 import authservice_pb2 as auth
from teleterm.protogen.teleport.types import types_pb2 as types
from teleterm.tshd.services.resource_messages import ResourceMessages

ROOT = ResourceMessages(
    cluster=ClusterUri(profile="p.example"), proxy_host="p.example", logins=("root", "alice")
)
LEAF = ResourceMessages(
    cluster=ClusterUri(profile="p.example", leaf="l"), proxy_host="p.example", logins=()
)


def test_a_server_shows_logins_both_sides_know_and_no_hidden_labels() -> None:
    node = types.ServerV2(Metadata=types.Metadata(Name="u"))
    node.Metadata.Labels.update({"b": "1", "a": "0", "teleport.internal/x": "y"})
    node.Spec.Hostname = "web"
    node.Spec.CmdLabels["b"].Result = "2"
    found = ROOT.paginated(auth.PaginatedResource(Node=node, Logins=["root", "bob", "alice"]))
    assert found is not None
    server = found.server
    assert server.uri == "/clusters/p.example/servers/u"
    assert (server.hostname, server.sub_kind) == ("web", "teleport")
    assert list(server.logins) == ["alice", "root"]
    assert [(one.name, one.value) for one in server.labels] == [("a", "0"), ("b", "2")]


def test_a_leafs_resources_have_its_uri() -> None:
    database = types.DatabaseServerV3()
    database.Spec.Database.Metadata.Name = "pg"
    database.Spec.Database.Spec.Protocol = "postgres"
    database.Status.TargetHealth.Status = "unhealthy"
    found = LEAF.paginated(auth.PaginatedResource(DatabaseServer=database, RequiresRequest=True))
    assert found is not None
    assert found.database.uri == "/clusters/p.example/leaves/l/dbs/pg"
    assert found.database.target_health.status == "unhealthy"
    assert found.requires_request


def test_an_application_is_reached_by_its_own_address_or_below_the_proxy() -> None:
    server = types.AppServerV3()
    server.Spec.App.Metadata.Name = "wiki"
    server.Spec.App.Spec.PublicAddr = "wiki.example"
    item = auth.PaginatedResource(AppServer=server)
    root, leaf = ROOT.paginated(item), LEAF.paginated(item)
    assert root is not None
    assert leaf is not None
    assert root.app.fqdn == "wiki.example"
    assert leaf.app.fqdn == "wiki.p.example"


def test_kinds_a_window_does_not_show_are_left_out() -> None:
    assert ROOT.paginated(auth.PaginatedResource(UserGroup=types.UserGroupV1())) is None

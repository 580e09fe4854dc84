from teleterm.protogen.teleport.lib.teleterm.v1 import service_pb2 as pb
from teleterm.tshdclient import conversions
from teleterm.tshdclient.records import Resource


def test_a_server() -> None:
    server = pb.Server(
        uri="/clusters/a/servers/1",
        name="1",
        hostname="web-1",
        tunnel=True,
        labels=[pb.Label(name="env", value="demo")],
        logins=["root"],
    )
    assert conversions.resource(
        pb.PaginatedResource(server=server, requires_request=True)
    ) == Resource(
        kind="node",
        uri="/clusters/a/servers/1",
        name="web-1",
        is_tunnel=True,
        labels=(("env", "demo"),),
        logins=("root",),
        requires_request=True,
    )


def test_each_kind_has_its_name() -> None:
    health = pb.TargetHealth(status="healthy")
    messages = {
        "db": pb.PaginatedResource(
            database=pb.Database(name="x", type="rds", protocol="postgres", target_health=health)
        ),
        "kube_cluster": pb.PaginatedResource(kube=pb.Kube(name="x", target_health=health)),
        "app": pb.PaginatedResource(app=pb.App(name="x", endpoint_uri="tcp://a:1")),
        "windows_desktop": pb.PaginatedResource(windows_desktop=pb.WindowsDesktop(name="x")),
    }
    for kind, message in messages.items():
        found = conversions.resource(message)
        assert found is not None
        assert (found.kind, found.name) == (kind, "x")
    database = conversions.resource(messages["db"])
    assert database is not None
    assert (database.protocol, database.health) == ("rds/postgres", "healthy")


def test_an_unknown_kind_is_left_out() -> None:
    assert conversions.resource(pb.PaginatedResource()) is None


def test_a_gateway() -> None:
    command = pb.GatewayCLICommand(
        path="/usr/bin/psql", args=["psql", "postgres://localhost:1"], env=["A=1"], preview="psql"
    )
    found = conversions.gateway(
        pb.Gateway(uri="/gateways/1", local_port="54321", gateway_cli_command=command)
    )
    assert found.local_port == 54321
    assert found.command_args == ("psql", "postgres://localhost:1")
    assert conversions.gateway(pb.Gateway()).local_port == 0


def test_a_cluster_and_its_user() -> None:
    user = pb.LoggedInUser(name="alice", roles=["access"])
    found = conversions.cluster(
        pb.Cluster(uri="/clusters/a", connected=True, logged_in_user=user, profile_status_error="x")
    )
    assert (found.user, found.roles, found.is_connected, found.problem) == (
        "alice",
        ("access",),
        True,
        "x",
    )


def test_versions_that_do_not_fit() -> None:
    settings = pb.AuthSettings(
        client_version_status=pb.CLIENT_VERSION_STATUS_TOO_OLD,
        versions=pb.Versions(client="18.3.0", server="17.2.0"),
        auth_providers=[pb.AuthProvider(type="oidc", name="okta", display_name="Okta")],
    )
    found = conversions.auth_settings(settings)
    assert found.client_status == "too_old"
    assert found.providers[0].display_name == "Okta"

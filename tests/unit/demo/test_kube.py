"""The stand-in for a Kubernetes API: what is found where, and who is let in."""

import base64
import datetime
import json
from http import HTTPStatus
from pathlib import Path

import pytest

from teleterm.demo.identity import Identity
from teleterm.demo.inventory import DemoKube
from teleterm.demo.kube import tables
from teleterm.demo.kube.api import Answer, Asked, KubeApi, parse
from teleterm.demo.kube.objects import Resource, World
from teleterm.demo.kube.service import KubeService, Target
from teleterm.model.clock import SystemClock

STARTED = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture
def api() -> KubeApi:
    return KubeApi(
        World(name="one", started=STARTED), SystemClock(), DemoKube(name="one", labels={})
    )


def ask(api: KubeApi, path: str, *, method: str = "GET", accept: str = "", **query: str) -> Answer:
    asked = Asked(method=method, path=path, user="alice", query=query, accept=accept)
    return api.answer(asked)


def names(answer: Answer) -> list[str]:
    return [one["metadata"]["name"] for one in json.loads(answer.body)["items"]]


def test_lists_by_namespace_field_and_label(api: KubeApi) -> None:
    assert len(names(ask(api, "/api/v1/pods"))) == 4
    assert names(ask(api, "/api/v1/namespaces/default/pods")) == ["hello"]
    on_two = names(ask(api, "/api/v1/pods", fieldSelector="spec.nodeName=worker-2"))
    assert len(on_two) == 2
    others = names(ask(api, "/api/v1/pods", fieldSelector="metadata.namespace!=shop"))
    assert len(others) == 2
    assert len(names(ask(api, "/api/v1/pods", labelSelector="app=cart"))) == 2
    assert names(ask(api, "/apis/apps/v1/deployments")) == ["cart"]


def test_tables_have_a_cell_for_each_column(api: KubeApi) -> None:
    for path in ("/api/v1/pods", "/api/v1/nodes", "/api/v1/services", "/apis/apps/v1/deployments"):
        accept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
        table = json.loads(ask(api, path, accept=accept).body)
        assert table["apiVersion"] == "meta.k8s.io/v1"
        for row in table["rows"]:
            assert len(row["cells"]) == len(table["columnDefinitions"])


def test_what_is_not_there_and_what_may_not_be_done(api: KubeApi) -> None:
    missing = ask(api, "/api/v1/namespaces/default/pods/nothing")
    assert missing.status is HTTPStatus.NOT_FOUND
    assert json.loads(missing.body)["message"] == 'pods "nothing" not found'
    assert ask(api, "/api/v1/secrets").status is HTTPStatus.NOT_FOUND
    gone = ask(api, "/api/v1/namespaces/default/pods/hello", method="DELETE")
    assert gone.status is HTTPStatus.METHOD_NOT_ALLOWED


def test_logs_and_their_tail(api: KubeApi) -> None:
    path = "/api/v1/namespaces/default/pods/hello/log"
    assert b"hello starting on one" in ask(api, path).body
    assert ask(api, path, tailLines="1").body.decode().splitlines()[0].endswith("ready")
    assert ask(api, path, follow="true").stays_open


def test_says_who_asks(api: KubeApi) -> None:
    path = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
    answer = ask(api, path, method="POST")
    assert json.loads(answer.body)["status"]["userInfo"]["username"] == "alice"


def test_ages_in_the_largest_unit_that_says_something(api: KubeApi) -> None:
    for seconds, text in ((5, "5s"), (119, "119s"), (120, "2m"), (7200, "2h"), (172800, "2d")):
        node = api.world.all(tables_resource())[0]
        now = STARTED + datetime.timedelta(seconds=seconds)
        rows = tables.table(tables_resource(), [node], now, version="v1")["rows"]
        assert text in json.dumps(rows)


def tables_resource() -> Resource:
    place = parse("/api/v1/nodes")
    assert place is not None
    return place.resource


def word(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_the_certificate_or_the_path_says_which_cluster(tmp_path: Path) -> None:
    service = KubeService("root", {}, tmp_path)
    plain = Identity(user="alice", cluster="root")
    routed = Identity(user="alice", cluster="root", kube_cluster="one", route_to_cluster="leaf")
    path = f"/v1/teleport/{word('leaf')}/{word('one')}/api/v1/pods"
    by_path = Target(cluster="leaf", kube="one", path="/api/v1/pods")
    assert service.target(path, plain) == by_path
    assert service.target(path, routed) == by_path
    assert service.target("/api", routed) == Target(cluster="leaf", kube="one", path="/api")
    for asked, identity, status in (
        ("/api", plain, HTTPStatus.NOT_FOUND),
        (f"/v1/teleport/{word('root')}/{word('one')}/api", routed, HTTPStatus.FORBIDDEN),
        ("/v1/teleport/???/x/api", plain, HTTPStatus.BAD_REQUEST),
        ("/v1/teleport/x", plain, HTTPStatus.BAD_REQUEST),
    ):
        answer = service.target(asked, identity)
        assert isinstance(answer, Answer)
        assert answer.status is status

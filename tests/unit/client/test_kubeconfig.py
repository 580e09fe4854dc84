"""The kubeconfig file: entries come and go, what others wrote stays."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from teleterm.client import kube_entries, kubeconfig
from teleterm.client.kube_entries import Endpoint, KubeTarget, LocalAccess, Program
from teleterm.client.kubeconfig import KubeConfig
from teleterm.client.local_authority import make
from teleterm.client.profile import Profile
from teleterm.model.clock import SystemClock
from teleterm.model.errors import BadInput

SERVER = "https://proxy.example.com:443"
ENDPOINT = Endpoint(server=SERVER, server_name="kube.example", authorities=b"PEM\n")
MINE = """apiVersion: v1
clusters:
- cluster:
    server: https://mine:6443
  name: mine
contexts:
- context:
    cluster: mine
    user: me
  name: mine
current-context: mine
kind: Config
preferences: {}
users:
- name: me
  user:
    token: "123"
"""
ADDED = """apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: UEVNCg==
    server: https://proxy.example.com:443
    tls-server-name: kube.example
  name: root
contexts:
- context:
    cluster: root
    extensions:
    - extension: one
      name: teleport.kube.name
    user: root-one
  name: root-one
current-context: root-one
kind: Config
preferences: {}
users:
- name: root-one
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args:
      - kube
      - credentials
      command: /bin/tsh
      env: null
      provideClusterInfo: false
"""


def program(_: KubeTarget) -> Program:
    return Program(path="/bin/tsh", args=("kube", "credentials"), env={})


def added(config: KubeConfig, name: str, template: str = "", **more: str) -> None:
    """Log in to a Kubernetes cluster of `root`, and select it."""
    target = KubeTarget(teleport_cluster="root", name=name, **more)  # type: ignore[arg-type]
    kube_entries.add(config, [target], ENDPOINT, program, template)
    chosen = kube_entries.context_name(template, "root", name)
    kube_entries.select(config, chosen, "root")


def test_the_text_of_a_file_is_the_official_one() -> None:
    config = KubeConfig()
    added(config, "one")
    assert kubeconfig.encode(config) == ADDED
    assert kubeconfig.encode(kubeconfig.decode(MINE, Path("x"))) == MINE


def test_what_is_read_again_gets_what_kubectl_fills_in() -> None:
    config = kubeconfig.decode(ADDED, Path("x"))
    assert "      interactiveMode: IfAvailable\n" in kubeconfig.encode(config)


def test_a_logout_gives_back_what_was_there() -> None:
    config = kubeconfig.decode(MINE, Path("x"))
    added(config, "one")
    added(config, "two", "{{.KubeName}}.here", namespace="shop")
    assert "teleport-prev-selec-ctx" in kubeconfig.encode(config)
    assert kube_entries.selected(config, "root") == "two"
    assert [one.name for one in kube_entries.logged_in(config, SERVER)] == ["one"]
    kube_entries.remove_server(config, SERVER)
    assert kubeconfig.encode(config) == MINE


def test_a_namespace_stays_until_another_is_given() -> None:
    config = KubeConfig()
    added(config, "one", namespace="shop")
    added(config, "one")
    assert config.contexts["root-one"]["namespace"] == "shop"
    added(config, "one", namespace="other")
    assert config.contexts["root-one"]["namespace"] == "other"


@pytest.mark.parametrize("template", ["same", "{{.ClusterName}}"])
def test_several_clusters_need_several_names(template: str) -> None:
    with pytest.raises(BadInput, match="using the same context override template"):
        kube_entries.check_template(template)


@pytest.mark.parametrize("template", ["{{.Nope}}", "{{.KubeName", "{{range .}}"])
def test_templates_that_make_no_sense(template: str) -> None:
    with pytest.raises(BadInput, match="failed to parse context override template"):
        kube_entries.check_template(template)


@pytest.mark.parametrize("text", ["- a list", "a: [", "\x00", "just text"])
def test_a_damaged_file_is_named(text: str) -> None:
    with pytest.raises(BadInput, match="/home/x/config"):
        kubeconfig.decode(text, Path("/home/x/config"))


def test_forgetting_leaves_strangers_files_alone(tmp_path: Path) -> None:
    path = tmp_path / "config"
    environ = {"KUBECONFIG": str(path)}
    path.write_text("# mine\n" + MINE)
    kube_entries.forget(environ, (SERVER,), ("root",))
    assert path.read_text() == "# mine\n" + MINE
    config = kubeconfig.decode(MINE, path)
    added(config, "one")
    kubeconfig.save(path, config)
    assert path.stat().st_mode & 0o777 == 0o600
    kube_entries.forget(environ, (SERVER,), ())
    assert path.read_text() == MINE


def test_a_local_proxy_has_a_file_of_its_own() -> None:
    original = kubeconfig.decode(MINE, Path("x"))
    added(original, "one")
    target = KubeTarget(teleport_cluster="root", name="one", impersonate="bob")
    access = LocalAccess(
        url="http://127.0.0.1:5", server=SERVER, pairs={"root": make("root", SystemClock())}
    )
    config = kube_entries.of_proxy(original, access, [target], "")
    assert sorted(config.clusters) == ["mine", "root-one"]
    assert config.clusters["root-one"]["tls-server-name"] == "6f6e65.root"
    assert config.users["root-one"]["as"] == "bob"
    assert config.current == "root-one"
    assert kube_entries.selected(original, "root") == "one"


def test_the_address_of_kubernetes() -> None:
    web = Profile(web_proxy_addr="proxy.example.com:443", tls_routing_enabled=True)
    assert kube_entries.server_of(web) == "https://proxy.example.com:3026"
    name = kube_entries.server_name_of(web)
    assert name == "kube-teleport-proxy-alpn.proxy.example.com"
    own = Profile(web_proxy_addr="p:443", kube_proxy_addr="k:3026")
    assert (kube_entries.server_of(own), kube_entries.server_name_of(own)) == ("https://k:3026", "")


def test_moments_stay_as_they_were_written() -> None:
    text = MINE.replace('token: "123"', f'token: "{datetime(2026, 1, 1, tzinfo=UTC):%Y-%m-%d}"')
    assert kubeconfig.encode(kubeconfig.decode(text, Path("x"))).count("2026-01-01") == 1

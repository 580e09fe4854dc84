from collections.abc import Callable
from pathlib import Path

import pytest

from teleterm.bridge.contract import GatewayClientSpec, KubeSpec, ShellSpec, SshSpec, TshSpec
from teleterm.bridge.views import ClusterView
from teleterm.main.commands import Commands, Places
from teleterm.main.config.file import ConfigFile
from teleterm.main.tsh import Tsh
from teleterm.model.errors import BadInput
from teleterm.tshdclient.records import Gateway

UUID = "5c6e2b0e-aaaa-4000-8000-000000000000"
ROOT = ClusterView(
    uri="/clusters/prod.example.com",
    root_uri="/clusters/prod.example.com",
    name="root.demo",
    title="prod.example.com:3080",
    proxy_host="prod.example.com:3080",
)
LEAF = ClusterView(
    uri="/clusters/prod.example.com/leaves/leaf.demo",
    root_uri=ROOT.uri,
    name="leaf.demo",
    title="leaf.demo",
    proxy_host=ROOT.proxy_host,
    is_leaf=True,
)


class TwoClusters:
    """A root and its leaf."""

    def find(self, uri_text: str) -> ClusterView | None:
        """One of them."""
        return next((view for view in (LEAF, ROOT) if uri_text.startswith(view.uri)), None)

    def web_address(self, uri_text: str) -> str:
        """The root's proxy."""
        return ROOT.proxy_host


KUBE = Gateway(
    uri="/gateways/k",
    target_uri=f"{ROOT.uri}/kubes/pets",
    target_name="pets\x1b[2J",
    user="",
    subresource="",
    protocol="",
    local_address="localhost",
    local_port=54322,
    command_path="kubectl",
    command_args=("kubectl", "version"),
    command_env=("KUBECONFIG=/k/pets.yaml",),
    command_preview="",
)


class OneGateway:
    """A database's proxy."""

    def kube_of(self, target_uri: str) -> Gateway:
        """The only Kubernetes cluster."""
        assert target_uri == KUBE.target_uri
        return KUBE

    def command_of(self, uri: str) -> Gateway:
        """Its client's command line."""
        return Gateway(
            uri=uri,
            target_uri=f"{ROOT.uri}/dbs/orders",
            target_name="orders",
            user="alice",
            subresource="",
            protocol="postgres",
            local_address="localhost",
            local_port=54321,
            command_path="/usr/bin/psql",
            command_args=("psql", "postgres://alice@localhost:54321"),
            command_env=("PGAPPNAME=x=y",),
            command_preview="",
        )


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Commands]:
    """Command lines under these settings, for a tsh at /opt/tsh."""
    monkeypatch.setenv("SHELL", "/bin/sh")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setenv("TELEPORT_PROXY", "other.example.com")

    def commands(settings: str) -> Commands:
        (tmp_path / "app_config.json").write_text(settings)
        config = ConfigFile(tmp_path / "app_config.json")
        config.load()
        tsh = Tsh(argv=("/opt/bin/tsh",), home=tmp_path / "tsh", is_bundled=False)
        places = Places(
            config=config,
            tsh=lambda: tsh,
            clusters=TwoClusters(),
            gateways=OneGateway(),
            bin_folder=tmp_path / "bin",
        )
        return Commands(places)

    return commands


Make = Callable[[str], Commands]


@pytest.mark.parametrize("view", [ROOT, LEAF])
def test_ssh_is_tsh_with_the_cluster_in_its_environment(make: Make, view: ClusterView) -> None:
    spec = SshSpec(server_uri=f"{view.uri}/servers/{UUID}", hostname="node1", login="root")
    command = make("{}").make(spec)
    assert command.argv == (
        "/opt/bin/tsh",
        "--proxy=prod.example.com:3080",
        "ssh",
        f"root@{UUID}",
    )
    assert command.env["TELEPORT_CLUSTER"] == view.name
    assert command.env["TELEPORT_PROXY"] == "prod.example.com:3080"
    assert command.env["TELEPORT_TOOLS_VERSION"] == "off"
    assert command.env["TELEPORT_HOME"].endswith("/tsh")
    assert command.env["TERM"] == "xterm-256color"


def test_settings_of_ssh(make: Make) -> None:
    spec = SshSpec(server_uri=f"{ROOT.uri}/servers/{UUID}", hostname="node1", login="root")
    command = make('{"ssh.noResume": true, "ssh.forwardAgent": true}').make(spec)
    assert command.argv[2:5] == ("ssh", "--no-resume", "--forward-agent")


@pytest.mark.parametrize(
    ("server", "login"),
    [
        (f"servers/{UUID}", "-oProxyCommand=x"),
        (f"servers/{UUID}", "a b"),
        (f"servers/{UUID}", "a@b"),
        (f"servers/{UUID}", ""),
        (f"servers/{UUID}", "a\n"),
        ("servers/-x", "root"),
        ("dbs/orders", "root"),
        ("", "root"),
    ],
)
def test_names_that_are_none_are_refused(make: Make, server: str, login: str) -> None:
    with pytest.raises(BadInput):
        make("{}").make(SshSpec(server_uri=f"{ROOT.uri}/{server}", hostname="node1", login=login))


def test_a_local_shell_knows_no_cluster_unless_it_is_bound_to_one(
    make: Make, tmp_path: Path
) -> None:
    free = make('{"terminal.env": {"EDITOR": "vim"}}').make(ShellSpec())
    assert free.argv == ("/bin/sh",)
    assert "TELEPORT_PROXY" not in free.env
    assert free.env["PATH"] == "/opt/bin:/usr/bin:/bin"
    assert free.env["EDITOR"] == "vim"
    assert free.cwd == str(tmp_path)
    bound = make("{}").make(ShellSpec(cluster_uri=LEAF.uri, cwd="/usr"))
    assert bound.env["TELEPORT_CLUSTER"] == "leaf.demo"
    assert bound.cwd == "/usr"


def test_a_folder_that_is_gone_is_replaced_by_home(make: Make, tmp_path: Path) -> None:
    assert make("{}").make(ShellSpec(cwd="/nonexistent")).cwd == str(tmp_path)


def test_a_tsh_line_is_words_and_no_shell(make: Make) -> None:
    command = make("{}").make(TshSpec(line="ls 'a b' $(reboot)", cluster_uri=ROOT.uri))
    assert command.argv == ("/opt/bin/tsh", "ls", "a b", "$(reboot)")
    for line in ("ls 'open", "ls\nrm", "x" * 5000):
        with pytest.raises(BadInput):
            make("{}").make(TshSpec(line=line))


def test_the_environment_of_a_command_is_not_shown(make: Make) -> None:
    assert "TELEPORT_HOME" not in repr(make("{}").make(ShellSpec()))


def test_the_client_of_a_proxy(make: Make) -> None:
    command = make("{}").make(GatewayClientSpec(gateway_uri="/gateways/1"))
    assert command.argv == ("/usr/bin/psql", "postgres://alice@localhost:54321")
    assert command.env["PGAPPNAME"] == "x=y"


def test_a_kubernetes_shell_has_the_setting_and_says_so_in_words_that_cannot_act(
    make: Make,
) -> None:
    made = make("{}").make(KubeSpec(target_uri=KUBE.target_uri, shell="/bin/sh"))

    assert made.env["KUBECONFIG"] == "/k/pets.yaml"
    assert made.argv[:2] == ("/bin/sh", "-c")
    assert "pets" not in made.argv[2]
    assert "Kubernetes cluster pets?[2J, by way of localhost:54322." in made.argv
    assert made.argv[-1] == "/bin/sh"

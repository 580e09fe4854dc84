"""What leads kubectl through a gateway."""

import base64
import json
import stat
from pathlib import Path

from teleterm.tshd.services.gateways import kubeconfig
from teleterm.tshd.services.gateways.kubeconfig import KubeConfig

CONFIG = KubeConfig(
    teleport_cluster="root.demo",
    kube_cluster="k8s",
    web_addr="proxy:443",
    port=5000,
    certificate=b"CERT",
    key=b"KEY",
)


def test_one_cluster_one_user_one_context_all_of_one_name() -> None:
    found = json.loads(CONFIG.text())
    name = "root.demo-k8s"
    assert found["current-context"] == name
    assert found["contexts"] == [{"name": name, "context": {"cluster": name, "user": name}}]
    cluster, user = found["clusters"][0]["cluster"], found["users"][0]["user"]
    assert cluster["server"] == "https://proxy:443"
    assert cluster["proxy-url"] == "http://localhost:5000"
    assert cluster["tls-server-name"] == "6b3873.root.demo"
    assert base64.b64decode(cluster["certificate-authority-data"]) == b"CERT"
    assert base64.b64decode(user["client-certificate-data"]) == b"CERT"
    assert base64.b64decode(user["client-key-data"]) == b"KEY"


def test_the_file_is_its_owners_only(tmp_path: Path) -> None:
    place = kubeconfig.path(tmp_path, "proxy", "alice", "root.demo", "k8s")
    assert place == tmp_path / "keys/proxy/alice-kube/root.demo/k8s-kubeconfig"
    kubeconfig.write(place, CONFIG)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert json.loads(place.read_text())["kind"] == "Config"

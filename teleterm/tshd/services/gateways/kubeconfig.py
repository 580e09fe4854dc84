"""The kubeconfig of a Kubernetes gateway. Source: terminal_service.md 11.4."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path

from teleterm.osutil import atomic


@dataclass(frozen=True, slots=True, kw_only=True)
class KubeConfig:
    """What leads kubectl through the gateway; `certificate` is authority and client at once."""

    teleport_cluster: str
    kube_cluster: str
    web_addr: str
    port: int
    certificate: bytes
    key: bytes

    @property
    def server_name(self) -> str:
        """The name by which the gateway knows the Kubernetes cluster."""
        return server_name(self.kube_cluster, self.teleport_cluster)

    def text(self) -> str:
        """The file: JSON, which every reader of YAML reads."""
        name = f"{self.teleport_cluster}-{self.kube_cluster}"
        cluster = {
            "server": f"https://{self.web_addr}",
            "proxy-url": f"http://localhost:{self.port}",
            "certificate-authority-data": _encoded(self.certificate),
            "tls-server-name": self.server_name,
        }
        user = {
            "client-certificate-data": _encoded(self.certificate),
            "client-key-data": _encoded(self.key),
        }
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "preferences": {},
            "clusters": [{"name": name, "cluster": cluster}],
            "users": [{"name": name, "user": user}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
            "current-context": name,
        }
        return json.dumps(config, indent=1) + "\n"


def server_name(kube_cluster: str, teleport_cluster: str) -> str:
    """A host name that holds any name of a Kubernetes cluster."""
    return f"{kube_cluster.encode().hex()}.{teleport_cluster}"


def path(root: Path, profile: str, user: str, teleport_cluster: str, kube_cluster: str) -> Path:
    """Where the file is below the daemon's folder for kubeconfigs."""
    folder = root / "keys" / profile / f"{user}-kube" / teleport_cluster
    return folder / f"{kube_cluster}-kubeconfig"


def write(place: Path, config: KubeConfig) -> None:
    """Write the file; it holds a key."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    atomic.write(place, config.text().encode())


def _encoded(pem: bytes) -> str:
    return base64.b64encode(pem).decode("ascii")

"""What lives in the demo's Kubernetes clusters. Nothing there runs; `exec` is a shell here."""

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Json = Mapping[str, "Json"] | Sequence["Json"] | str | int | bool | None
Object = Mapping[str, Json]
KUBE_VERSION = "v1.31.4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A kind of object: how it is called in paths, and in `kubectl`."""

    name: str
    singular: str
    kind: str
    group: str = ""
    version: str = "v1"
    is_namespaced: bool = True
    short_names: tuple[str, ...] = ()
    subresources: tuple[str, ...] = ()

    @property
    def api_version(self) -> str:
        """As objects spell it."""
        return f"{self.group}/{self.version}" if self.group else self.version


RESOURCES = (
    Resource(
        name="pods",
        singular="pod",
        kind="Pod",
        short_names=("po",),
        subresources=("log", "exec", "attach", "portforward"),
    ),
    Resource(name="nodes", singular="node", kind="Node", is_namespaced=False, short_names=("no",)),
    Resource(
        name="namespaces",
        singular="namespace",
        kind="Namespace",
        is_namespaced=False,
        short_names=("ns",),
    ),
    Resource(name="services", singular="service", kind="Service", short_names=("svc",)),
    Resource(name="events", singular="event", kind="Event", short_names=("ev",)),
    Resource(
        name="deployments",
        singular="deployment",
        kind="Deployment",
        group="apps",
        short_names=("deploy",),
    ),
)


def find(group: str, version: str, name: str) -> Resource | None:
    """The kind of object that a path names."""
    for one in RESOURCES:
        if (one.group, one.version, one.name) == (group, version, name):
            return one
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything in one Kubernetes cluster, made at `started`."""

    name: str
    started: datetime.datetime

    def all(self, resource: Resource) -> list[Object]:
        """Every object of a kind, sorted by namespace and name."""
        match resource.name:
            case "pods":
                return [self._pod(*one) for one in _PODS]
            case "nodes":
                return [self._node(name) for name in _NODES]
            case "namespaces":
                return [self._namespace(name) for name in _NAMESPACES]
            case "services":
                return [self._service(*one) for one in _SERVICES]
            case "deployments":
                return [self._deployment(*one) for one in _DEPLOYMENTS]
            case _:
                return []

    def pod_names(self) -> list[tuple[str, str]]:
        """Namespace and name of every pod."""
        return [(namespace, name) for namespace, name, *_ in _PODS]

    def log(self, pod: str) -> str:
        """What a pod has written."""
        stamp = self.started.strftime("%Y-%m-%dT%H:%M:%SZ")
        return "".join(
            f"{stamp} {line}\n"
            for line in (f"{pod} starting on {self.name}", "listening on :8080", "ready")
        )

    @property
    def created(self) -> str:
        """When everything began, as objects spell it."""
        return self.started.strftime("%Y-%m-%dT%H:%M:%SZ")

    def _meta(self, name: str, namespace: str = "", **labels: str) -> dict[str, Json]:
        ident = hashlib.sha256(f"{self.name}/{namespace}/{name}".encode()).hexdigest()
        uid = f"{ident[:8]}-{ident[8:12]}-{ident[12:16]}-{ident[16:20]}-{ident[20:32]}"
        made: dict[str, Json] = {
            "name": name,
            "uid": uid,
            "resourceVersion": "100",
            "creationTimestamp": self.created,
        }
        if namespace:
            made["namespace"] = namespace
        if labels:
            made["labels"] = dict(labels)
        return made

    def _pod(self, namespace: str, name: str, app: str, image: str, node: str) -> Object:
        address = f"10.1.{len(namespace)}.{10 + len(name)}"
        state: Json = {"running": {"startedAt": self.created}}
        conditions: list[Json] = [
            {"type": kind, "status": "True", "lastTransitionTime": self.created}
            for kind in ("Initialized", "Ready", "ContainersReady", "PodScheduled")
        ]
        return {
            "kind": "Pod",
            "apiVersion": "v1",
            "metadata": self._meta(name, namespace, app=app),
            "spec": {
                "containers": [
                    {
                        "name": app,
                        "image": image,
                        "ports": [{"containerPort": 8080, "protocol": "TCP"}],
                        "imagePullPolicy": "IfNotPresent",
                    }
                ],
                "nodeName": node,
                "restartPolicy": "Always",
                "serviceAccountName": "default",
            },
            "status": {
                "phase": "Running",
                "conditions": conditions,
                "hostIP": "10.0.0.1",
                "podIP": address,
                "podIPs": [{"ip": address}],
                "startTime": self.created,
                "qosClass": "BestEffort",
                "containerStatuses": [
                    {
                        "name": app,
                        "state": state,
                        "lastState": {},
                        "ready": True,
                        "started": True,
                        "restartCount": 0,
                        "image": image,
                        "imageID": f"docker.io/{image}@sha256:{'0' * 64}",
                        "containerID": f"containerd://{'0' * 64}",
                    }
                ],
            },
        }

    def _node(self, name: str) -> Object:
        condition: Json = {
            "type": "Ready",
            "status": "True",
            "reason": "KubeletReady",
            "message": "kubelet is posting ready status",
            "lastHeartbeatTime": self.created,
            "lastTransitionTime": self.created,
        }
        room: Json = {"cpu": "2", "memory": "4Gi", "pods": "110"}
        return {
            "kind": "Node",
            "apiVersion": "v1",
            "metadata": self._meta(name, **{"kubernetes.io/hostname": name}),
            "spec": {"podCIDR": "10.1.0.0/24"},
            "status": {
                "capacity": room,
                "allocatable": room,
                "conditions": [condition],
                "addresses": [{"type": "Hostname", "address": name}],
                "nodeInfo": {
                    "kubeletVersion": KUBE_VERSION,
                    "osImage": "Teleterm demo",
                    "kernelVersion": "6.1",
                    "containerRuntimeVersion": "none://0",
                    "operatingSystem": "linux",
                    "architecture": "amd64",
                    "machineID": "",
                    "systemUUID": "",
                    "bootID": "",
                    "kubeProxyVersion": KUBE_VERSION,
                },
            },
        }

    def _namespace(self, name: str) -> Object:
        return {
            "kind": "Namespace",
            "apiVersion": "v1",
            "metadata": self._meta(name, **{"kubernetes.io/metadata.name": name}),
            "spec": {"finalizers": ["kubernetes"]},
            "status": {"phase": "Active"},
        }

    def _service(self, namespace: str, name: str, address: str, port: int) -> Object:
        return {
            "kind": "Service",
            "apiVersion": "v1",
            "metadata": self._meta(name, namespace),
            "spec": {
                "clusterIP": address,
                "clusterIPs": [address],
                "type": "ClusterIP",
                "ports": [{"protocol": "TCP", "port": port, "targetPort": port}],
                "selector": {"app": name},
            },
            "status": {"loadBalancer": {}},
        }

    def _deployment(self, namespace: str, name: str, image: str, count: int) -> Object:
        return {
            "kind": "Deployment",
            "apiVersion": "apps/v1",
            "metadata": self._meta(name, namespace, app=name),
            "spec": {
                "replicas": count,
                "selector": {"matchLabels": {"app": name}},
                "template": {
                    "metadata": {"labels": {"app": name}},
                    "spec": {"containers": [{"name": name, "image": image}]},
                },
                "strategy": {"type": "RollingUpdate"},
            },
            "status": {
                "replicas": count,
                "updatedReplicas": count,
                "readyReplicas": count,
                "availableReplicas": count,
            },
        }


_NAMESPACES = ("default", "kube-system", "shop")
_NODES = ("worker-1", "worker-2")
_PODS = (
    ("default", "hello", "hello", "demo/hello:1.0", "worker-1"),
    ("kube-system", "coredns-5d78c9869d-2xkqz", "coredns", "demo/coredns:1.11", "worker-2"),
    ("shop", "cart-7c9f8b6d5-4jv2m", "cart", "demo/cart:2.3", "worker-1"),
    ("shop", "cart-7c9f8b6d5-zx8tq", "cart", "demo/cart:2.3", "worker-2"),
)
_SERVICES = (
    ("default", "kubernetes", "10.96.0.1", 443),
    ("kube-system", "kube-dns", "10.96.0.10", 53),
    ("shop", "cart", "10.96.14.7", 8080),
)
_DEPLOYMENTS = (("shop", "cart", "demo/cart:2.3", 2),)

"""The API's answers to requests that are one question and one answer."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from teleterm.demo.inventory import DemoKube
from teleterm.demo.kube import tables
from teleterm.demo.kube.objects import KUBE_VERSION, RESOURCES, Json, Object, Resource, World, find
from teleterm.model.clock import Clock

_TABLE = "as=Table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request: who asks as whom, and what. `query` holds the last value of each name."""

    method: str
    path: str
    user: str
    groups: tuple[str, ...] = ()
    query: Mapping[str, str] = field(default_factory=dict)
    accept: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A status and a body; `is_text` for one that isn't JSON, `stays_open` for a watch."""

    body: bytes
    status: HTTPStatus = HTTPStatus.OK
    is_text: bool = False
    stays_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a path below `/api` or `/apis` means."""

    resource: Resource
    namespace: str = ""
    name: str = ""
    subresource: str = ""


class KubeApi:
    """Answers for one Kubernetes cluster."""

    def __init__(self, world: World, clock: Clock, kube: DemoKube) -> None:
        self.world = world
        self.kube = kube
        self._clock = clock
        self._fixed: dict[str, Callable[[], Json]] = {
            "/version": _version,
            "/api": lambda: {"kind": "APIVersions", "versions": ["v1"]},
            "/apis": _groups,
        }

    def answer(self, asked: Asked) -> Answer:
        """Answer one request."""
        path = asked.path.rstrip("/") or "/"
        if path in {"/healthz", "/readyz", "/livez"}:
            return Answer(body=b"ok", is_text=True)
        if path in self._fixed:
            return _json(self._fixed[path]())
        if asked.method == "POST":
            return self._review(asked)
        listed = _resource_list(path)
        if listed is not None:
            return _json(listed)
        place = parse(path)
        if place is None:
            return not_found("the server could not find the requested resource")
        if asked.method != "GET":
            return failure(
                HTTPStatus.METHOD_NOT_ALLOWED, "MethodNotAllowed", "the demo can't be changed"
            )
        return self._get(place, asked)

    def _get(self, place: Place, asked: Asked) -> Answer:
        found = [one for one in self.world.all(place.resource) if _matches(one, place, asked)]
        if place.name and not found:
            kind = place.resource.name
            kind += f".{place.resource.group}" if place.resource.group else ""
            return not_found(f'{kind} "{place.name}" not found')
        if place.subresource == "log":
            return Answer(
                body=self._log(place.name, asked).encode(),
                is_text=True,
                stays_open=asked.query.get("follow") == "true",
            )
        if place.subresource:
            return not_found("the server could not find the requested resource")
        if asked.query.get("watch") in {"true", "1"}:
            return Answer(body=b"", stays_open=True)
        if _TABLE in asked.accept:
            version = "v1" if "v=v1;" in asked.accept else "v1beta1"
            now = self._clock.now()
            return _json(tables.table(place.resource, found, now, version=version))
        if place.name:
            return _json(found[0])
        return _json(
            {
                "kind": f"{place.resource.kind}List",
                "apiVersion": place.resource.api_version,
                "metadata": {"resourceVersion": "100"},
                "items": found,
            }
        )

    def _log(self, pod: str, asked: Asked) -> str:
        lines = self.world.log(pod).splitlines(keepends=True)
        tail = asked.query.get("tailLines", "")
        if tail.isdigit():
            lines = lines[len(lines) - int(tail) :] if int(tail) else []
        return "".join(lines)

    def _review(self, asked: Asked) -> Answer:
        """Whoever is let in may do everything here.

        What exactly is asked may come as JSON or as protobuf; the answer needs none of it.
        """
        for group, (name, kind) in _REVIEWS.items():
            if asked.path == f"/apis/{group}/v1/{name}":
                made: dict[str, Json] = {"kind": kind, "apiVersion": f"{group}/v1"}
                who: Json = {"username": asked.user, "groups": list(asked.groups)}
                is_whoami = kind == "SelfSubjectReview"
                made["status"] = {"userInfo": who} if is_whoami else {"allowed": True}
                return _json(made, HTTPStatus.CREATED)
        return failure(
            HTTPStatus.METHOD_NOT_ALLOWED, "MethodNotAllowed", "the demo can't be changed"
        )


def parse(path: str) -> Place | None:
    """Read a path; None when no object can be there."""
    words = path.strip("/").split("/")
    if words[0] == "api" and len(words) > 2:
        group, version, rest = "", words[1], words[2:]
    elif words[0] == "apis" and len(words) > 3:
        group, version, rest = words[1], words[2], words[3:]
    else:
        return None
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 2:
        namespace, rest = rest[1], rest[2:]
    resource = find(group, version, rest[0])
    if resource is None or len(rest) > 3:
        return None
    name, subresource = [*rest[1:], "", ""][:2]
    return Place(resource=resource, namespace=namespace, name=name, subresource=subresource)


def failure(status: HTTPStatus, reason: str, message: str) -> Answer:
    """An answer that says no, as `kubectl` shows it."""
    return _json(
        {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": message,
            "reason": reason,
            "code": status.value,
        },
        status,
    )


def not_found(message: str) -> Answer:
    """There is no such thing."""
    return failure(HTTPStatus.NOT_FOUND, "NotFound", message)


def forbidden(message: str) -> Answer:
    """It may not be seen."""
    return failure(HTTPStatus.FORBIDDEN, "Forbidden", message)


def _json(value: Json, status: HTTPStatus = HTTPStatus.OK) -> Answer:
    return Answer(body=json.dumps(value).encode() + b"\n", status=status)


def _matches(one: Object, place: Place, asked: Asked) -> bool:
    if place.namespace and tables.at(one, "metadata", "namespace") != place.namespace:
        return False
    if place.name and tables.at(one, "metadata", "name") != place.name:
        return False
    return _fits(one, asked.query.get("fieldSelector", ""), ()) and _fits(
        one, asked.query.get("labelSelector", ""), ("metadata", "labels")
    )


def _fits(one: Object, selector: str, base: Sequence[str]) -> bool:
    """Whether an object has what a selector of the simple kind names: `a=b,c!=d`."""
    for part in filter(None, selector.split(",")):
        name, _, value = part.partition("=")
        unwanted = name.endswith("!")
        steps = [name.rstrip("!")] if base else name.rstrip("!").split(".")
        if (tables.at(one, *base, *steps) == value.lstrip("=")) is unwanted:
            return False
    return True


def _version() -> Object:
    major, minor, _ = KUBE_VERSION.removeprefix("v").split(".")
    return {
        "major": major,
        "minor": minor,
        "gitVersion": KUBE_VERSION,
        "gitCommit": "0" * 40,
        "gitTreeState": "clean",
        "buildDate": "2025-01-01T00:00:00Z",
        "goVersion": "none",
        "compiler": "none",
        "platform": "linux/amd64",
    }


_REVIEWS = {
    "authorization.k8s.io": ("selfsubjectaccessreviews", "SelfSubjectAccessReview"),
    "authentication.k8s.io": ("selfsubjectreviews", "SelfSubjectReview"),
}


def _groups() -> Object:
    names = sorted({one.group for one in RESOURCES if one.group} | _REVIEWS.keys())
    groups: list[Json] = []
    for name in names:
        version: Json = {"groupVersion": f"{name}/v1", "version": "v1"}
        groups.append({"name": name, "versions": [version], "preferredVersion": version})
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}


def _resource_list(path: str) -> Object | None:
    words = path.strip("/").split("/")
    group = "" if words == ["api", "v1"] else words[1] if len(words) == 3 else None
    if group is None or words[-1] != "v1":
        return None
    listed: list[Json] = []
    for one in RESOURCES:
        if one.group == group:
            listed.append(_described(one, one.name, ["get", "list", "watch"]))
            listed += [_described(one, f"{one.name}/{sub}", ["get"]) for sub in one.subresources]
    if group in _REVIEWS:
        name, kind = _REVIEWS[group]
        review = Resource(name=name, singular="", kind=kind, is_namespaced=False)
        listed.append(_described(review, name, ["create"]))
    if not listed:
        return None
    version = f"{group}/v1" if group else "v1"
    return {"kind": "APIResourceList", "groupVersion": version, "resources": listed}


def _described(one: Resource, name: str, verbs: list[Json]) -> Object:
    made: dict[str, Json] = {
        "name": name,
        "singularName": one.singular if name == one.name else "",
        "namespaced": one.is_namespaced,
        "kind": one.kind,
        "verbs": verbs,
    }
    if one.short_names and name == one.name:
        made["shortNames"] = list(one.short_names)
    return made

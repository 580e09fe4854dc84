"""Objects as the table that `kubectl get` asks the server for."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from teleterm.demo.kube.objects import Json, Object, Resource

Cell = Callable[[Object], str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column; one with a priority is shown by `-o wide` only."""

    title: str
    cell: Cell
    priority: int = 0


def table(
    resource: Resource, found: Sequence[Object], now: datetime.datetime, *, version: str
) -> Object:
    """The table of some objects."""
    columns = [
        Column("Name", lambda one: at(one, "metadata", "name")),
        *_COLUMNS.get(resource.name, ()),
    ]
    columns.insert(_place_of_age(resource), Column("Age", lambda one: _age(one, now)))
    definitions: list[Json] = [
        {
            "name": column.title,
            "type": "string",
            "format": "name" if column.title == "Name" else "",
            "description": "",
            "priority": column.priority,
        }
        for column in columns
    ]
    rows: list[Json] = [
        {
            "cells": [column.cell(one) for column in columns],
            "object": {
                "kind": "PartialObjectMetadata",
                "apiVersion": "meta.k8s.io/v1",
                "metadata": one.get("metadata"),
            },
        }
        for one in found
    ]
    return {
        "kind": "Table",
        "apiVersion": f"meta.k8s.io/{version}",
        "metadata": {"resourceVersion": "100"},
        "columnDefinitions": definitions,
        "rows": rows,
    }


def at(value: Json, *path: str) -> str:
    """What lies at a path, as text; `<none>` when there is nothing."""
    for step in path:
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, Sequence) and not isinstance(value, str) and step.isdigit():
            value = value[int(step)] if int(step) < len(value) else None
    return "<none>" if value is None or isinstance(value, Mapping) else str(value)


def _place_of_age(resource: Resource) -> int:
    return 1 + sum(1 for one in _COLUMNS.get(resource.name, ()) if not one.priority)


def _age(one: Object, now: datetime.datetime) -> str:
    text = at(one, "metadata", "creationTimestamp")
    begun = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    seconds = max(int((now - begun).total_seconds()), 0)
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def _from(*path: str) -> Cell:
    return lambda one: at(one, *path)


def _fixed(text: str) -> Cell:
    return lambda _: text


_COLUMNS: dict[str, tuple[Column, ...]] = {
    "pods": (
        Column("Ready", _fixed("1/1")),
        Column("Status", _from("status", "phase")),
        Column("Restarts", _fixed("0")),
        Column("IP", _from("status", "podIP"), 1),
        Column("Node", _from("spec", "nodeName"), 1),
        Column("Nominated Node", _fixed("<none>"), 1),
        Column("Readiness Gates", _fixed("<none>"), 1),
    ),
    "nodes": (
        Column("Status", _fixed("Ready")),
        Column("Roles", _fixed("<none>")),
        Column("Version", _from("status", "nodeInfo", "kubeletVersion")),
    ),
    "namespaces": (Column("Status", _from("status", "phase")),),
    "services": (
        Column("Type", _from("spec", "type")),
        Column("Cluster-IP", _from("spec", "clusterIP")),
        Column("External-IP", _fixed("<none>")),
        Column("Port(s)", lambda one: f"{at(one, 'spec', 'ports', '0', 'port')}/TCP"),
    ),
    "deployments": (
        Column(
            "Ready",
            lambda one: f"{at(one, 'status', 'readyReplicas')}/{at(one, 'spec', 'replicas')}",
        ),
        Column("Up-to-date", _from("status", "updatedReplicas")),
        Column("Available", _from("status", "availableReplicas")),
    ),
}

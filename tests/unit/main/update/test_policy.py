"""Who decides on a version, and what is never installed whoever wishes it."""

import pytest

from teleterm.main.update import policy
from teleterm.main.update.policy import Cluster, NoWish, Situation, Wish
from teleterm.main.update.releases import Index, Protocols, Range, Release

WANTED = Wish(version="18.2.0", source="managing-cluster", may_download=True)


def cluster(
    uri: str, tools: str = "18.2.0", least: str = "17.0.0", *, updates: bool = True
) -> Cluster:
    """A cluster that answered."""
    return Cluster(uri=uri, is_updating=updates, tools_version=tools, min_tools_version=least)


def release(version: str, **other: object) -> Release:
    """A release of ours for this system."""
    values: dict[str, object] = {
        "version": version,
        "platform": "linux-x86_64",
        "path": f"teleterm/{version}/x",
        "teleport": Range(min="17.0.0", max="18.99.99"),
    }
    return Release(**(values | other))  # type: ignore[arg-type]  # a builder's defaults


A, B = cluster("/clusters/a"), cluster("/clusters/b", tools="17.5.0", least="16.0.0")
TABLE = {
    "off by the environment": (Situation(environment="off", clusters=(A,)), "disabled-by-env-vars"),
    "a version by the environment": (Situation(environment="18.1.0"), "18.1.0 environment yes"),
    "nonsense in the environment": (
        Situation(environment="latest", clusters=(A,)),
        "18.2.0 highest-compatible yes",
    ),
    "the managing cluster": (
        Situation(managing_uri=B.uri, clusters=(A, B)),
        "17.5.0 managing-cluster yes",
    ),
    "the managing cluster is away": (
        Situation(managing_uri="/clusters/c", clusters=(A,), unreachable=("/clusters/c",)),
        "managing-cluster-unable-to-manage",
    ),
    "the managing cluster updates nobody": (
        Situation(managing_uri="/c", clusters=(cluster("/c", updates=False),)),
        "managing-cluster-unable-to-manage",
    ),
    "no cluster": (Situation(), "no-cluster-with-auto-update"),
    "none that updates": (
        Situation(clusters=(cluster("/a", updates=False),)),
        "no-cluster-with-auto-update",
    ),
    "the highest that suits all": (
        Situation(clusters=(A, B)),
        "17.5.0 highest-compatible yes",
    ),
    "one cluster away: nothing by itself": (
        Situation(clusters=(A,), unreachable=("/clusters/x",)),
        "18.2.0 highest-compatible no",
    ),
    "none suits all": (
        Situation(clusters=(A, cluster("/old", tools="15.0.0", least="14.0.0"))),
        "no-compatible-version",
    ),
    "a cluster that doesn't update bounds too": (
        Situation(clusters=(A, cluster("/old", "16.0.0", "15.0.0", updates=False))),
        "no-compatible-version",
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_who_decides(name: str) -> None:
    situation, expected = TABLE[name]
    match policy.wanted(situation):
        case NoWish(why=why):
            said = str(why)
        case wish:
            said = f"{wish.version} {wish.source} {'yes' if wish.may_download else 'no'}"
    assert said == expected


def picked(index: Index, **other: object) -> str:
    """The version that is picked, or nothing."""
    found = policy.pick(index, WANTED, platform="linux-x86_64", **other)  # type: ignore[arg-type]  # as above
    return found.version if found else ""


def test_the_newest_that_holds_the_version() -> None:
    index = Index(floor="0", releases=(release("1.0.0"), release("1.10.0"), release("1.9.0")))
    assert picked(index) == "1.10.0"


def test_an_older_one_when_the_cluster_goes_back() -> None:
    newer = release("2.0.0", teleport=Range(min="19.0.0", max="19.99.99"))
    assert picked(Index(floor="0", releases=(release("1.0.0"), newer))) == "1.0.0"


@pytest.mark.parametrize(
    ("index", "other"),
    [
        (Index(floor="1.5.0", releases=(release("1.4.0"),)), {}),
        (Index(floor="0", revoked=("1.4.0",), releases=(release("1.4.0"),)), {}),
        (Index(floor="0", releases=(release("1.4.0", platform="macos-arm64"),)), {}),
        (Index(floor="0", releases=(release("1.4.0", min_glibc="2.39"),)), {"glibc": "2.36"}),
        (Index(floor="0", releases=(release("1.4.0"),)), {"bad": ("1.4.0",)}),
        (Index(floor="0", releases=(release("1.4.0", protocol=Protocols(pty=(2,))),)), {}),
        (Index(floor="0", releases=(release("../../x"),)), {}),
        (Index(floor="0", releases=(release("1.4.0", teleport=Range(min="1", max="16.9")),)), {}),
    ],
    ids=["floor", "revoked", "platform", "glibc", "failed here", "protocol", "name", "range"],
)
def test_never(index: Index, other: dict[str, object]) -> None:
    assert picked(index, **other) == ""


def test_a_release_comes_after_its_pre_releases() -> None:
    assert picked(Index(floor="0", releases=(release("1.4.0-rc.1"), release("1.4.0")))) == "1.4.0"

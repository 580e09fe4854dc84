from teleterm.bridge.views import DocumentView, RecentView
from teleterm.main import recent


def ssh(name: str, login: str = "root", **fields: str) -> DocumentView:
    """A document of a shell on a node."""
    return DocumentView(
        kind="ssh", title=f"{login}@{name}", fields={"server_uri": name, "login": login, **fields}
    )


def opened(*documents: DocumentView, limit: int = 15) -> list[RecentView]:
    """The rows after these were opened, one a second."""
    rows: list[RecentView] = []
    for now, document in enumerate(documents):
        rows = recent.note(
            rows, document, cluster_uri="/clusters/prod", title="prod", now=now, limit=limit
        )
    return rows


def titles(rows: list[RecentView]) -> list[str]:
    """What a person reads."""
    return [row.title for row in rows]


def test_newest_first_and_each_thing_once() -> None:
    rows = opened(ssh("a"), ssh("b"), ssh("a", title="changes nothing"))
    assert titles(rows) == ["root@a", "root@b"]


def test_another_login_is_another_thing() -> None:
    assert titles(opened(ssh("a"), ssh("a", "alice"))) == ["alice@a", "root@a"]


def test_the_oldest_goes_when_there_are_too_many() -> None:
    assert titles(opened(ssh("a"), ssh("b"), ssh("c"), limit=2)) == ["root@c", "root@b"]
    assert opened(ssh("a"), limit=0) == []


def test_pinned_rows_stay_above_and_survive() -> None:
    rows = opened(ssh("a"), ssh("b"))
    rows = recent.change(rows, recent.key_of(ssh("a")), "pin", title="")
    assert titles(rows) == ["root@a", "root@b"]
    rows = recent.note(rows, ssh("c"), cluster_uri="", title="", now=9, limit=2)
    assert titles(rows) == ["root@a", "root@c"]
    rows = recent.change(rows, recent.key_of(ssh("a")), "unpin", title="")
    assert titles(rows) == ["root@c", "root@a"]


def test_a_name_that_a_person_gave_is_kept() -> None:
    rows = opened(ssh("a"))
    rows = recent.change(rows, rows[0].key, "rename", title="  the box  ")
    rows = recent.note(rows, ssh("a"), cluster_uri="", title="", now=5, limit=15)
    assert titles(rows) == ["the box"]
    assert titles(recent.change(rows, rows[0].key, "rename", title=" ")) == ["the box"]


def test_removing() -> None:
    rows = opened(ssh("a"), ssh("b"))
    assert titles(recent.change(rows, rows[0].key, "remove", title="")) == ["root@a"]


def test_pages_of_the_program_itself_are_not_remembered() -> None:
    assert opened(DocumentView(kind="settings", title="Settings")) == []

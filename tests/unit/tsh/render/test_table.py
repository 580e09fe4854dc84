"""Tables as recorded from the official program (18.3.0, 80 columns)."""

from teleterm.tsh.render import labels, table

NODES = (
    "Node Name Address        Labels              \n"
    "--------- -------------- ------------------- \n"
    "node1     127.0.0.1:7022 env=test,tier=front \n"
)
DATABASES = (
    "Name                Description     Allowed Users    Labels Connect             \n"
    "------------------- --------------- ---------------- ------ ------------------- \n"
    "> pg (user: post... Test PostgreSQL [alice postgres] env... tsh db connect p... \n"
    "pg-two                              [alice postgres] env...                     \n"
)
EMPTY = "Node Name Address Labels \n--------- ------- ------ \n"
HEADLESS = "root.demo online root      \nleaf.demo online leaf      \n"


def test_nodes() -> None:
    rows = [["node1", "127.0.0.1:7022", "env=test,tier=front"]]
    titles = ["Node Name", "Address", "Labels"]
    assert table.make_cut(titles, rows, cut="Labels", cols=80).draw() == NODES
    assert table.make(titles, rows).draw() == NODES


def test_long_cells_are_cut() -> None:
    titles = ["Name", "Description", "Allowed Users", "Labels", "Connect"]
    rows = [
        [
            "> pg (user: postgres, db: postgres)",
            "Test PostgreSQL",
            "[alice postgres]",
            "env=test",
            "tsh db connect pg",
        ],
        ["pg-two", "", "[alice postgres]", "env=prod,team=web", ""],
    ]
    assert table.make_cut(titles, rows, cut="Labels", cols=0).draw() == DATABASES


def test_no_rows() -> None:
    drawn = table.make_cut(["Node Name", "Address", "Labels"], [], cut="Labels", cols=80).draw()
    assert drawn == EMPTY


def test_headless() -> None:
    rows = [["root.demo", "online", "root", ""], ["leaf.demo", "online", "leaf", ""]]
    assert table.make_headless(rows, columns=4).draw() == HEADLESS


def test_dashes_count_bytes_and_padding_counts_characters() -> None:
    drawn = table.make(["Node Name", "Address"], [["a", "⟵ Tunnel"], ["b", "x"]]).draw()
    assert drawn.splitlines()[1] == "--------- ---------- "
    assert drawn.splitlines()[2] == "a         ⟵ Tunnel   "


def test_labels() -> None:
    found = {"b": "2", "a": "1", "x/y": "3", "teleport.dev/origin": "file"}
    assert labels.text(found, verbose=False) == "a=1,b=2,x/y=3"
    assert labels.text(found, verbose=True) == "a=1,b=2,x/y=3,teleport.dev/origin=file"
    named = {"teleport.internal/discovered-name": "short"}
    assert labels.display_name("short-123", named, verbose=False) == "short"
    assert labels.display_name("short-123", named, verbose=True) == "short-123"

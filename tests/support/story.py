"""The first quarter of an hour with a cluster, as one story that fits any cluster.

The end-to-end test tells it with the demo cluster, tests/real_cluster with a real one.
"""

import re
from dataclasses import dataclass

from tests.support.login import code
from tests.support.person import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The names in a story: addresses, people, places."""

    proxy: str
    user: str
    password: str
    totp_secret: str
    root: str
    leaf: str
    login: str
    node: str
    node_row: int
    leaf_node: str
    counts: str
    leaf_counts: str
    servers: int
    leaf_servers: int
    databases: int
    database: str
    database_name: str
    third_node: str = ""
    third_words: str = ""
    hostname: str = ""
    colors: str = "256"
    prompt: str = r"[$#]\s*$"

    def says(self, node: str) -> str:
        """What `hostname` prints on a node: its name, unless the story knows better."""
        return self.hostname or node


def tell(person: Person, story: Story) -> None:
    """The whole story."""
    add_cluster(person, story)
    log_in(person, story)
    open_shell_on_root(person, story)
    open_shell_on_leaf(person, story)
    query_database(person, story)
    if story.third_node:
        reach_by_palette(person, story)


def take_first(person: Person, mark: int) -> None:
    """Take the first name of the picker, which isn't shown where there is only one."""
    if "picker" in person.sees("ui: picker shown|ui: tab opened kind=(ssh|gateway)", after=mark)[0]:
        person.key("Return")


def add_cluster(person: Person, story: Story) -> None:
    """The link dialog is put off, the address typed on the Home page."""
    person.sees("ui: dialog shown dlg_links")
    person.key("Escape")
    person.sees("ui: dialog closed dlg_links")
    person.photographs("01-first-start")
    person.click_named("new.address.entry")
    person.types(story.proxy)
    person.key("Return")
    person.sees("ui: focus .dlg_login.body.form.user.entry")


def log_in(person: Person, story: Story) -> None:
    """A wrong password first, then the right one and a code."""
    person.types(story.user)
    person.key("Tab")
    person.types("not the password")
    person.key("Return")
    person.sees("ui: dlg_login error User name or password is not right.")
    person.photographs("02-login-wrong-password")
    person.types(story.password)
    person.key("Return")
    person.sees("ui: focus .dlg_login.body.factor.code")
    person.photographs("03-login-code")
    mark = person.mark()
    person.types(code(story.totp_secret))
    person.sees("ui: dialog closed dlg_login", after=mark)
    person.sees(rf"ui: counts shown {story.root} {story.counts}", after=mark)


def open_shell_on_root(person: Person, story: Story) -> None:
    """Enter on a server, Enter on the login: a shell, and vim in it."""
    mark = person.mark()
    person.sees(f"ui: resources shown servers {story.servers}")
    person.click_row(r"\S*/servers/\S+", nth=story.node_row)
    person.key("Return")
    take_first(person, mark)
    person.sees(f"ui: tab opened kind=ssh title={story.login}@{story.node}", after=mark)
    person.sees(f"ui: terminal live {story.login}@{story.node}", after=mark)
    person.waits_to_read(story.prompt)
    person.types("hostname; tput colors\n")
    shown = person.waits_to_read(rf"\n{story.says(story.node)}\n{story.colors}\n")
    assert "hostname; tput colors" in shown
    person.types("vim -u NONE -N\n")
    person.waits_to_read("VIM - Vi IMproved")
    person.types("ihello from vim")
    person.waits_to_read("hello from vim")
    person.key("Escape")
    person.photographs("04-shell-root-node", clears_selection=True)
    person.types(":q!\n")
    person.waits_to_read(story.prompt)


def open_shell_on_leaf(person: Person, story: Story) -> None:
    """The leaf's servers by the tree, with the mouse."""
    mark = person.mark()
    person.click_row(f"cluster:{story.leaf}", tree=True)
    person.key("Right")
    person.sees(rf"ui: counts shown {story.leaf} {story.leaf_counts}", after=mark)
    person.click_row(f"kind:servers:{story.leaf}", tree=True)
    person.sees(f"ui: resources shown servers {story.leaf_servers}", after=mark)
    person.click_row(rf"{story.leaf}/servers/\S+", nth=0)
    person.key("Return")
    take_first(person, mark)
    person.sees(f"ui: terminal live {story.login}@{story.leaf_node}", after=mark)
    person.waits_to_read(story.prompt)
    person.types("hostname\n")
    person.waits_to_read(rf"\n{story.says(story.leaf_node)}\n")
    person.photographs("05-shell-leaf-node", clears_selection=True)


def query_database(person: Person, story: Story) -> None:
    """The database page, Run, psql, one question."""
    mark = person.mark()
    person.click_row(f"kind:databases:{story.root}", tree=True)
    person.sees(f"ui: resources shown databases {story.databases}", after=mark)
    person.click_row(f"{story.root}/dbs/{story.database}")
    person.key("Return")
    take_first(person, mark)
    port = person.sees(rf"ui: gateway shown {story.database} port=(\d+)", after=mark).group(1)
    assert int(port) > 1023
    mark = person.mark()
    person.click_named("db_name.entry")
    person.types(f"{story.database_name}\n")
    person.sees(rf"ui: gateway shown {story.database} port=\d+", after=mark)
    person.photographs("06-database-page")
    person.click_named("run")
    person.sees("ui: terminal live", after=mark)
    person.waits_to_read(rf"{story.database_name}=[>#]\s*$")
    person.types("select 1;\n")
    person.waits_to_read(r"\?column\?[\s|+-]*\n\s*1\n")
    person.photographs("07-psql", clears_selection=True)


def reach_by_palette(person: Person, story: Story) -> None:
    """A third node by typing a part of its name."""
    mark = person.mark()
    person.key("ctrl+shift+k")
    person.sees("ui: palette shown", after=mark)
    person.types(story.third_words)
    person.sees(r"ui: palette found \d+", after=mark)
    person.photographs("08-palette")
    person.key("Return")
    person.sees(f"ui: palette asks as whom {story.third_node}", after=mark)
    person.key("Return")
    person.sees(f"ui: terminal live {story.login}@{story.third_node}", after=mark)
    person.waits_to_read(story.prompt)
    person.types("hostname\n")
    person.waits_to_read(rf"\n{story.says(story.third_node)}\n")
    person.photographs("09-third-node", clears_selection=True)
    assert not re.search(r"ui: (callback failed|refused)", person.log.read())

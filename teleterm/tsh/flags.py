"""Flags that several commands have, and how one is written down."""

from teleterm.tsh.grammar import Flag, Kind

FORMATS = ("text", "json", "yaml")
SEARCH_HELP = "Keywords to look for, separated by commas"
QUERY_HELP = 'Expression to filter by, such as \'labels["env"] == "prod"\''
LABELS_HELP = "Labels to filter by, such as env=prod,team=web"
CLUSTER_HELP = "Cluster to use: the root or one of its leaf clusters"


def switch(name: str, text: str, short: str = "", **more: bool) -> Flag:
    """A flag that is on or off."""
    return Flag(
        name=name, help=text, short=short, kind=Kind.SWITCH, hidden=more.get("hidden", False)
    )


def output_format(choices: tuple[str, ...] = FORMATS) -> Flag:
    """`--format`, text unless said."""
    return Flag(
        name="format",
        short="f",
        help=f"Output format ({', '.join(choices)})",
        default="text",
        choices=choices,
    )


CLUSTER = Flag(name="cluster", short="c", help=CLUSTER_HELP)
LISTING = (
    Flag(name="search", help=SEARCH_HELP),
    Flag(name="query", help=QUERY_HELP),
)
NO_RESUME = Flag(
    name="no-resume",
    help="Don't resume broken connections",
    kind=Kind.SWITCH,
    env=("TELEPORT_NO_RESUME",),
)
RELOGIN = Flag(
    name="relogin",
    help="Log in again when the login has ended",
    kind=Kind.SWITCH,
    default="true",
)

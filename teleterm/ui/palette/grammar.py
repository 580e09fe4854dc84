"""What the palette's input means (ux.md 8): a prefix, tokens, words, or a typed command."""

from typing import Literal

from msgspec import Struct

KINDS = {
    "s": "servers",
    "server": "servers",
    "db": "databases",
    "kube": "kubes",
    "app": "apps",
    "rdp": "desktops",
}
PREFIXES: dict[str, Literal["commands", "clusters", "tabs", "predicate", "help"]] = {
    ">": "commands",
    "@": "clusters",
    "#": "tabs",
    "=": "predicate",
    "?": "help",
}
PLAIN_VERBS: dict[str, Literal["term", "login", "logout"]] = {
    "term": "term",
    "login": "login",
    "logout": "logout",
}
IS_VALUES = ("pinned", "live", "requestable", "recent")


class Query(Struct, frozen=True, kw_only=True):
    """The input, taken apart; `mode` empty searches everything."""

    mode: Literal["", "commands", "clusters", "tabs", "predicate", "help"] = ""
    words: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    cluster: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    states: tuple[str, ...] = ()
    text: str = ""

    @property
    def has_tokens(self) -> bool:
        """Whether anything narrows the search besides words."""
        return bool(self.kinds or self.cluster or self.labels or self.states)


class Command(Struct, frozen=True, kw_only=True):
    """A typed command: `ssh root@node`, `db alice@orders/shop`, `term`, `login`, `tsh …`."""

    verb: Literal["ssh", "db", "term", "login", "logout", "tsh"]
    user: str = ""
    target: str = ""
    database: str = ""


def chip_of(word: str) -> tuple[str, str] | None:
    """What a word is as a token: kind of token and value; None if it is an ordinary word."""
    lowered = word.lower()
    if lowered.endswith(":") and lowered[:-1] in KINDS:
        return "kind", KINDS[lowered[:-1]]
    name, colon, value = word.partition(":")
    if colon and value and name.lower() == "kind" and value.lower() in KINDS:
        return "kind", KINDS[value.lower()]
    if colon and value and name.lower() == "in":
        return "in", value
    if colon and name.lower() == "is" and value.lower() in IS_VALUES:
        return "is", value.lower()
    key, equals, value = word.partition("=")
    if equals and key and value:
        return "label", word
    return None


def parse(text: str, chips: tuple[tuple[str, str], ...] = ()) -> Query:
    """Take the input apart; `chips` are tokens that were taken out of it before."""
    stripped = text.strip()
    if stripped[:1] in PREFIXES and stripped:
        rest = stripped[1:].strip()
        words = tuple(rest.lower().split())
        return Query(mode=PREFIXES[stripped[0]], words=words, text=rest)
    found = list(chips)
    words_left = []
    for word in stripped.split():
        chip = chip_of(word)
        if chip is None:
            words_left.append(word.lower())
        else:
            found.append(chip)
    return Query(
        words=tuple(words_left),
        kinds=tuple(value for kind, value in found if kind == "kind"),
        cluster=next((value for kind, value in found if kind == "in"), ""),
        labels=tuple(_label(value) for kind, value in found if kind == "label"),
        states=tuple(value for kind, value in found if kind == "is"),
        text=" ".join(words_left),
    )


def _label(word: str) -> tuple[str, str]:
    key, _, value = word.partition("=")
    return key, value


def command_of(text: str) -> Command | None:
    """The command that the whole input is, if it is one."""
    verb, _, rest = text.strip().partition(" ")
    rest = rest.strip()
    if verb == "ssh" and rest and not rest.startswith("-") and " " not in rest:
        login, at, host = rest.rpartition("@")
        return Command(verb="ssh", user=login, target=host) if host or not at else None
    if verb == "db" and rest and " " not in rest:
        user, _at, name = rest.rpartition("@")
        name, _slash, database = name.partition("/")
        return Command(verb="db", user=user, target=name, database=database)
    if verb == "tsh" and rest:
        return Command(verb="tsh", target=rest)
    if verb in PLAIN_VERBS and " " not in rest:
        return Command(verb=PLAIN_VERBS[verb], target=rest)
    return None

"""What a failed command says last."""

from teleterm.model.errors import ErrorCode, Refused
from teleterm.tsh import fatal


def test_a_hint_stands_on_a_line_of_its_own() -> None:
    assert fatal.words(Refused("no such node", hint="See tsh ls.")) == "no such node\n\tSee tsh ls."
    assert fatal.words(Refused("no such node")) == "no such node"


def test_a_missing_login_names_the_command() -> None:
    ended = Refused("It ended.", code=ErrorCode.NEEDS_LOGIN, hint="Log in to go on.")
    assert fatal.words(ended) == "It ended.\n\tLog in to go on: tsh login"

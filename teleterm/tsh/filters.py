"""What a listing is narrowed down to, from the flags `--search`, `--query` and the labels."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from teleterm.model.errors import BadInput
from teleterm.tsh.grammar import Parsed

if TYPE_CHECKING:
    from teleterm.client.auth import ResourceQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Labels that must match, words to look for, an expression that must hold.

    With `has_requestable` also among what one may only ask for.
    """

    labels: dict[str, str]
    keywords: tuple[str, ...] = ()
    expression: str = ""
    has_requestable: bool = False

    def query(self) -> "ResourceQuery":
        """The listing's question."""
        from teleterm.client.auth import ResourceQuery

        return ResourceQuery(
            labels=self.labels,
            keywords=self.keywords,
            predicate=self.expression,
            use_search_as_roles=self.has_requestable,
        )


def of(parsed: Parsed) -> Filter:
    """The filter a command line describes.

    Raises: BadInput when the labels can't be read.
    """
    return Filter(
        labels=parse_labels(parsed.text("labels")),
        keywords=tuple(word for word in _split(parsed.text("search")) if word),
        expression=parsed.text("query"),
    )


def parse_labels(text: str) -> dict[str, str]:
    """`env=prod,team="a, b"` as a mapping.

    Raises: BadInput when a part has no `=`.
    """
    found: dict[str, str] = {}
    if not text.strip():
        return found
    for part in _split(text):
        key, equals, value = part.partition("=")
        if not equals or not key.strip():
            raise BadInput(
                f"invalid label spec: '{text}', should be 'key=value'", field="labels", value=text
            )
        found[key.strip()] = value.strip()
    return found


def _split(text: str) -> list[str]:
    """Parts between commas; quotes hold a part together and are dropped."""
    parts, part, inside = [], "", False
    for character in text:
        if character == '"':
            inside = not inside
        elif character == "," and not inside:
            parts.append(part.strip())
            part = ""
        else:
            part += character
    parts.append(part.strip())
    return parts

"""YAML with plain values only, quoted as Kubernetes' own programs quote.

Moments stay the texts they are, and whatever isn't plain text gets double quotes.
"""

import yaml

_TEXT = "tag:yaml.org,2002:str"
_MOMENT = "tag:yaml.org,2002:timestamp"


class Loader(yaml.SafeLoader):
    """Reads moments as texts."""


class Dumper(yaml.SafeDumper):
    """Writes texts that look like something else in double quotes, and no anchors."""

    def ignore_aliases(self, data: object) -> bool:
        """Write what comes twice twice."""
        return True

    def _text(self, data: str) -> yaml.ScalarNode:
        tag: object = self.resolve(yaml.ScalarNode, data, (True, False))  # type: ignore[no-untyped-call]  # the stubs leave it out
        is_plain = tag == _TEXT
        style = "|" if "\n" in data else None if is_plain else '"'
        return self.represent_scalar(_TEXT, data, style=style)


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if tag != _MOMENT]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Dumper.add_representer(str, Dumper._text)  # noqa: SLF001  # its own

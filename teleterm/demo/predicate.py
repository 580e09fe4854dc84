"""The filter expressions of resource lists: `name == "x" || labels["env"] == "demo"` and the like.

Shape:  `||`, `&&`, `!`, parentheses, `==`, `!=`; `name`, `labels.key`, `labels["key"]` and the same
        below `resource.metadata.` and `resource.spec.hostname`; the functions `search(…)`,
        `equals(a, b)`, `exists(a)`, `hasPrefix(a, b)`. The `name` of a node is its host name, and a
        label that isn't there is the empty text.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass


class BadPredicate(ValueError):
    """The expression can't be understood; the message says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What an expression is asked about."""

    name: str
    hostname: str
    labels: Mapping[str, str]
    words: tuple[str, ...] = ()

    def matches_words(self, words: tuple[str, ...]) -> bool:
        """Whether every word is part of the name, a label or another field, in any case."""
        texts = [self.name, self.hostname, *self.words]
        texts += [part for label in self.labels.items() for part in label]
        texts += [f"{name}={value}" for name, value in self.labels.items()]
        lowered = [text.lower() for text in texts]
        return all(any(word.lower() in text for text in lowered) for word in words)

    def matches_labels(self, labels: Mapping[str, str]) -> bool:
        """Whether it has all of `labels`; a star stands for any value."""
        return all(
            name in self.labels and value in {"*", self.labels[name]}
            for name, value in labels.items()
        )


Test = Callable[[Subject], bool]
_Value = Callable[[Subject], str]

_MOST_NESTING = 100
_TOKEN = re.compile(
    r"""\s*(?:(?P<op>\|\||&&|==|!=|!|\(|\)|\[|\]|,|\.)
      |"(?P<double>(?:[^"\\]|\\.)*)"|`(?P<back>[^`]*)`
      |(?P<name>[A-Za-z_][A-Za-z0-9_-]*))""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def compile_predicate(text: str) -> Test:
    """Give the test that an expression stands for; an empty one is true of everything.

    Raises: BadPredicate.
    """
    if not text.strip():
        return lambda _subject: True
    tokens = _tokens(text)
    if sum(token.text in {"(", "!"} for token in tokens) > _MOST_NESTING:
        raise BadPredicate("the expression is nested too deeply")
    parser = _Parser(tokens)
    test = parser.either()
    parser.expect_end()
    return test


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    end = len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None:
            raise BadPredicate(f"unexpected {text[at : at + 10]!r} in the expression")
        at = found.end()
        if (op := found["op"]) is not None:
            tokens.append(_Token("op", op))
        elif (name := found["name"]) is not None:
            tokens.append(_Token("name", name))
        elif (double := found["double"]) is not None:
            tokens.append(_Token("text", re.sub(r"\\(.)", r"\1", double)))
        else:
            tokens.append(_Token("text", found["back"] or ""))
    return tokens


class _Parser:
    """Recursive descent, one method for each level of binding."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def expect_end(self) -> None:
        if self._at < len(self._tokens):
            raise BadPredicate(f"unexpected {self._tokens[self._at].text!r} in the expression")

    def either(self) -> Test:
        tests = [self._both()]
        while self._accept("||"):
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else lambda subject: any(t(subject) for t in tests)

    def _both(self) -> Test:
        tests = [self._negated()]
        while self._accept("&&"):
            tests.append(self._negated())
        return tests[0] if len(tests) == 1 else lambda subject: all(t(subject) for t in tests)

    def _negated(self) -> Test:
        if self._accept("!"):
            inner = self._negated()
            return lambda subject: not inner(subject)
        if self._accept("("):
            inner = self.either()
            self._expect(")")
            return inner
        return self._comparison()

    def _comparison(self) -> Test:
        if self._is_call():
            return self._call()
        left = self._value()
        if self._accept("=="):
            right = self._value()
            return lambda subject: left(subject) == right(subject)
        self._expect("!=")
        other = self._value()
        return lambda subject: left(subject) != other(subject)

    def _call(self) -> Test:
        name = self._next("name").text
        self._expect("(")
        values: list[_Value] = []
        while not self._accept(")"):
            values.append(self._value())
            if not self._accept(","):
                self._expect(")")
                break
        return _function(name, values)

    def _value(self) -> _Value:
        token = self._next()
        if token.kind == "text":
            return lambda _subject: token.text
        if token.kind != "name":
            raise BadPredicate(f"unexpected {token.text!r} in the expression")
        path = [token.text]
        while True:
            if self._accept("."):
                path.append(self._next("name").text)
            elif self._accept("["):
                path.append(self._next("text").text)
                self._expect("]")
            else:
                return _field(path)

    def _is_call(self) -> bool:
        pair = self._tokens[self._at : self._at + 2]
        return len(pair) == 2 and pair[0].kind == "name" and pair[1] == _Token("op", "(")

    def _next(self, kind: str = "") -> _Token:
        if self._at >= len(self._tokens):
            raise BadPredicate("the expression ends too early")
        token = self._tokens[self._at]
        if kind and token.kind != kind:
            raise BadPredicate(f"unexpected {token.text!r} in the expression")
        self._at += 1
        return token

    def _accept(self, op: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at] == _Token("op", op):
            self._at += 1
            return True
        return False

    def _expect(self, op: str) -> None:
        if not self._accept(op):
            raise BadPredicate(f"{op!r} is missing in the expression")


def _function(name: str, values: list[_Value]) -> Test:
    counts = {"equals": 2, "hasPrefix": 2, "exists": 1}
    if name == "search":
        return lambda subject: subject.matches_words(tuple(value(subject) for value in values))
    if name not in counts:
        raise BadPredicate(f"unsupported function: {name}")
    if len(values) != counts[name]:
        raise BadPredicate(f"{name} takes {counts[name]} values")
    first, last = values[0], values[-1]
    tests: dict[str, Test] = {
        "equals": lambda subject: first(subject) == last(subject),
        "hasPrefix": lambda subject: first(subject).startswith(last(subject)),
        "exists": lambda subject: bool(first(subject)),
    }
    return tests[name]


def _field(path: list[str]) -> _Value:
    match path:
        case ["name"]:
            return lambda subject: subject.hostname or subject.name
        case ["resource", "metadata", "name"]:
            return lambda subject: subject.name
        case ["resource", "spec", "hostname"]:
            return lambda subject: subject.hostname
        case ["labels", key] | ["resource", "metadata", "labels", key]:
            return lambda subject: subject.labels.get(key, "")
        case _:
            raise BadPredicate(f"identifier {'.'.join(path)} is not defined")

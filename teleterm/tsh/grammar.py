"""Command lines in, named values out: flags stand anywhere, short ones may be joined."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

INT32_MAX = 2**31 - 1


class Kind(Enum):
    """What a flag takes."""

    TEXT = auto()
    SWITCH = auto()
    NUMBER = auto()
    LIST = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One flag: `--name`, perhaps `-s`; the first set variable of `env` stands in for it."""

    name: str
    help: str = ""
    short: str = ""
    kind: Kind = Kind.TEXT
    env: tuple[str, ...] = ()
    default: str = ""
    choices: tuple[str, ...] = ()
    hidden: bool = False
    repeats: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One positional argument; the last may take everything that is left."""

    name: str
    help: str = ""
    required: bool = False
    takes_rest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command or a group of them: `path` is how it is typed, `module` runs it (none: a group).

    With `interspersed` off, everything behind the first argument belongs to the arguments: the
    command line of `tsh ssh host ls -l`. With `passes_flags` everything behind the command does.
    `aliases` are other words for the last one of `path`.
    """

    path: tuple[str, ...]
    help: str
    module: str = ""
    flags: tuple[Flag, ...] = ()
    arguments: tuple[Argument, ...] = ()
    interspersed: bool = True
    hidden: bool = False
    footer: str = ""
    passes_flags: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The words as typed, joined."""
        return " ".join(self.path)


class UsageError(Exception):
    """A command line that can't be understood.

    `at` is the command the usage text is for; `announced` says whether the reader of the words
    (rather than the check of the values) found it, which shows the message twice.
    """

    def __init__(self, message: str, *, at: Command | None, announced: bool) -> None:
        super().__init__(message)
        self.message = message
        self.at = at
        self.announced = announced


@dataclass(slots=True)
class Parsed:
    """The values of one command line; `given` are the flags the person typed."""

    command: Command
    texts: dict[str, str] = field(default_factory=dict)
    switches: dict[str, bool] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    wants_help: bool = False

    def text(self, name: str) -> str:
        """A flag's or argument's text, "" when it isn't there."""
        return self.texts.get(name, "")

    def is_on(self, name: str) -> bool:
        """Whether a switch is on."""
        return self.switches.get(name, False)

    def number(self, name: str) -> int:
        """A flag's number, 0 when it isn't there."""
        return self.numbers.get(name, 0)

    def many(self, name: str) -> list[str]:
        """Every value of a flag or argument that may come more than once."""
        return self.lists.get(name, [])


class Grammar:
    """All commands with the flags that stand before or behind each."""

    def __init__(self, global_flags: Sequence[Flag], commands: Sequence[Command]) -> None:
        self.global_flags = tuple(global_flags)
        self.commands = tuple(commands)
        self._by_path = {command.path: command for command in commands}
        self._aliases = {
            (*command.path[:-1], alias): command.path
            for command in commands
            for alias in command.aliases
        }
        self.root = Command(path=(), help="")

    def find(self, path: Sequence[str]) -> Command | None:
        """The command typed as these words."""
        words = tuple(path)
        return self._by_path.get(self._aliases.get(words, words))

    def parse(self, words: Sequence[str], environ: Mapping[str, str]) -> Parsed:
        """Read a command line.

        Raises: UsageError. No words at all give the root command.
        """
        reader = _Reader(self, list(words))
        reader.run()
        return _settle(reader, environ)

    def flags_of(self, command: Command) -> tuple[Flag, ...]:
        """The global flags, then the command's own."""
        return (*self.global_flags, *command.flags)


@dataclass(slots=True)
class _Hit:
    flag: Flag
    value: str


class _Reader:
    """Walks over the words once and collects what was said, without judging values."""

    def __init__(self, grammar: Grammar, words: list[str]) -> None:
        self.grammar = grammar
        self.words = words
        self.command = grammar.root
        self.hits: list[_Hit] = []
        self.arguments: list[str] = []
        self.only_arguments = False
        self.wants_help = False

    def run(self) -> None:
        while self.words:
            word = self.words.pop(0)
            if self.only_arguments:
                if word == "--" and not self.command.interspersed and len(self.arguments) == 1:
                    continue
                self._argument(word)
            elif word == "--":
                self.only_arguments = True
            elif word.startswith("--"):
                self._long(word)
            elif word.startswith("-") and len(word) > 1:
                self._short(word)
            else:
                self._plain(word)
        self._check_end()

    def fail(self, message: str) -> UsageError:
        return UsageError(message, at=self.command, announced=True)

    def _plain(self, word: str) -> None:
        deeper = self.grammar.find((*self.command.path, word))
        if not self.command.module and deeper is not None:
            self.command = deeper
            self.only_arguments = deeper.passes_flags
            return
        if not self.command.module:
            raise self.fail(f'expected command but got "{word}"')
        self._argument(word)
        if not self.command.interspersed:
            self.only_arguments = True

    def _argument(self, word: str) -> None:
        wanted = self.command.arguments
        if not self.command.module:
            raise self.fail(f'expected command but got "{word}"')
        if len(self.arguments) >= len(wanted) and not (wanted and wanted[-1].takes_rest):
            raise self.fail(f"unexpected {word}")
        self.arguments.append(word)

    def _flags(self) -> tuple[Flag, ...]:
        # The command's own come first: `login -o` is its own, not the hidden global one.
        return (*self.command.flags, *self.grammar.global_flags)

    def _long(self, word: str) -> None:
        name, equals, value = word[2:].partition("=")
        if name == "help":
            self.wants_help = True
            return
        if equals:
            self.words.insert(0, value)
        flag = next((flag for flag in self._flags() if flag.name == name), None)
        turned_off = False
        if flag is None and name.startswith("no-"):
            bare = name[3:]
            flag = next(
                (one for one in self._flags() if one.name == bare and one.kind is Kind.SWITCH), None
            )
            turned_off = flag is not None
        if flag is None:
            raise self.fail(f"unknown long flag '--{name}'")
        if flag.kind is Kind.SWITCH:
            self._hit(flag, "false" if turned_off else "true")
            return
        self._hit(flag, self._value(f"--{name}", is_attached=bool(equals)))

    def _short(self, word: str) -> None:
        letters = word[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            if letter == "h" and not any(flag.short == "h" for flag in self._flags()):
                raise self.fail("unknown short flag '-h'")
            flag = next((flag for flag in self._flags() if flag.short == letter), None)
            if flag is None:
                raise self.fail(f"unknown short flag '-{letter}'")
            if flag.kind is Kind.SWITCH:
                self._hit(flag, "true")
                continue
            if letters:
                self.words.insert(0, letters)
            self._hit(flag, self._value(f"-{letter}", is_attached=bool(letters)))
            return

    def _value(self, shown: str, *, is_attached: bool) -> str:
        missing = not self.words
        if missing or (not is_attached and len(self.words[0]) > 1 and self.words[0][0] == "-"):
            raise self.fail(f"expected argument for flag '{shown}'")
        return self.words.pop(0)

    def _hit(self, flag: Flag, value: str) -> None:
        repeated = any(hit.flag is flag for hit in self.hits)
        if repeated and flag.kind is not Kind.LIST and not flag.repeats:
            raise self.fail(f"flag '{flag.name}' cannot be repeated")
        self.hits.append(_Hit(flag, value))

    def _check_end(self) -> None:
        if self.wants_help:
            return
        if self.command.path and not self.command.module:
            raise UsageError(
                f"must select a subcommand of '{self.command.name}'",
                at=self.command,
                announced=False,
            )
        self._check_flags()
        for at, argument in enumerate(self.command.arguments):
            if argument.required and at >= len(self.arguments):
                raise UsageError(
                    f"required argument '{argument.name}' not provided",
                    at=self.command,
                    announced=False,
                )

    def _check_flags(self) -> None:
        given = {hit.flag.name for hit in self.hits}
        missing = [f"--{one.name}" for one in self.command.flags if one.required]
        missing = [name for name in missing if name.removeprefix("--") not in given]
        if missing:
            listed = f"flags [{' '.join(missing)}]" if len(missing) > 1 else f"flag {missing[0]}"
            raise UsageError(f"required {listed} not provided", at=self.command, announced=False)


def _settle(reader: _Reader, environ: Mapping[str, str]) -> Parsed:
    parsed = Parsed(reader.command, wants_help=reader.wants_help)
    for flag in reader.grammar.flags_of(reader.command):
        _apply_default(parsed, flag, environ)
    for hit in reader.hits:
        parsed.given.add(hit.flag.name)
    seen: set[str] = set()
    for hit in reader.hits:
        if hit.flag.kind is Kind.LIST and hit.flag.name not in seen:
            parsed.lists[hit.flag.name] = []
        seen.add(hit.flag.name)
        _apply(parsed, hit.flag, hit.value)
    rest = list(reader.arguments)
    for argument in reader.command.arguments:
        if argument.takes_rest:
            parsed.lists[argument.name] = rest
            break
        if rest:
            parsed.texts[argument.name] = rest.pop(0)
    return parsed


def _apply_default(parsed: Parsed, flag: Flag, environ: Mapping[str, str]) -> None:
    value = next((environ[name] for name in flag.env if environ.get(name)), flag.default)
    if value:
        _apply(parsed, flag, value)


def _apply(parsed: Parsed, flag: Flag, value: str) -> None:
    if flag.choices and value not in flag.choices:
        listed = ",".join(flag.choices)
        raise UsageError(
            f"enum value must be one of {listed}, got '{value}'",
            at=parsed.command,
            announced=False,
        )
    match flag.kind:
        case Kind.TEXT:
            parsed.texts[flag.name] = value
        case Kind.LIST:
            parsed.lists.setdefault(flag.name, []).append(value)
        case Kind.SWITCH:
            parsed.switches[flag.name] = _truth(parsed, value)
        case Kind.NUMBER:
            parsed.numbers[flag.name] = _whole(parsed, value)


def _truth(parsed: Parsed, value: str) -> bool:
    if value in ("1", "t", "T", "TRUE", "true", "True"):
        return True
    if value in ("0", "f", "F", "FALSE", "false", "False"):
        return False
    raise UsageError(
        f'strconv.ParseBool: parsing "{value}": invalid syntax', at=parsed.command, announced=False
    )


def _whole(parsed: Parsed, value: str) -> int:
    digits = value[1:] if value[:1] in ("+", "-") else value
    if not (digits.isascii() and digits.isdigit()):
        wrong = "invalid syntax"
    elif not -INT32_MAX - 1 <= int(value) <= INT32_MAX:
        wrong = "value out of range"
    else:
        return int(value)
    raise UsageError(
        f'strconv.ParseInt: parsing "{value}": {wrong}', at=parsed.command, announced=False
    )

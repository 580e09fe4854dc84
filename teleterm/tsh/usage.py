"""Help texts, drawn from the grammar."""

import textwrap

from teleterm.tsh.grammar import Argument, Command, Flag, Grammar, Kind

_COLS = 80
_INDENT = 33


def of_program(grammar: Grammar) -> str:
    """What `tsh help` shows."""
    lines = [
        "Usage: tsh [<flags>] <command> [<args> ...]",
        "",
        "The command line of teleterm for Teleport clusters.",
        "",
        "Flags:",
        *_flags(grammar.global_flags),
        "",
        "Commands:",
    ]
    shown = [one for one in grammar.commands if one.module and not one.hidden]
    width = max(len(one.name) for one in shown) + 1
    lines.extend(f"  {one.name:<{width}} {one.help}" for one in shown)
    return "\n".join([*lines, "", "Try 'tsh help [command]' to get help for a given command.", ""])


def of_command(grammar: Grammar, command: Command) -> str:
    """What `tsh help <command>` shows."""
    if not command.path:
        return of_program(grammar)
    lines = [f"usage: tsh {command.name} {_synopsis(command)}", "", command.help, "", "Flags:"]
    lines.extend(_flags(grammar.flags_of(command)))
    if command.arguments:
        lines.extend(["", "Args:"])
        lines.extend(_wrapped(f"  [<{one.name}>]", one.help) for one in command.arguments)
    if not command.module:
        size = len(command.path)
        inner = [one for one in grammar.commands if one.path[:size] == command.path and one.module]
        lines.extend(["", "Subcommands:", *(f"  {one.name}  {one.help}" for one in inner)])
    return "\n".join([*lines, ""])


def _synopsis(command: Command) -> str:
    if not command.module:
        return "[<flags>] <command> [<args> ...]"
    return " ".join(["[<flags>]", *(_argument(one) for one in command.arguments)])


def _argument(argument: Argument) -> str:
    text = f"<{argument.name}>" + ("..." if argument.takes_rest else "")
    return text if argument.required else f"[{text}]"


def _flags(flags: tuple[Flag, ...]) -> list[str]:
    return [_wrapped(_flag_name(flag), flag.help) for flag in flags if not flag.hidden]


def _flag_name(flag: Flag) -> str:
    short = f"-{flag.short}, " if flag.short else "    "
    bracket = "[no-]" if flag.kind is Kind.SWITCH else ""
    return f"  {short}--{bracket}{flag.name}"


def _wrapped(head: str, text: str) -> str:
    first, *rest = textwrap.wrap(text, _COLS - _INDENT) or [""]
    lines = [f"{head:<{_INDENT}}{first}".rstrip() if len(head) < _INDENT else f"{head}  {first}"]
    return "\n".join([*lines, *(" " * _INDENT + line for line in rest)])

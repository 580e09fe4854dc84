"""One command line of `tsh`: reads it, runs one command, gives its exit status."""

import os
import sys

from teleterm.tsh.grammar import Command, Parsed, UsageError


def main(argv: list[str]) -> int:
    """Run one command line and give its exit status."""
    if argv[:1] == ["demo"]:
        from teleterm.tsh.commands import demo

        return demo.run(argv[1:])
    if sys.platform == "linux":
        if argv[:1] == ["warm-parent"] and len(argv) == 2 and argv[1].isdigit():
            from teleterm.tsh.warm import parent

            return parent.run(int(argv[1]))
    from teleterm.tsh.catalogue import GRAMMAR

    try:
        parsed = GRAMMAR.parse(argv, os.environ)
    except UsageError as error:
        return _explain(error)
    if parsed.wants_help or not parsed.command.path:
        return _help(parsed)
    return _run(parsed)


def _run(parsed: Parsed) -> int:
    from importlib import import_module

    from teleterm.model.errors import TeletermError
    from teleterm.tsh import fatal

    module = import_module(f"teleterm.tsh.commands.{parsed.command.module}")
    if parsed.is_on("debug"):
        import logging

        logging.basicConfig(stream=sys.stderr, level=logging.DEBUG)
    try:
        status: int = module.run(parsed)
        sys.stdout.flush()
    except fatal.Exit as end:
        return end.status
    except TeletermError as error:
        if parsed.is_on("debug"):
            _trace()
        fatal.show(fatal.words(error))
        return 1
    except KeyboardInterrupt:
        return fatal.INTERRUPTED_STATUS
    except BrokenPipeError:
        # Whoever read the output is gone; the interpreter must not try to flush it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001  # the border of the process
        return _crashed(error, debug=parsed.is_on("debug"))
    return status


def _crashed(error: Exception, *, debug: bool) -> int:
    """Say in one sentence what nobody foresaw; where it happened only with --debug."""
    from teleterm.tsh import fatal

    if debug:
        _trace()
    kind = type(error).__name__
    fatal.show(f"{str(error) or kind}\n\t{kind}; see where it comes from with --debug")
    return 1


def _trace() -> None:
    import traceback

    traceback.print_exc()


def _explain(error: UsageError) -> int:
    from teleterm.tsh import fatal, usage
    from teleterm.tsh.catalogue import GRAMMAR

    if error.announced:
        from teleterm.tsh.render import plain

        sys.stderr.write(f"tsh: error: {plain.lines(error.message)}\n")
    at = error.at or GRAMMAR.root
    sys.stderr.write(usage.of_command(GRAMMAR, at) + "\n")
    fatal.show(error.message)
    return 1


def _help(parsed: Parsed) -> int:
    from teleterm.tsh import usage
    from teleterm.tsh.catalogue import GRAMMAR

    command: Command = parsed.command
    stream = sys.stdout if parsed.wants_help else sys.stderr
    stream.write(usage.of_command(GRAMMAR, command) + "\n")
    return 0

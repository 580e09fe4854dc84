"""`tsh demo …`: hands everything behind `demo` to the demo cluster."""


def run(argv: list[str]) -> int:
    """Run the demo cluster until its standard input ends."""
    from teleterm.demo import command

    return command.main(argv)

"""What every test may rely on."""

import signal


def pytest_configure() -> None:
    """Hear Ctrl+C, and let children hear it, also when a script started us in its background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)

"""What every test may rely on."""

import os
import signal


def _leave_forks_alone() -> None:
    """Keep gRPC's hands off the children that tests start.

    pexpect forks this process and closes every descriptor in the child before it becomes another
    program. gRPC starts its threads again in a forked child, and those find their descriptors
    closed and end it: now and then a program under test would never start. gRPC reads this once,
    when its first channel is made; the programs under test keep an environment without it.
    """
    os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"
    import grpc

    grpc.insecure_channel("unix:/dev/null").close()
    del os.environ["GRPC_ENABLE_FORK_SUPPORT"]


def pytest_configure() -> None:
    """Hear Ctrl+C, and let children hear it, also when a script started us in its background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


_leave_forks_alone()

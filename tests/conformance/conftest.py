"""One demo cluster for all tests that only look at it, and one login to it."""

from collections.abc import Iterator

import pytest

from tests.support.demo_process import Ready, running_demo
from tests.support.login import code
from tests.support.raw_client import Login, log_in
from tests.support.running_host import RunningHost


@pytest.fixture(scope="session")
def demo() -> Iterator[Ready]:
    """A demo that runs for the whole session; its codes may be used again."""
    with running_demo("--allow-code-reuse") as running:
        yield running.ready


@pytest.fixture(scope="session")
def demo_login(demo: Ready) -> Login:
    """Its user, logged in."""
    return log_in(demo, code(demo.totp_secret))


@pytest.fixture
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHost]:
    """A host that is gone after the test, with everything it started."""
    running = RunningHost(tmp_path_factory.mktemp("r"))
    yield running
    running.client.close()
    running.process.terminate()
    running.process.wait(timeout=20)

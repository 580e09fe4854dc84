"""Two clusters and a state folder that knows neither: the stage of a day with both."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.demo_process import RunningDemo, running_demo

FIRST, SECOND = "/clusters/localhost", "/clusters/127.0.0.1"
SHORT_S = 25


@contextmanager
def two_demos(folder: Path) -> Iterator[tuple[RunningDemo, RunningDemo, dict[str, str]]]:
    """Two clusters, the second with logins of `SHORT_S`, and the environment that trusts both."""
    short = ("--host", "127.0.0.1", "--no-postgres", "--allow-code-reuse")
    with running_demo() as first, running_demo(*short, "--session-ttl", str(SHORT_S)) as second:
        trusted = folder / "authorities.pem"
        files = [Path(demo.ready.ca_file) for demo in (first, second)]
        trusted.write_text("".join(file.read_text() for file in files))
        yield first, second, {"SSL_CERT_FILE": str(trusted), "SHELL": "/bin/sh", "PS1": "$ "}


def new_home(folder: Path) -> Path:
    """A state folder in which links have been offered, and nothing else has happened."""
    home = folder / "home"
    for name in ("config", "state"):
        (home / name).mkdir(parents=True, mode=0o700)
    home.chmod(0o700)
    (home / "state" / "app_state.json").write_text('{"version": 1, "are_links_offered": true}')
    return home

"""The demo's databases beside PostgreSQL: their own clients, a question and its answer."""

import shutil
from dataclasses import dataclass

import pytest

from tests.support.demo_process import Ready


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A database of the demo; what its client is told on standard input, and what it then says."""

    database: str
    client: str
    name: str
    question: str
    answer: str
    write: str
    write_refused: str
    unknown_user: str
    own_tls: str
    prompt: str
    protocol: str
    server: str

    @property
    def flags(self) -> list[str]:
        """The name, where the protocol has one."""
        return [f"--db-name={self.name}"] if self.name else []

    def is_there(self, demo: Ready) -> bool:
        """Whether this computer has the server and its client."""
        online = any(one.online for one in demo.databases if one.name == self.database)
        return online and shutil.which(self.client) is not None

    def needed(self, demo: Ready) -> None:
        """Skip the test where the server or its client is missing."""
        if not self.is_there(demo):
            pytest.skip(f"needs the server of {self.database}, and {self.client}")


MARIADB = Engine(
    database="stock",
    client="mariadb",
    name="shop",
    question="select concat(current_user(), ' ', database(), ' ', sum(pieces)) from stock;\n",
    answer="{user}@localhost shop 141",
    write="delete from stock;\n",
    write_refused="DELETE command denied to user 'reader'@'localhost'",
    unknown_user="ERROR 1045 (28000): access to db denied.",
    own_tls="mariadb --ssl-ca {ca} --ssl-cert {cert} --ssl-key {key} --ssl-verify-server-cert "
    "-N -h localhost -P {port} --protocol TCP -u alice shop",
    prompt=r"\[shop\]>\s*$",
    protocol="mysql",
    server="MariaDB",
)
REDIS = Engine(
    database="visits",
    client="redis-cli",
    name="",
    question="acl whoami\nhget visitor:1 name\n",
    answer="{user}\nAda",
    write="set greeting bye\n",
    write_refused="NOPERM this user has no permissions to run the 'set' command",
    unknown_user="ERR access to db denied.",
    own_tls="redis-cli -h localhost -p {port} --tls --cacert {ca} --cert {cert} --key {key}",
    prompt=r"localhost:\d+>\s*$",
    protocol="redis",
    server="Redis",
)
ENGINES = pytest.mark.parametrize(
    "engine", [MARIADB, REDIS], ids=lambda engine: str(engine.database)
)

"""The demo without a display: log in, list, open a shell, ask the database, all through `tsh`."""

import shlex
import shutil
import sys
import time

from teleterm.main import demo as demo_parts
from teleterm.main.demo import DemoFacts
from teleterm.main.tsh import Tsh
from teleterm.model import totp
from teleterm.osutil import dirs, procs

STEP_TIMEOUT_S = 60.0


def run(facts: DemoFacts, folders: dirs.Folders) -> int:
    """Do every step and show it; gives the first status that isn't 0."""
    sys.stdout.write(demo_parts.how_to(facts))
    tsh = Tsh(
        argv=tuple(procs.tsh_argv()),
        home=folders.tsh_home,
        is_bundled=True,
        ca_file=facts.ca_file,
    )
    status = _log_in(tsh, facts)
    for step in _steps(facts):
        status = status or _show(tsh, step)
    return status or query_database(tsh, facts)


def _steps(facts: DemoFacts) -> list[list[str]]:
    steps = [["status"], ["ls"]]
    for node in facts.nodes[:1]:
        steps.append(["ssh", f"{_login(node.logins)}@{node.hostname}", "hostname"])
    leaf = next((node for node in facts.nodes if facts.leaf and node.cluster == facts.leaf), None)
    if leaf:
        name = f"{_login(leaf.logins)}@{leaf.hostname}"
        steps.append(["ssh", f"--cluster={facts.leaf}", name, "hostname"])
    steps.append(["db", "ls"])
    return steps


def _login(logins: list[str]) -> str:
    return logins[0] if logins else "root"


def _log_in(tsh: Tsh, facts: DemoFacts) -> int:
    """`tsh login` on a pty, answering as a person would."""
    argv = tsh.command("login", f"--proxy={facts.proxy}", f"--user={facts.user}")
    _say(argv)
    code = totp.code_at(facts.totp_secret, time.time())
    done = procs.converse(
        argv,
        env=tsh.environment(),
        replies=[(r"(?i)password", facts.password), (r"(?i)code|otp|token", code)],
        timeout_s=STEP_TIMEOUT_S,
    )
    sys.stdout.write(done.out.decode("utf-8", "replace").replace("\r\n", "\n"))
    sys.stdout.flush()
    return done.status


def _show(tsh: Tsh, words: list[str]) -> int:
    argv = tsh.command(*words)
    _say(argv)
    done = procs.run(argv, env=tsh.environment(), timeout_s=STEP_TIMEOUT_S)
    sys.stdout.write((done.out + done.err).decode("utf-8", "replace"))
    sys.stdout.flush()
    return done.status


def query_database(tsh: Tsh, facts: DemoFacts) -> int:
    """`select 1` through `tsh db connect`, where the demo has a database and psql is there."""
    database = demo_parts.live_database(facts)
    if database is None or shutil.which("psql") is None:
        sys.stdout.write("\nNo database step: PostgreSQL or psql isn't installed here.\n")
        return 0
    user = f"--db-user={(database.users or [facts.user])[0]}"
    name = f"--db-name={(database.names or ['postgres'])[0]}"
    argv = tsh.command("db", "connect", user, name, database.name)
    _say(argv, " <<< 'select 1;'")
    done = procs.run(argv, env=tsh.environment(), timeout_s=STEP_TIMEOUT_S, given=b"select 1;\n")
    sys.stdout.write((done.out + done.err).decode("utf-8", "replace"))
    sys.stdout.flush()
    return done.status


def _say(argv: list[str], end: str = "") -> None:
    index = next((n for n, word in enumerate(argv) if word.endswith("teleterm.tsh")), 0)
    sys.stdout.write(f"\n$ tsh {shlex.join(argv[index + 1 :])}{end}\n")
    sys.stdout.flush()

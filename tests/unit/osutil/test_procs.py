import sys

import pytest

from teleterm.model.errors import ErrorCode, Unreachable
from teleterm.osutil import procs


def test_runs_a_program_with_its_input() -> None:
    done = procs.run(["cat"], timeout_s=5, given=b"hello")
    assert (done.status, done.out, done.err) == (0, b"hello", b"")


def test_names_a_program_that_is_missing() -> None:
    with pytest.raises(Unreachable, match="no such program") as caught:
        procs.spawn(["/nonexistent/psql"])
    assert caught.value.code is ErrorCode.CLIENT_MISSING


def test_kills_what_takes_too_long() -> None:
    with pytest.raises(Unreachable, match="did not end"):
        procs.run(["sleep", "60"], timeout_s=0.05)


def test_ends_a_child_that_ignores_the_request() -> None:
    script = "trap '' TERM; echo up; while :; do sleep 1; done"
    child = procs.spawn(["sh", "-c", script], stdout=procs.PIPE)
    assert procs.read_line(child, timeout_s=5) == b"up\n"
    assert procs.end(child, grace_s=0.05) < 0
    assert child.stdout is not None
    child.stdout.close()


def test_a_child_that_says_nothing_is_not_waited_for_forever() -> None:
    child = procs.spawn(["true"], stdout=procs.PIPE)
    with pytest.raises(Unreachable, match="ready"):
        procs.read_line(child, timeout_s=5)
    child.wait()
    assert child.stdout is not None
    child.stdout.close()


def test_answers_questions_on_a_terminal() -> None:
    script = 'read -p "Password: " a; read -p "Code: " b; test -t 0; echo "[$a $b $?]"; exit 3'
    done = procs.converse(
        ["bash", "-c", script],
        env={"PATH": "/usr/bin:/bin"},
        replies=[("Password", "one"), ("Code", "two")],
        timeout_s=10,
    )
    assert done.status == 3
    assert b"[one two 0]" in done.out


@pytest.mark.slow
def test_our_own_command_lines_start_this_python() -> None:
    done = procs.run([*procs.own_argv("--help")], timeout_s=30, cwd=procs.checkout_root())
    assert procs.own_argv()[0] == sys.executable
    assert done.out.startswith(b"usage: teleterm")

import asyncio

from teleterm.osutil.asking import answer_of


def test_what_a_program_says_and_that_it_may_be_absent_or_hang() -> None:
    done = asyncio.run(answer_of(["sh", "-c", "echo dark; exit 3"], timeout_s=20))
    assert done is not None
    assert (done.status, done.out) == (3, b"dark\n")
    assert asyncio.run(answer_of(["no-such-program-here"], timeout_s=20)) is None
    assert asyncio.run(answer_of(["sleep", "60"], timeout_s=0.05)) is None

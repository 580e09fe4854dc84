import contextlib
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teleterm.tsh.warm import request

HAS_WARM = sys.platform == "linux"
if not HAS_WARM:
    pytest.skip("commands are handed over on Linux only", allow_module_level=True)
assert sys.platform == "linux"

words = st.binary(max_size=20).map(lambda text: text.replace(b"\0", b""))
names = words.map(lambda text: text.replace(b"=", b"")).filter(bool)


@given(argv=st.lists(words, min_size=1), environ=st.dictionaries(names, words))
def test_what_is_sent_is_what_arrives(argv: list[bytes], environ: dict[bytes, bytes]) -> None:
    sent = request.Request(
        argv=argv,
        environ=environ,
        umask=0o27,
        streams=["utf-8", "strict", "ascii", ""],
        spaces="user:[1] net:[2]",
    )
    head, body = request.encode(sent)
    assert request.body_length(head) == len(body)
    found = request.decode(body)
    assert (found.argv, found.environ) == (argv, environ)
    assert (found.umask, found.streams, found.spaces) == (sent.umask, sent.streams, sent.spaces)


@given(st.binary())
def test_other_bytes_are_refused_or_read(body: bytes) -> None:
    with contextlib.suppress(request.Broken):
        assert request.decode(body).argv


@pytest.mark.parametrize("head", [b"", b"\0\0\0", b"\0\0\0\0", b"\xff\xff\xff\xff"])
def test_a_wrong_length_is_refused(head: bytes) -> None:
    with pytest.raises(request.Broken):
        request.body_length(head)


def test_an_answer_is_a_kind_and_a_number() -> None:
    assert request.pack_answer(request.END, -15) == b"E\xff\xff\xff\xf1"
    assert request.unpack_answer(b"E\xff\xff\xff\xf1") == (request.END, -15)
    with pytest.raises(request.Broken):
        request.unpack_answer(b"P\0")

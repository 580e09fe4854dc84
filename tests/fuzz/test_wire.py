"""Every decoder of `wire` raises its own error and nothing else, whatever comes in, in any split.

FUZZ_EXAMPLES is how many inputs each gets; a module that has no row here makes a test fail.
"""

import base64
import contextlib
import itertools
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from teleterm.model.errors import BadInput, PeerBroke, Refused
from teleterm.wire import (
    alpn,
    durations,
    fastpath,
    http1,
    known_hosts,
    ping_framing,
    rdp,
    recording_file,
    remotefx,
    resource_ids,
    resumption,
    scancodes,
    ssh_certificate,
    tls_identity,
    websocket,
    x509,
)
from teleterm.wire.tdp import codec, files

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))
WIRE = Path(alpn.__file__).parent
RECORDED = Path(__file__).parents[1] / "recorded"
ONLY_ENCODE = {"rdp_capabilities", "rdp_input"}
DEEP = ["[" * 3000, '{"a":' * 3000]  # deeper than a reader may follow
THOROUGH = settings(
    max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
Feed = Callable[[bytes], object]

SSH_KEY = b"\0\0\0\x20ssh-ed25519-cert-v01@openssh.com\0\0\0\x01n\0\0\0\x01k"
CERTIFICATE = bytes.fromhex(
    "3081a03058a003020102020101300506032b6570300c310a300806035504030c0161301e170d3330303130313030"
    "303030305a170d3331303130313030303030305a300c310a300806035504030c0162300a300506032b65700301"
    "00300506032b6570033d00"
)
WORDS = st.sampled_from(
    [" ", ",", "/", ".", "-", "a", "0", "9", "h", "µs", "@cert-authority", "²", "٣", "\ud800",
     "teleport-mysql-", "teleport-auth@", ".teleport.cluster.local", "=", "ssh-rsa", *DEEP, '"',
     "]", "null", "[1]", '["/a/node/b"]', "9" * 400 + "h"]
)  # fmt: skip
TEXTS = st.lists(WORDS | st.text(max_size=8), max_size=8).map("".join)


def each(decode: Callable[[bytes], Iterable[object]]) -> Feed:
    """A decoder that gives what it finds one after the other."""
    return lambda data: list(decode(data))


def sequence() -> Feed:
    """RDP's first words, which a client answers."""
    wishes = rdp.Wishes(width=64, height=64, layout=0, user="u", password="p")
    return rdp.Sequence(wishes, lambda data: None).feed


def link() -> Feed:
    """A connection that was taken up again and has sent something."""
    made = resumption.Link()
    made.write(b"word")
    made.outgoing()
    return each(made.feed)


def desktop_messages() -> Feed:
    """What the desktop protocol sends, down to single messages."""
    splitter = codec.Splitter(files.ALL, lambda size: None)
    return lambda data: [codec.decode(one, files.ALL) for one in splitter.feed(data)]


# What each takes: how a message may begin, the decoder (new for each input), what it may raise.
BYTES: dict[str, tuple[tuple[bytes, ...], Callable[[], Feed], tuple[type[Exception], ...]]] = {
    "fastpath": ((b"\0\x80",), lambda: fastpath.Reassembler().feed, (PeerBroke,)),
    "fastpath.surface": (
        (b"\1\0", b"\4\0\0\0"), lambda: each(fastpath.surface_commands), (PeerBroke,)
    ),
    "fastpath.bitmaps": ((b"\1\0\1\0",), lambda: each(fastpath.bitmaps), (PeerBroke,)),
    "http1": (
        (b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
         b"HTTP/1.1 100 go on\r\n\r\nHTTP/1.1 "),
        lambda: http1.AnswerReader().feed,
        (http1.NotHttp,),
    ),
    "ping_framing": ((b"\0\0\0\2",), lambda: ping_framing.Decoder().feed, ()),
    "rdp": (
        (bytes.fromhex("030000130ed000001234000201080000000000"), b"\3\0\0\5"),
        sequence,
        (PeerBroke,),
    ),
    "recording_file": (
        (b"\0\0\0\0\0\0\0\1", (RECORDED / "session.tar").read_bytes()[:200]),
        lambda: each(recording_file.Decoder().feed),
        (BadInput, Refused),
    ),
    "remotefx": (
        (b"\xc0\xcc\x0c\0\0\0", b"\xc6\xcc\x14\0\0\0"),
        lambda: lambda data: remotefx.check(data, 0, 0, 64, 64),
        (PeerBroke,),
    ),
    "resumption": ((b"\0", b"\x80\x80\x80"), link, (PeerBroke,)),
    "resumption.offer": (
        (b"SSH-2.0-Teleport resume-v1 ",), lambda: resumption.decode_offer, ()
    ),
    "ssh_certificate": ((SSH_KEY,), lambda: ssh_certificate.parse, (PeerBroke,)),
    "tdp/codec": ((b"\1\0\0", b"\x1b\0\0\0\2", b"\x1d"), desktop_messages, (PeerBroke,)),
    "websocket": ((b"\x82\xff\0\0", b"\x81\xfe"), lambda: websocket.Decoder().feed, (PeerBroke,)),
    "x509": ((CERTIFICATE,), lambda: x509.parse, (PeerBroke,)),
    "x509.pem": (
        (x509.pem("CERTIFICATE", CERTIFICATE), b"-----BEGIN CERTIFICATE-----\n"),
        lambda: x509.parse_pem,
        (PeerBroke,),
    ),
}  # fmt: skip
TAKE_ALL_AT_ONCE = {"remotefx", "resumption.offer", "ssh_certificate", "x509", "x509.pem"}
TEXT: dict[str, tuple[Callable[[str], object], tuple[type[Exception], ...]]] = {
    "alpn.decode_cluster": (alpn.decode_cluster, ()),
    "alpn.auth_cluster": (alpn.auth_cluster, ()),
    "alpn.mysql_version": (alpn.mysql_version, ()),
    "alpn.kube_server_name": (alpn.kube_server_name, ()),
    "durations": (durations.decode_ns, (ValueError,)),
    "known_hosts": (known_hosts.decode, ()),
    "known_hosts.is_superseded": (
        lambda text: known_hosts.is_superseded(
            text, [known_hosts.AuthorityLine(proxy_host="", cluster="a", key="ssh-rsa a")]
        ),
        (),
    ),
    "resource_ids": (resource_ids.decode, (BadInput,)),
    "resource_ids.parse": (resource_ids.parse, (BadInput,)),
    "ssh_certificate.line": (ssh_certificate.parse_line, (PeerBroke,)),
    "tls_identity": (lambda text: tls_identity.decode([("2.5.4.17", text), (text, text)]), ()),
    "tls_identity.traits": (tls_identity.decode_traits, ()),
}


@pytest.mark.parametrize("name", BYTES)
@THOROUGH
@given(data=st.data())
def test_any_bytes(name: str, data: st.DataObject) -> None:
    starts, make, errors = BYTES[name]
    start = bytearray(data.draw(st.sampled_from([b"", *starts])))
    if start and data.draw(st.booleans()):  # a byte of it is another
        start[data.draw(st.integers(0, len(start) - 1))] = data.draw(st.integers(0, 255))
    whole = bytes(start) + data.draw(st.binary(max_size=120))
    feed = make()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=4)))
    edges = [0, *([] if name in TAKE_ALL_AT_ONCE else cuts), len(whole)]
    with contextlib.suppress(*errors):
        for begin, end in itertools.pairwise(edges):
            feed(whole[begin:end])


@pytest.mark.parametrize("name", TEXT)
@THOROUGH
@given(text=TEXTS)
def test_any_text(name: str, text: str) -> None:
    decode, errors = TEXT[name]
    with contextlib.suppress(*errors):
        decode(text)


@THOROUGH
@given(text=TEXTS)
def test_extensions_of_a_certificate(text: str) -> None:
    """They are read when somebody asks for them."""
    found = ssh_certificate.SshCertificate(
        key_type="", nonce=b"", public_key=b"", serial=0, key_id="",
        kind=ssh_certificate.CertificateType.USER, principals=(), valid_after_s=0,
        valid_before_s=1 << 63, critical_options={}, signature_key=b"",
        extensions={
            ssh_certificate.ROLES: text, ssh_certificate.TRAITS: text,
            ssh_certificate.ACTIVE_REQUESTS: text,
        },
    )  # fmt: skip
    assert (found.logins, found.valid_before.year) == ((), 9999)
    assert all(
        isinstance(one, str) for one in (*found.roles, *found.active_requests, *found.traits)
    )


@given(code=st.integers(-(1 << 40), 1 << 40))
def test_any_key(code: int) -> None:
    assert 0 <= scancodes.of_x_key(code) <= 0xFFFF


@given(st.binary(max_size=40))
def test_base64_that_is_a_certificate_in_a_line(data: bytes) -> None:
    line = f"ssh-rsa {base64.b64encode(SSH_KEY + data).decode()}"
    with pytest.raises(PeerBroke):
        ssh_certificate.parse_line(line)


def test_no_module_is_left_out() -> None:
    modules = {
        str(path.relative_to(WIRE).with_suffix(""))
        for path in WIRE.rglob("*.py")
        if path.name != "__init__.py"
    }
    tried = {name.partition(".")[0] for name in (*BYTES, *TEXT)}
    parts_of_codec = {"tdp/files", "tdp/messages"}
    assert modules == tried | ONLY_ENCODE | parts_of_codec | {"scancodes"}

"""The ClientHello reader against hellos that Python's own TLS client writes."""

import ssl

import pytest

from teleterm.demo.clienthello import ClientHello, NotAClientHello, read_client_hello


def client_hello(server_name: str, protocols: list[str]) -> bytes:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context()
    if protocols:
        context.set_alpn_protocols(protocols)
    tls = context.wrap_bio(incoming, outgoing, server_hostname=server_name)
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    return outgoing.read()


@pytest.mark.parametrize("protocols", [[], ["h2"], ["teleport-auth@6162.x", "h2"]])
def test_reads_name_and_protocols_in_order(protocols: list[str]) -> None:
    found = read_client_hello(client_hello("demo.example.com", protocols))
    assert found == ClientHello(server_name="demo.example.com", protocols=tuple(protocols))


def test_asks_for_more_until_the_hello_is_whole() -> None:
    data = client_hello("demo.example.com", ["h2"])
    for end in range(len(data)):
        assert read_client_hello(data[:end]) is None
    assert read_client_hello(data + b"what follows") is not None


def test_joins_a_hello_that_is_cut_into_records() -> None:
    data = client_hello("demo.example.com", ["h2"])
    body = data[5:]
    records = [body[at : at + 40] for at in range(0, len(body), 40)]
    cut = b"".join(data[:3] + len(part).to_bytes(2) + part for part in records)
    assert read_client_hello(cut) == read_client_hello(data)


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n",
        b"SSH-2.0-x\r\n",
        b"\x16\x03\x01\x00\x05\x02\x00\x00\x01\x00",  # a ServerHello
        b"\x16\x03\x01\x00\x05\x01\xff\xff\xff\x00",  # far too long
        b"\x16\x03\x01\x00\x06\x01\x00\x00\x02\x03\x03",  # cut short inside
    ],
)
def test_refuses_what_is_none(data: bytes) -> None:
    with pytest.raises(NotAClientHello):
        read_client_hello(data)

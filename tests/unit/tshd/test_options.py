"""Reading what the daemon was asked for."""

from dataclasses import replace
from pathlib import Path

import pytest

from teleterm.model.errors import BadInput
from teleterm.tshd.options import DaemonOptions, ListenAddress, parse_address

GIVEN = DaemonOptions(
    addr="unix:///run/x/tsh.sock",
    certs_dir="/c",
    kubeconfigs_dir="/k",
    agents_dir="/a",
    installation_id="i",
    home=Path("/h"),
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("unix:///run/x/tsh.sock", ListenAddress(network="unix", path="/run/x/tsh.sock")),
        (
            "tcp://localhost:0",
            ListenAddress(network="tcp", host="localhost", port=0, is_tls=True),
        ),
        ("tcp://[::1]:80", ListenAddress(network="tcp", host="::1", port=80, is_tls=True)),
        ("localhost:80", ListenAddress(network="tcp", host="localhost", port=80, is_tls=False)),
    ],
)
def test_addresses(text: str, wanted: ListenAddress) -> None:
    assert parse_address(text) == wanted


@pytest.mark.parametrize(
    "text", ["udp://localhost:1", "unix://relative", "tcp://localhost", "tcp://x:70000", "x"]
)
def test_other_addresses_are_refused_by_name(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_address(text)
    assert caught.value.value == text


@pytest.mark.parametrize(
    "lacking",
    [
        replace(GIVEN, addr=""),
        replace(GIVEN, certs_dir=""),
        replace(GIVEN, kubeconfigs_dir=""),
        replace(GIVEN, agents_dir=""),
        replace(GIVEN, installation_id=""),
    ],
)
def test_what_is_needed_must_be_there(lacking: DaemonOptions) -> None:
    GIVEN.check()
    with pytest.raises(BadInput, match="missing"):
        lacking.check()

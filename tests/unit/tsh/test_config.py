"""The settings for OpenSSH, and the names that come back from it."""

import pytest

from teleterm.tsh.commands import config, proxy_ssh

SETTINGS = config.Settings(
    proxy="proxy.example.com:443",
    known_hosts="/home/ann/.tsh/known_hosts",
    key="/home/ann/.tsh/keys/proxy.example.com/ann",
    certificate="/home/ann/.tsh/keys/proxy.example.com/ann-ssh/root-cert.pub",
    login="",
    port=3022,
    program='"/usr/bin/tsh"',
)


def test_each_cluster_has_two_stanzas() -> None:
    lines = config.draw(SETTINGS, ["root", "leaf"]).splitlines()
    hosts = [line for line in lines if line.startswith("Host ")]
    assert hosts == [
        "Host *.root proxy.example.com",
        "Host *.root !proxy.example.com",
        "Host *.leaf proxy.example.com",
        "Host *.leaf !proxy.example.com",
    ]
    command = '    ProxyCommand "/usr/bin/tsh" proxy ssh --cluster=leaf '
    assert command + "--proxy=proxy.example.com:443 %r@%h:%p" in lines
    assert not any("User " in line for line in lines)


@pytest.mark.parametrize(
    ("argv0", "expected"),
    [
        ("/usr/bin/tsh", '"/usr/bin/tsh"'),
        ("/lib/teleterm/tsh/__main__.py", '"/usr/bin/python3" -m teleterm.tsh'),
    ],
)
def test_how_this_program_is_started_again(argv0: str, expected: str) -> None:
    assert config.program(argv0, "/usr/bin/python3") == expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("node", "node"),
        ("node.root", "node"),
        ("node.proxy.example.com", "node"),
        ("a.node.root", "a.node"),
        ("root", "root"),
        (".root", ".root"),
        ("node.other", "node.other"),
    ],
)
def test_suffixes_of_openssh_names(host: str, expected: str) -> None:
    assert proxy_ssh.bare(host, ("proxy.example.com", "root")) == expected


def test_the_longest_suffix_comes_off() -> None:
    assert proxy_ssh.bare("node.demo.localhost", ("localhost", "demo.localhost")) == "node"

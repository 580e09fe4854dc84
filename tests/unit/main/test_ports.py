import socket

import pytest

from teleterm.main import ports
from teleterm.model.errors import ErrorCode, Unreachable


def test_no_range_means_any_port() -> None:
    assert ports.first_free("") == 0


def test_a_taken_port_is_passed_over() -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        assert not ports.is_free(port)
        assert ports.first_free(f"{port}-{port + 50}") > port
        with pytest.raises(Unreachable, match="is in use") as caught:
            ports.first_free(f"{port}-{port}")
    assert caught.value.code is ErrorCode.PORT_IN_USE

"""The login page's settings."""

import pytest

from teleterm.model.errors import PeerBroke
from teleterm.tshd.services import web_config

SCRIPT = (
    'var GRV_CONFIG = {"auth":{"localAuthEnabled":true,"allowPasswordless":true,"authType":"local",'
    '"localConnectorName":"passwordless","providers":[{"type":"github","name":"gh",'
    '"displayName":"GitHub"}]},"ui":{"showResources":"accessible_only"}};'
)


def test_a_script_is_read() -> None:
    config = web_config.parse(SCRIPT)
    assert config.is_local_enabled
    assert config.is_passwordless_allowed
    assert (config.auth_type, config.local_connector_name) == ("local", "passwordless")
    assert [one.display_name for one in config.providers] == ["GitHub"]
    assert config.show_resources == "accessible_only"


@pytest.mark.parametrize("text", ["{}", "var GRV_CONFIG = [];", 'var GRV_CONFIG = {"auth":3};'])
def test_what_is_missing_is_empty(text: str) -> None:
    assert web_config.parse(text) == web_config.WebConfig()


def test_another_page_is_refused() -> None:
    with pytest.raises(PeerBroke):
        web_config.parse("<html>")

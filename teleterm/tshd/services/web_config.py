"""What `/web/config.js` of a proxy says that its ping does not.

Source: cluster-login.md 1.
"""

import json
from dataclasses import dataclass

from teleterm.client.net import NetOptions
from teleterm.client.webapi import WebApi
from teleterm.model.errors import PeerBroke

_PREFIX = "var GRV_CONFIG ="


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A connector one may log in with."""

    type: str
    name: str
    display_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebConfig:
    """The settings of the login page and of the resources' page."""

    is_local_enabled: bool = False
    auth_type: str = ""
    is_passwordless_allowed: bool = False
    local_connector_name: str = ""
    providers: tuple[Provider, ...] = ()
    show_resources: str = ""


async def fetch(web_addr: str, options: NetOptions) -> WebConfig:
    """Ask a proxy; no login is needed.

    Raises: Unreachable, Refused (untrusted), PeerBroke.
    """
    async with WebApi(web_addr, options) as web:
        return parse(await web.get_text("/web/config.js"))


def parse(text: str) -> WebConfig:
    """Read the script.

    Raises: PeerBroke when it isn't the JSON of such a script.
    """
    body = text.strip().removeprefix(_PREFIX).strip().rstrip(";")
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise PeerBroke("The proxy's settings can't be read.", details=str(error)) from error
    config = _object(found)
    auth = _object(config.get("auth"))
    providers = auth.get("providers")
    return WebConfig(
        is_local_enabled=auth.get("localAuthEnabled") is True,
        auth_type=_text(auth, "authType"),
        is_passwordless_allowed=auth.get("allowPasswordless") is True,
        local_connector_name=_text(auth, "localConnectorName"),
        providers=tuple(
            Provider(
                type=_text(_object(one), "type"),
                name=_text(_object(one), "name"),
                display_name=_text(_object(one), "displayName"),
            )
            for one in (providers if isinstance(providers, list) else [])
        ),
        show_resources=_text(_object(config.get("ui")), "showResources"),
    )


def _object(value: object) -> dict[str, object]:
    return {str(key): item for key, item in value.items()} if isinstance(value, dict) else {}


def _text(values: dict[str, object], key: str) -> str:
    value = values.get(key)
    return value if isinstance(value, str) else ""

"""Files to and from servers: what the window asks, what main tells meanwhile."""

from msgspec import Struct


class TransferFile(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Copy a file; answered when it is there, stopped by CancelAsk.

    Shape: `key` is the window's name for it; an empty `remote_path` is the home folder.
    """

    key: str
    server_uri: str
    login: str
    is_upload: bool
    local_path: str
    remote_path: str


class TransferMoved(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """How far a transfer is."""

    key: str
    percent: int

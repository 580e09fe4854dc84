"""The options of `tsh ssh -o`: a part of OpenSSH's, the others are accepted or refused by name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from teleterm.model.errors import BadInput

_YES_NO = ("yes", "no")
_CHOICES = {
    "AddKeysToAgent": _YES_NO,
    "ForwardAgent": ("yes", "no", "local"),
    "ForwardX11": _YES_NO,
    "ForwardX11Trusted": _YES_NO,
    "RequestTTY": _YES_NO,
    "StrictHostKeyChecking": _YES_NO,
}
_FREE = ("ForwardX11Timeout", "SendEnv")
# Known to OpenSSH, without effect here: a warning, as with the official program.
_IGNORED = frozenset(
    """AddressFamily BatchMode BindAddress CanonicalDomains CanonicalizeFallbackLocal
    CanonicalizeHostname CanonicalizeMaxDots CanonicalizePermittedCNAMEs CertificateFile
    ChallengeResponseAuthentication CheckHostIP Cipher Ciphers ClearAllForwardings Compression
    CompressionLevel ConnectionAttempts ConnectTimeout ControlMaster ControlPath ControlPersist
    DynamicForward EscapeChar ExitOnForwardFailure FingerprintHash GatewayPorts
    GlobalKnownHostsFile GSSAPIAuthentication GSSAPIDelegateCredentials HashKnownHosts Host
    HostbasedAuthentication HostbasedKeyTypes HostKeyAlgorithms HostKeyAlias HostName IdentityFile
    IdentitiesOnly IPQoS KbdInteractiveAuthentication KbdInteractiveDevices KexAlgorithms
    LocalCommand LocalForward LogLevel MACs Match NoHostAuthenticationForLocalhost
    NumberOfPasswordPrompts PasswordAuthentication PermitLocalCommand PKCS11Provider Port
    PreferredAuthentications Protocol ProxyCommand ProxyUseFdpass PubkeyAcceptedKeyTypes
    PubkeyAuthentication RekeyLimit RemoteForward RhostsRSAAuthentication RSAAuthentication
    ServerAliveInterval ServerAliveCountMax StreamLocalBindMask StreamLocalBindUnlink TCPKeepAlive
    Tunnel TunnelDevice UpdateHostKeys UsePrivilegedPort User UserKnownHostsFile VerifyHostKeyDNS
    VisualHostKey XAuthLocation""".split()  # noqa: SIM905  # a hundred quotes would hide the names
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SshOptions:
    """What the options ask for, and a warning for each that does nothing."""

    forward_agent: str = "no"
    request_tty: bool = False
    forward_x11: bool = False
    trusts_x11: bool = False
    x11_timeout: str = ""
    send_env: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default=())


def parse(texts: Sequence[str]) -> SshOptions:
    """Read `Key=value` or `Key value`.

    Raises: BadInput for unknown keys and wrong values.
    """
    values: dict[str, str] = {}
    warnings: list[str] = []
    for text in texts:
        parts = [part for part in re.split(r"[=\s]+", text) if part]
        if len(parts) != 2:
            raise BadInput("invalid format for option", field="option", value=text)
        key, value = parts
        if key in _IGNORED:
            warnings.append(f"WARNING: Option '{key}' is not supported.")
        elif key in _CHOICES or key in _FREE:
            values[key] = _checked(key, value)
        else:
            raise BadInput(f"unsupported option key: {key}", field="option", value=key)
    return SshOptions(
        forward_agent=values.get("ForwardAgent", "no"),
        request_tty=values.get("RequestTTY") == "yes",
        forward_x11="yes" in (values.get("ForwardX11"), values.get("ForwardX11Trusted")),
        trusts_x11=values.get("ForwardX11Trusted") == "yes",
        x11_timeout=values.get("ForwardX11Timeout", ""),
        send_env=tuple(name for name in values.get("SendEnv", "").split(",") if name),
        warnings=tuple(warnings),
    )


def _checked(key: str, value: str) -> str:
    choices = _CHOICES.get(key)
    if choices is None or value in choices:
        return value
    listed = ", ".join(choices)
    why = f"invalid choice: {value!r}, supported are: {listed}"
    if key == "ForwardAgent":
        why = f'invalid agent forwarding mode: "{value}", supported are: {listed}'
    raise BadInput(f'unsupported option value "{value}": {why}', field=key, value=value)

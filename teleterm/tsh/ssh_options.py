"""The options of `tsh ssh -o`: a part of OpenSSH's, the others are accepted or refused by name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from teleterm.model.errors import BadInput

_YES_NO = ("yes", "no")
_ONLY_YES = ("yes",)
_AGENTS = ("yes", "no", "local")
_CHOICES = {
    "AddKeysToAgent": _ONLY_YES,
    "ForwardAgent": _AGENTS,
    "ForwardX11": _ONLY_YES,
    "ForwardX11Trusted": _YES_NO,
    "RequestTTY": _YES_NO,
    "StrictHostKeyChecking": _YES_NO,
}
_FREE = ("ForwardX11Timeout",)
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
    checks_host: bool = True
    warnings: tuple[str, ...] = field(default=())


def parse(texts: Sequence[str]) -> SshOptions:
    """Read `Key=value` or `Key value`.

    Raises: BadInput for unknown keys and wrong values.
    """
    values: dict[str, str] = {}
    names: list[str] = []
    warnings: list[str] = []
    for text in texts:
        parts = [part for part in re.split(r"[= ]+", text) if part]
        if len(parts) != 2:
            raise BadInput("invalid format for option", field="option", value=text)
        key, value = parts
        if key in _IGNORED:
            warnings.append(f"WARNING: Option '{key}' is not supported.")
        elif key == "SendEnv":
            names += [name for name in value.split(",") if name]
        elif key in _CHOICES or key in _FREE:
            values[key] = _checked(key, value)
        else:
            raise BadInput(f"unsupported option key: {key}", field="option", value=key)
    wants_x11 = values.get("ForwardX11") == "yes"
    return SshOptions(
        forward_agent=values.get("ForwardAgent", "no"),
        request_tty=values.get("RequestTTY") == "yes",
        forward_x11=wants_x11,
        trusts_x11=values.get("ForwardX11Trusted", "yes" if wants_x11 else "no") == "yes",
        x11_timeout=values.get("ForwardX11Timeout", ""),
        send_env=tuple(names),
        checks_host=values.get("StrictHostKeyChecking") != "no",
        warnings=tuple(warnings),
    )


def _checked(key: str, value: str) -> str:
    choices = _CHOICES.get(key)
    if key == "ForwardX11Timeout" and not (value.isascii() and value.isdigit()):
        why = f'strconv.ParseUint: parsing "{value}": invalid syntax'
    elif choices is None or value in choices:
        return value
    elif choices is _AGENTS:
        listed = ", ".join(_AGENTS)
        if value.lower() in _AGENTS:
            return value.lower()
        why = f'invalid agent forwarding mode: "{value}", supported are: {listed}'
    elif choices is _ONLY_YES:
        why = f"invalid true-only bool option value: {value}"
    else:
        why = f"invalid bool option value: {value}"
    raise BadInput(f'unsupported option value "{value}": {why}', field=key, value=value)

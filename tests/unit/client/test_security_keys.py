"""Security keys, with keys in software that speak CTAP2 in the place of real ones."""

import asyncio
import functools
import hashlib
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import ParamSpec

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.webauthn import AttestationObject, AuthenticatorData

from teleterm.client.fido import UNREGISTERED, DeviceKey
from teleterm.client.prompts import (
    RegistrationChallenge,
    WebauthnChallenge,
    WebauthnDescriptor,
)
from teleterm.client.security_keys import SecurityKeys
from teleterm.model.errors import ErrorCode, Refused
from teleterm.model.secret import Secret
from tests.support.software_device import SoftwareDevice, Touch

P = ParamSpec("P")
ORIGIN = "https://proxy.example.com:3080"
RP = "proxy.example.com"


def in_loop(test: Callable[P, Coroutine[object, object, None]]) -> Callable[P, None]:
    """Run a test in an event loop of its own."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


class Talk:
    """Somebody who knows the PIN, and remembers what happened."""

    def __init__(self, pin: str = "1234", choice: int = 0) -> None:
        self.said: list[str] = []
        self._pin, self._choice = pin, choice
        self.asked = asyncio.Event()

    async def touch(self) -> None:
        self.said.append("touch")
        self.asked.set()

    async def touched(self) -> None:
        self.said.append("touched")

    async def pin(self) -> Secret[str]:
        self.said.append("pin")
        return Secret(self._pin)

    async def choose(self, users: Sequence[str]) -> int:
        self.said.append(",".join(users))
        return self._choice


def keys_of(*devices: SoftwareDevice, wait_s: float = 10.0) -> SecurityKeys:
    return SecurityKeys(lambda: [DeviceKey(device) for device in devices], wait_s=wait_s)


def make(
    user: str = "alice", *, is_resident: bool = False, **more: object
) -> RegistrationChallenge:
    return RegistrationChallenge(
        challenge=b"c" * 32,
        rp_id=RP,
        rp_name="Teleport",
        origin=ORIGIN,
        user_id=user.encode(),
        user_name=user,
        is_resident=is_resident,
        exclude=tuple(WebauthnDescriptor(type="public-key", ident=one) for one in _idents(more)),
    )


def _idents(more: dict[str, object]) -> list[bytes]:
    found = more.get("exclude")
    return [found] if isinstance(found, bytes) else []


def ask(*idents: bytes, verification: str = "discouraged", rp_id: str = RP) -> WebauthnChallenge:
    return WebauthnChallenge(
        challenge=b"d" * 32,
        rp_id=rp_id,
        origin=ORIGIN,
        allow=tuple(WebauthnDescriptor(type="public-key", ident=one) for one in idents),
        user_verification=verification,
    )


def check(public: Mapping[int, object], message: bytes, signature: bytes) -> None:
    """Verify a signature by a COSE key."""
    x, y = public[-2], public[-3]
    assert isinstance(x, bytes)
    assert isinstance(y, bytes)
    numbers = ec.EllipticCurvePublicNumbers(
        int.from_bytes(x, "big"), int.from_bytes(y, "big"), ec.SECP256R1()
    )
    numbers.public_key().verify(signature, message, ec.ECDSA(hashes.SHA256()))


@in_loop
async def test_registers_and_signs(tmp_path: Path) -> None:
    talk, keys = Talk(), keys_of(SoftwareDevice(tmp_path / "key"))
    made = await keys.register(make(), talk)
    signed = await keys.sign(ask(made.credential_id), talk)
    data = AttestationObject(made.attestation_object).auth_data.credential_data
    assert data is not None
    message = signed.authenticator_data + hashlib.sha256(signed.client_data_json).digest()
    check(data.public_key, message, signed.signature)
    assert b'"origin":"https://proxy.example.com:3080"' in signed.client_data_json
    assert talk.said == ["touch", "touched", "touch", "touched"]
    assert not AuthenticatorData(signed.authenticator_data).is_user_verified()


@in_loop
async def test_without_password_the_key_names_the_user(tmp_path: Path) -> None:
    device = SoftwareDevice(tmp_path / "key", pin="1234")
    keys = keys_of(device)
    for user in ("alice", "bob"):
        await keys.register(make(user, is_resident=True), Talk())
    talk = Talk(choice=1)
    signed = await keys.sign(ask(verification="required"), talk)
    assert signed.user_handle == b"bob"
    assert AuthenticatorData(signed.authenticator_data).is_user_verified()
    assert talk.said == ["pin", "touch", "touched", "alice,bob"]


@in_loop
async def test_wrong_pin(tmp_path: Path) -> None:
    keys = keys_of(SoftwareDevice(tmp_path / "key", pin="1234"))
    await keys.register(make(is_resident=True), Talk())
    with pytest.raises(Refused, match="PIN of the security key is wrong") as caught:
        await keys.sign(ask(verification="required"), Talk(pin="4321"))
    assert caught.value.code is ErrorCode.MFA_REFUSED


@in_loop
async def test_key_without_pin_cannot_log_in_without_password(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="has no PIN"):
        await keys_of(SoftwareDevice(tmp_path / "key")).register(make(is_resident=True), Talk())


@in_loop
async def test_unregistered_key(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=UNREGISTERED[:40]):
        await keys_of(SoftwareDevice(tmp_path / "key")).sign(ask(b"x" * 32), Talk())


@in_loop
async def test_registered_already(tmp_path: Path) -> None:
    keys = keys_of(SoftwareDevice(tmp_path / "key"))
    made = await keys.register(make(), Talk())
    with pytest.raises(Refused, match="registered already"):
        await keys.register(make(exclude=made.credential_id), Talk())


@in_loop
async def test_another_site_is_not_signed_for(tmp_path: Path) -> None:
    keys = keys_of(SoftwareDevice(tmp_path / "key"))
    with pytest.raises(Refused, match="refused"):
        await keys.sign(ask(b"x" * 32, rp_id="bank.example"), Talk())


def until_cancelled(event: threading.Event) -> bool:
    event.wait(10)
    return False


@pytest.mark.parametrize("first", [0, 1])
@in_loop
async def test_the_touched_key_of_two_answers(tmp_path: Path, first: int) -> None:
    path = tmp_path / "key"
    made = await keys_of(SoftwareDevice(path)).register(make(), Talk())
    touches: list[Touch | None] = [None, until_cancelled]
    devices = [SoftwareDevice(path, touch=touches[at ^ first]) for at in range(2)]
    signed = await keys_of(*devices).sign(ask(made.credential_id), Talk())
    assert signed.credential_id == made.credential_id


@in_loop
async def test_nobody_touches(tmp_path: Path) -> None:
    device = SoftwareDevice(tmp_path / "key", touch=until_cancelled)
    with pytest.raises(Refused, match="in time"):
        await keys_of(device, wait_s=0.01).sign(ask(b"x"), Talk())


@in_loop
async def test_giving_up_frees_the_key(tmp_path: Path) -> None:
    freed = threading.Event()

    def wait(event: threading.Event) -> bool:
        event.wait(10)
        freed.set()
        return False

    talk = Talk()
    waiting = asyncio.ensure_future(
        keys_of(SoftwareDevice(tmp_path / "key", touch=wait)).sign(ask(b"x"), talk)
    )
    await talk.asked.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert freed.wait(10)

"""A security key in software that speaks CTAP2, in the place of one on USB.

It keeps its credentials in a file, so that several processes use the same key one after another,
and is touched at once unless told otherwise. With a PIN it also logs in without password.
"""

import hashlib
import hmac
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

import msgspec
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from fido2 import cbor
from fido2.ctap import STATUS, CtapDevice, CtapError
from fido2.hid import CAPABILITY

PRESENT, VERIFIED, HAS_CREDENTIAL = 0x01, 0x04, 0x40
MAKE, GET, INFO, PIN, NEXT, SELECT = 0x01, 0x02, 0x04, 0x06, 0x08, 0x0B
PIN_RETRIES, KEY_AGREEMENT, TOKEN_WITH_PIN, TOKEN_WITH_RIGHTS = 1, 2, 5, 9
Touch = Callable[[threading.Event], bool]


class Credential(msgspec.Struct):
    """One credential; `user` is empty for one that is no login without password."""

    ident: bytes
    rp_id: str
    private_pem: bytes
    user_id: bytes = b""
    user_name: str = ""
    is_resident: bool = False

    @property
    def key(self) -> ec.EllipticCurvePrivateKey:
        """The private key."""
        loaded = serialization.load_pem_private_key(self.private_pem, None)
        assert isinstance(loaded, ec.EllipticCurvePrivateKey)
        return loaded


class Memory(msgspec.Struct):
    """What the key remembers."""

    credentials: list[Credential] = []
    count: int = 0
    retries: int = 8


Message = Mapping[object, object]


class _Command(Protocol):
    def __call__(self, asked: Message, event: threading.Event) -> Message | None: ...


class SoftwareDevice(CtapDevice):
    """A key whose memory is the file at `path`; `touch` waits for its owner's finger."""

    def __init__(self, path: Path, *, pin: str = "", touch: Touch | None = None) -> None:
        self._path = path
        self._pin = pin
        self._touch: Touch = touch or (lambda event: True)
        self._agreement = ec.generate_private_key(ec.SECP256R1())
        self._token = os.urandom(32)
        self._pending: list[Message] = []
        self._keepalive: Callable[[STATUS], None] | None = None

    @property
    def capabilities(self) -> int:
        return int(CAPABILITY.CBOR)

    @classmethod
    def list_devices(cls) -> Iterator[CtapDevice]:
        return iter(())

    def call(
        self,
        cmd: int,
        data: bytes = b"",
        event: threading.Event | None = None,
        on_keepalive: Callable[[STATUS], None] | None = None,
    ) -> bytes:
        self._keepalive = on_keepalive
        commands: dict[int, _Command] = {
            MAKE: self._make,
            GET: self._get,
            INFO: self._info,
            PIN: self._client_pin,
            NEXT: self._next,
            SELECT: self._select,
        }
        asked = _table(cbor.decode(data[1:])) if len(data) > 1 else {}
        try:
            answer = commands[data[0]](asked, event or threading.Event())
        except KeyError:
            return bytes([CtapError.ERR.INVALID_COMMAND])
        except CtapError as error:
            return bytes([int(error.code)])
        return b"\0" + (cbor.encode(answer) if answer is not None else b"")

    # ---- commands ----

    def _info(self, asked: Message, event: threading.Event) -> Message | None:
        options = {"rk": True, "up": True, "plat": False, "pinUvAuthToken": True}
        options["clientPin"] = bool(self._pin)
        return {
            1: ["FIDO_2_0", "FIDO_2_1"],
            3: bytes(16),
            4: options,
            5: 1200,
            6: [2],
            10: [{"type": "public-key", "alg": -7}],
        }

    def _select(self, asked: Message, event: threading.Event) -> Message | None:
        self._wait_for_touch(event)
        return None

    def _make(self, asked: Message, event: threading.Event) -> Message | None:
        rp, user, options = _table(asked[2]), _table(asked[3]), _table(asked.get(7))
        verified = self._verify(_bytes(asked[1]), asked.get(8))
        self._wait_for_touch(event)
        memory = self._load()
        excluded = {_bytes(_table(one)["id"]) for one in _list(asked.get(5))}
        if any(one.ident in excluded for one in memory.credentials):
            raise CtapError(CtapError.ERR.CREDENTIAL_EXCLUDED)
        private = ec.generate_private_key(ec.SECP256R1())
        made = Credential(
            ident=os.urandom(32),
            rp_id=str(rp["id"]),
            private_pem=private.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
            user_id=_bytes(user["id"]),
            user_name=str(user.get("name", "")),
            is_resident=options.get("rk") is True,
        )
        memory.credentials.append(made)
        data = self._data(memory, made, HAS_CREDENTIAL | (VERIFIED if verified else 0))
        self._save(memory)
        numbers = private.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        public = {1: 2, 3: -7, -1: 1, -2: x, -3: y}
        size = len(made.ident).to_bytes(2, "big")
        return {1: "none", 2: data + bytes(16) + size + made.ident + cbor.encode(public), 3: {}}

    def _get(self, asked: Message, event: threading.Event) -> Message | None:
        rp_id, hash_, options = str(asked[1]), _bytes(asked[2]), _table(asked.get(5))
        verified = self._verify(hash_, asked.get(6))
        if options.get("up") is not False:
            self._wait_for_touch(event)
        memory = self._load()
        allowed = {_bytes(_table(one)["id"]) for one in _list(asked.get(3))}
        found = [
            one
            for one in memory.credentials
            if one.rp_id == rp_id and (one.ident in allowed if allowed else one.is_resident)
        ]
        if not found:
            raise CtapError(CtapError.ERR.NO_CREDENTIALS)
        answers: list[dict[object, object]] = []
        for one in found:
            data = self._data(memory, one, VERIFIED if verified else 0)
            answer: dict[object, object] = {
                1: {"type": "public-key", "id": one.ident},
                2: data,
                3: one.key.sign(data + hash_, ec.ECDSA(hashes.SHA256())),
            }
            if one.is_resident:
                answer[4] = {"id": one.user_id, "name": one.user_name}
            answers.append(answer)
        self._save(memory)
        answers[0][5] = len(answers)
        self._pending = list(answers[1:])
        return answers[0]

    def _next(self, asked: Message, event: threading.Event) -> Message | None:
        return self._pending.pop(0)

    def _client_pin(self, asked: Message, event: threading.Event) -> Message | None:
        if asked[2] == PIN_RETRIES:
            return {3: self._load().retries}
        if asked[2] == KEY_AGREEMENT:
            numbers = self._agreement.public_key().public_numbers()
            x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
            return {1: {1: 2, 3: -25, -1: 1, -2: x, -3: y}}
        if asked[2] in {TOKEN_WITH_PIN, TOKEN_WITH_RIGHTS}:
            return {2: self._give_token(asked)}
        raise CtapError(CtapError.ERR.INVALID_COMMAND)

    def _give_token(self, asked: Message) -> bytes:
        peer = _table(asked[3])
        x, y = _bytes(peer[-2]), _bytes(peer[-3])
        numbers = ec.EllipticCurvePublicNumbers(
            int.from_bytes(x, "big"), int.from_bytes(y, "big"), ec.SECP256R1()
        )
        secret = self._agreement.exchange(ec.ECDH(), numbers.public_key())
        sealed = _bytes(asked[6])
        opener = _cipher(secret, sealed[:16]).decryptor()
        given = opener.update(sealed[16:]) + opener.finalize()
        memory = self._load()
        if memory.retries == 0:
            raise CtapError(CtapError.ERR.PIN_BLOCKED)
        if given != hashlib.sha256(self._pin.encode()).digest()[:16]:
            memory.retries -= 1
            self._save(memory)
            raise CtapError(CtapError.ERR.PIN_INVALID)
        memory.retries = 8
        self._save(memory)
        vector = os.urandom(16)
        sealer = _cipher(secret, vector).encryptor()
        return vector + sealer.update(self._token) + sealer.finalize()

    # ---- parts ----

    def _verify(self, hash_: bytes, proof: object) -> bool:
        """Whether the PIN was given for this request."""
        if not proof:
            return False
        if hmac.digest(self._token, hash_, hashlib.sha256) != proof:
            raise CtapError(CtapError.ERR.PIN_AUTH_INVALID)
        return True

    def _wait_for_touch(self, event: threading.Event) -> None:
        if self._keepalive is not None:
            self._keepalive(STATUS.UPNEEDED)
        if not self._touch(event):
            raise CtapError(CtapError.ERR.KEEPALIVE_CANCEL)

    def _data(self, memory: Memory, credential: Credential, more_flags: int) -> bytes:
        memory.count += 1
        head = hashlib.sha256(credential.rp_id.encode()).digest()
        return head + bytes([PRESENT | more_flags]) + memory.count.to_bytes(4, "big")

    def _load(self) -> Memory:
        if not self._path.exists():
            return Memory()
        return msgspec.msgpack.decode(self._path.read_bytes(), type=Memory)

    def _save(self, memory: Memory) -> None:
        # another device of the same memory may read at this moment
        fresh = self._path.with_name(f"{self._path.name}.{id(self)}")
        fresh.write_bytes(msgspec.msgpack.encode(memory))
        fresh.replace(self._path)


def _cipher(secret: bytes, vector: bytes) -> Cipher[modes.CBC]:
    """What PINs and tokens travel in (CTAP 2.1, PIN/UV auth protocol 2)."""
    key = HKDF(hashes.SHA256(), 32, bytes(32), b"CTAP2 AES key").derive(secret)
    return Cipher(algorithms.AES(key), modes.CBC(vector))


def _table(value: object) -> Message:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _bytes(value: object) -> bytes:
    assert isinstance(value, bytes)
    return value

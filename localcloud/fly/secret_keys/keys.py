"""The key types that are built, and what each can do; every one of them really does it.

    hs256 hs384 hs512   HMAC            sign, verify
    es256               ECDSA P-256     sign, verify (signatures are r and s, 64 bytes, as in JWS)
    xaes256gcm          XAES-256-GCM    encrypt, decrypt (ciphertexts start with their 24-byte nonce)

The NaCl types of fly-go are not built: no library in use has their ciphers, so they answer 501.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from localcloud.fly.secret_keys.xaes import NONCE_BYTES, open_sealed, seal
from localcloud.fly.wire_error import NotImplementedHere, WireError

_P256_BYTES = 32


class KeyType(Protocol):
    """What a type of key can do; an operation it lacks answers 400."""

    def new_material(self) -> bytes:
        """Return fresh private material."""
        ...

    def check(self, material: bytes) -> None:
        """Refuse material that is no key of this type.

        Raises:
            WireError: 400.
        """
        ...

    def public(self, material: bytes) -> bytes:
        """Return the public key, empty for symmetric types."""
        ...


class Hmac:
    """HMAC with one hash."""

    def __init__(self, hash_name: str) -> None:
        self._hash = hash_name
        self._length = hashlib.new(hash_name).digest_size

    def new_material(self) -> bytes:
        """Return a key as long as the hash."""
        return secrets.token_bytes(self._length)

    def check(self, material: bytes) -> None:
        """Refuse keys shorter than the hash (RFC 7518 section 3.2)."""
        _demand(len(material) >= self._length, f"the key needs at least {self._length} bytes")

    def public(self, material: bytes) -> bytes:
        """Return nothing: there is no public half."""
        return material[:0]

    def sign(self, material: bytes, plaintext: bytes) -> bytes:
        """Return the authentication code."""
        return hmac.new(material, plaintext, self._hash).digest()

    def verify(self, material: bytes, plaintext: bytes, signature: bytes) -> bool:
        """Tell whether a code belongs to a text."""
        return hmac.compare_digest(self.sign(material, plaintext), signature)


class Es256:
    """ECDSA on P-256 with SHA-256; the material is the private number."""

    def new_material(self) -> bytes:
        """Return a fresh private number, 32 bytes."""
        number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
        return number.to_bytes(_P256_BYTES, "big")

    def check(self, material: bytes) -> None:
        """Refuse what is no private number of the curve."""
        _demand(len(material) == _P256_BYTES, f"the key needs {_P256_BYTES} bytes")
        try:
            _private(material)
        except ValueError as error:
            raise WireError(400, "invalid_argument: not a private key of P-256") from error

    def public(self, material: bytes) -> bytes:
        """Return the uncompressed public point."""
        return _private(material).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def sign(self, material: bytes, plaintext: bytes) -> bytes:
        """Return r and s."""
        r, s = utils.decode_dss_signature(_private(material).sign(plaintext, ec.ECDSA(SHA256())))
        return r.to_bytes(_P256_BYTES, "big") + s.to_bytes(_P256_BYTES, "big")

    def verify(self, material: bytes, plaintext: bytes, signature: bytes) -> bool:
        """Tell whether a signature belongs to a text."""
        r, s = signature[:_P256_BYTES], signature[_P256_BYTES:]
        encoded = utils.encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
        try:
            _private(material).public_key().verify(encoded, plaintext, ec.ECDSA(SHA256()))
        except InvalidSignature:
            return False
        return len(signature) == 2 * _P256_BYTES


class Xaes256Gcm:
    """Authenticated encryption with random nonces."""

    def new_material(self) -> bytes:
        """Return 32 bytes."""
        return secrets.token_bytes(32)

    def check(self, material: bytes) -> None:
        """Refuse another length."""
        _demand(len(material) == 32, "the key needs 32 bytes")  # noqa: PLR2004  # AES-256

    def public(self, material: bytes) -> bytes:
        """Return nothing: there is no public half."""
        return material[:0]

    def encrypt(self, material: bytes, plaintext: bytes, associated: bytes) -> bytes:
        """Return a nonce and the sealed text."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + seal(material, nonce, plaintext, associated)

    def decrypt(self, material: bytes, ciphertext: bytes, associated: bytes) -> bytes | None:
        """Return the text, None when it was changed or sealed by another key."""
        nonce, sealed = ciphertext[:NONCE_BYTES], ciphertext[NONCE_BYTES:]
        return open_sealed(material, nonce, sealed, associated)


TYPES: dict[str, KeyType] = {
    "hs256": Hmac("sha256"),
    "hs384": Hmac("sha384"),
    "hs512": Hmac("sha512"),
    "es256": Es256(),
    "xaes256gcm": Xaes256Gcm(),
}
_NOT_BUILT = ("nacl_auth", "nacl_box", "nacl_secretbox", "nacl_sign")


def key_type(name: str) -> KeyType:
    """Return a type by Fly's name.

    Raises:
        WireError: 501 it is not built, 400 Fly has no such type.
    """
    if name in _NOT_BUILT:
        raise NotImplementedHere(f"secret key type {name}")
    if name not in TYPES:
        raise WireError(400, "invalid_argument: unknown secret key type")
    return TYPES[name]


def _private(material: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(material, "big"), ec.SECP256R1())


def _demand(holds: bool, otherwise: str) -> None:
    if not holds:
        raise WireError(400, f"invalid_argument: {otherwise}")

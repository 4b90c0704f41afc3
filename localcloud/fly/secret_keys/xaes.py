"""XAES-256-GCM: AES-256-GCM with 24-byte nonces that may be random (C2SP specification `XAES-256-GCM`).

A key and the nonce's first half give a key of their own by CMAC; the second half is the inner nonce.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 24
_HALF = 12
_BLOCK_BITS = 128
_TAG_BYTES = 16


def seal(key: bytes, nonce: bytes, plaintext: bytes, associated: bytes) -> bytes:
    """Return the ciphertext and its tag."""
    return AESGCM(_derived(key, nonce)).encrypt(nonce[_HALF:], plaintext, associated)


def open_sealed(key: bytes, nonce: bytes, sealed: bytes, associated: bytes) -> bytes | None:
    """Return the plaintext, None when the tag does not fit."""
    if len(nonce) != NONCE_BYTES or len(sealed) < _TAG_BYTES:
        return None
    try:
        return AESGCM(_derived(key, nonce)).decrypt(nonce[_HALF:], sealed, associated)
    except InvalidTag:
        return None


def _derived(key: bytes, nonce: bytes) -> bytes:
    subkey = int.from_bytes(_block(key, bytes(16)), "big") << 1
    if subkey >> _BLOCK_BITS:
        subkey = (subkey & ((1 << _BLOCK_BITS) - 1)) ^ 0x87
    return b"".join(_block(key, _mixed(subkey, counter, nonce)) for counter in (1, 2))


def _mixed(subkey: int, counter: int, nonce: bytes) -> bytes:
    message = bytes((0, counter)) + b"X\0" + nonce[:_HALF]
    return (int.from_bytes(message, "big") ^ subkey).to_bytes(16, "big")


def _block(key: bytes, block: bytes) -> bytes:
    # ECB of one block is the raw cipher, which CMAC is made of.
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305
    return encryptor.update(block) + encryptor.finalize()

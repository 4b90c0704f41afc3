"""Reading a certificate chain and its key as they are imported: really parsed, the key never kept."""

from __future__ import annotations

from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from localcloud.fly.wire_error import WireError


def read_chain(hostname: str, fullchain: str, private_key: str, now: datetime) -> datetime:
    """Return when a chain's first certificate expires, having checked it against name, key and time.

    Raises:
        WireError: 422, saying what does not fit; never with a part of the key.
    """
    leaf, public = _first(fullchain)
    if not _covers(leaf, hostname):
        raise WireError(422, f"certificate does not cover {hostname}")
    if leaf.not_valid_after_utc <= now:
        raise WireError(422, f"certificate expired at {leaf.not_valid_after_utc.isoformat()}")
    if _public_of(private_key) != public:
        raise WireError(422, "private key does not match the certificate")
    return leaf.not_valid_after_utc


def _first(fullchain: str) -> tuple[x509.Certificate, bytes]:
    """Return the first certificate and its public key."""
    try:
        leaf = x509.load_pem_x509_certificates(fullchain.encode())[0]
        return leaf, leaf.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise WireError(422, "fullchain is not a PEM certificate chain") from error


def _public_of(private_key: str) -> bytes:
    try:
        key = load_pem_private_key(private_key.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise WireError(422, "private_key is not an unencrypted PEM key") from error
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _covers(leaf: x509.Certificate, hostname: str) -> bool:
    try:
        extension = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return False
    names = [name.lower() for name in extension.value.get_values_for_type(x509.DNSName)]
    parent = hostname.partition(".")[2]
    return hostname in names or f"*.{parent}" in names

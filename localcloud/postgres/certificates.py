"""The two kinds of X.509 certificate behind a local RDS endpoint, as pure values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_LIFE = timedelta(days=3650)
SERVER_LIFE = timedelta(days=397)
# A client's clock may be a little behind ours.
_TOLERANCE = timedelta(days=1)
_DOMAIN = "rds.local"
_SIGNS = {"key_cert_sign", "crl_sign"}
_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """An authority that can sign."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def authority_certificate(key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    """Return a self-signed certificate that may sign for this machine and `*.rds.local` only."""
    name = _name("Lifeboat local RDS CA")
    builder = _begun(key.public_key(), subject=name, issuer=name, starts_at=now, life=AUTHORITY_LIFE)
    allowed = x509.NameConstraints(
        permitted_subtrees=[
            x509.DNSName("localhost"),
            x509.DNSName(_DOMAIN),
            x509.IPAddress(ip_network("127.0.0.0/8")),
            x509.IPAddress(ip_network("::1/128")),
        ],
        excluded_subtrees=None,
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(_SIGNS), critical=True)
    builder = builder.add_extension(allowed, critical=True)
    return builder.sign(key, SHA256())


def server_certificate(
    signer: Signer, key: ec.EllipticCurvePrivateKey, name: str, now: datetime
) -> x509.Certificate:
    """Return a certificate for loopback addresses, `localhost` and one endpoint's name.

    Args:
        signer: the authority.
        key: the server's.
        name: `<identifier>.<region>.rds.local`.
        now: when it begins.
    """
    issuer = signer.certificate.subject
    builder = _begun(key.public_key(), subject=_name("RDS"), issuer=issuer, starts_at=now, life=SERVER_LIFE)
    names = [x509.DNSName(each) for each in ("localhost", name)]
    addresses = [x509.IPAddress(ip_address(each)) for each in ("127.0.0.1", "::1")]
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key())
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage({"digital_signature"}), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    builder = builder.add_extension(x509.SubjectAlternativeName([*names, *addresses]), critical=False)
    builder = builder.add_extension(authority, critical=False)
    return builder.sign(signer.key, SHA256())


def pem_of(part: x509.Certificate | ec.EllipticCurvePrivateKey) -> bytes:
    """Return a certificate or an unencrypted private key as PEM."""
    if isinstance(part, x509.Certificate):
        return part.public_bytes(Encoding.PEM)
    return part.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _begun(
    public_key: ec.EllipticCurvePublicKey,
    *,
    subject: x509.Name,
    issuer: x509.Name,
    starts_at: datetime,
    life: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(starts_at - _TOLERANCE)
        .not_valid_after(starts_at + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _usage(allowed: set[str]) -> x509.KeyUsage:
    return x509.KeyUsage(**{usage: usage in allowed for usage in _USAGES})

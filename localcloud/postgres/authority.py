"""The certificate authority of one local cloud, and what its servers prove themselves with.

RDS signs its servers' certificates with an authority whose certificate clients must hold
(`sslrootcert=global-bundle.pem`). Here the authority is made once per directory; its certificate is the file
to verify with. It can sign for this machine and for `rds.local` names only, so that one who trusts it trusts
nothing else. Server certificates live in memory and are made again well before they end.
"""

from __future__ import annotations

import ssl
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from lifeboat.core.clock import Clock, SystemClock
from lifeboat.core.errors import ConfigError
from localcloud.aws.atomic_file import write_atomically
from localcloud.postgres.certificates import Signer, authority_certificate, pem_of, server_certificate

ALPN = "postgresql"
_PRIVATE = 0o600
_RENEW_AUTHORITY = timedelta(days=365)
_RENEW_SERVER = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Issued:
    context: ssl.SSLContext
    ends_at: datetime


class Authority:
    """The authority of a directory."""

    def __init__(self, directory: Path, *, clock: Clock | None = None) -> None:
        """Read the authority of a directory, and make or renew what is missing or about to end.

        Args:
            directory: for its two files, readable by their owner only.
            clock: the machine's; clients judge certificates by theirs.

        Raises:
            ConfigError: its files cannot be read or written.
        """
        self._clock = clock or SystemClock()
        self._directory = directory
        self._issued: dict[str, _Issued] = {}
        self.ca_file = directory / "ca.pem"
        self._key_file = directory / "ca.key"
        try:
            self._signer = self._load()
        except (OSError, ValueError) as error:
            raise ConfigError(
                f"certificate authority in {directory}: {error}",
                hint="move that directory aside: a new authority is made, and clients need its certificate",
            ) from error

    def context(self, identifier: str, region: str) -> ssl.SSLContext:
        """Return what the endpoint of a database answers TLS with; the certificate has a month left."""
        name = f"{identifier}.{region}.rds.local"
        now = self._clock.now()
        issued = self._issued.get(name)
        if issued is None or issued.ends_at - now < _RENEW_SERVER:
            issued = self._issued[name] = self._issue(name, now)
        return issued.context

    def _load(self) -> Signer:
        now = self._clock.now()
        key = self._key()
        kept = x509.load_pem_x509_certificate(self.ca_file.read_bytes()) if self.ca_file.exists() else None
        if kept and kept.public_key() == key.public_key() and _remaining(kept, now) > _RENEW_AUTHORITY:
            self.ca_file.chmod(_PRIVATE)
            return Signer(certificate=kept, key=key)
        # With the same key, what was signed before is still valid under the renewed certificate.
        certificate = authority_certificate(key, now)
        write_atomically(self.ca_file, [pem_of(certificate)])
        return Signer(certificate=certificate, key=key)

    def _key(self) -> ec.EllipticCurvePrivateKey:
        if not self._key_file.exists():
            write_atomically(self._key_file, [pem_of(ec.generate_private_key(ec.SECP256R1()))])
        self._key_file.chmod(_PRIVATE)
        key = load_pem_private_key(self._key_file.read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            msg = f"{self._key_file.name} is not a key of ours"
            raise ValueError(msg)
        return key

    def _issue(self, name: str, now: datetime) -> _Issued:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = server_certificate(self._signer, key, name, now)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols([ALPN])
        # As PostgreSQL does: no client resumes a session, and a ticket would only be one more packet.
        context.options |= ssl.OP_NO_TICKET
        context.num_tickets = 0
        # The ssl module reads keys from files only; this one is ours alone and gone at once.
        with tempfile.NamedTemporaryFile(dir=self._directory, prefix=".server-") as file:
            file.write(pem_of(key) + pem_of(certificate))
            file.flush()
            context.load_cert_chain(file.name)
        return _Issued(context=context, ends_at=certificate.not_valid_after_utc)


def _remaining(certificate: x509.Certificate, now: datetime) -> timedelta:
    return certificate.not_valid_after_utc - now

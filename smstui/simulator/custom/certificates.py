"""The certificates of the mTLS port, made at start: an authority, a server and a client.

They hold for a year by the machine's own clock, which TLS goes by; nothing is written to disk for
longer than OpenSSL needs to read it.
"""

from __future__ import annotations

import ipaddress
import ssl
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from smstui.times import utc_now

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

HOST = "127.0.0.1"
VALID_BEFORE, VALID_AFTER = timedelta(days=1), timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its private key, in PEM form."""

    certificate: str
    key: str = field(repr=False)


class Authority:
    """An authority of the simulator's own, for one run."""

    def __init__(self) -> None:
        from cryptography import x509
        from cryptography.hazmat.primitives.asymmetric import ec

        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("smstui simulator authority")
        self._certificate = self._sign(
            self._name,
            self._key,
            x509.BasicConstraints(ca=True, path_length=0),
        )

    @property
    def pem(self) -> str:
        """Its own certificate, which those who connect have to trust."""
        return _pem(self._certificate)

    def issue(self, name: str) -> Pair:
        """Return a new certificate and key.

        Args:
            name: the common name; that of the server is `HOST`.
        """
        from cryptography import x509
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ec

        key = ec.generate_private_key(ec.SECP256R1())
        extension: x509.ExtensionType = x509.BasicConstraints(ca=False, path_length=None)
        if name == HOST:
            extension = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))])
        certificate = self._sign(_name(name), key, extension)
        form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        private = key.private_bytes(serialization.Encoding.PEM, *form).decode("ascii")
        return Pair(_pem(certificate).strip(), private.strip())

    def server_context(self) -> ssl.SSLContext:
        """Return a server's side of TLS that takes certificates of this authority alone.

        One without any comes through, to be refused by HTTP: asyncio cuts the line before anybody
        could read why a handshake failed.
        """
        pair = self.issue(HOST)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.verify_mode = ssl.CERT_OPTIONAL
        context.load_verify_locations(cadata=self.pem)
        with tempfile.NamedTemporaryFile(prefix="smstui-", suffix=".pem") as file:
            file.write(f"{pair.key}\n{pair.certificate}\n".encode("ascii"))
            file.flush()
            context.load_cert_chain(file.name)
        return context

    def _sign(
        self,
        name: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        extension: x509.ExtensionType,
    ) -> x509.Certificate:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes

        now = utc_now()
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - VALID_BEFORE)
            .not_valid_after(now + VALID_AFTER)
            .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        )
        return builder.sign(self._key, hashes.SHA256())


def _name(common: str) -> x509.Name:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _pem(certificate: x509.Certificate) -> str:
    from cryptography.hazmat.primitives import serialization

    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")

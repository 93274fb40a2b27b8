"""Client certificates for mutual TLS: pasted PEM text put right, checked, and handed to TLS.

`cryptography` is imported by the functions that need it. Nothing here is Adobe's: Journey Optimizer
brings its own certificate (``ajo-sms.aep-mtls.adobe.com``), this console needs one of its own.
"""

from __future__ import annotations

import re
import secrets
import ssl
import tempfile
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import SecretStr

from smstui.i18n import _
from smstui.providers.base import ClientCertificate
from smstui.providers.fields import Issue, Offer, Severity, Tidied, Value, strip_blanks
from smstui.text import clean

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]{1,40})-----(.*?)-----END \1-----", re.DOTALL)
_CERTIFICATE = "CERTIFICATE"
_SOON = timedelta(days=30)


def tidy_pem(text: str) -> Tidied:
    """Put pasted PEM text right: line breaks that became blanks or a literal ``\\n`` come back.

    What stands around and between the blocks goes. Text that is no PEM is tidied as one line.
    """
    if "-----BEGIN" not in text:
        return strip_blanks(text)
    value = clean(text.replace("\\n", "\n").replace("\\r", ""), keep="\n\r\t").strip()
    blocks = [_rewrapped(label, body) for label, body in _BLOCK.findall(value)]
    return Tidied("\n".join(blocks) if blocks else "\n".join(value.splitlines()))


def _rewrapped(label: str, body: str) -> str:
    if ":" not in body:
        body = "\n".join(textwrap.wrap("".join(body.split()), 64))
    return f"-----BEGIN {label}-----\n{body.strip()}\n-----END {label}-----"


def check_certificate(text: str) -> Iterator[tuple[Severity, str]]:
    """Yield what is wrong with the certificate by itself; `certificate_issues` says the rest."""
    labels = [label for label, _body in _BLOCK.findall(text)]
    if any(_is_key(label) for label in labels):
        return
    if "CERTIFICATE REQUEST" in " ".join(labels):
        yield Severity.ERROR, _("This is a request for a certificate. Paste what came back for it.")
    elif "PUBLIC KEY" in " ".join(labels):
        yield Severity.ERROR, _("This is a public key. Paste the certificate that holds it.")
    elif not labels:
        yield Severity.ERROR, _("Paste the certificate as text, from its BEGIN line to its END.")
    elif _load(text) is None:
        yield Severity.ERROR, _("The certificate cannot be read; a part of it may be missing.")


def certificate_note(text: str) -> str:
    """Return the remark beside a certificate: "until 2027-03-01"; empty when it cannot be read."""
    certificates = _load(text)
    if not certificates:
        return ""
    return _("until {date}").format(date=f"{certificates[0].not_valid_after_utc:%Y-%m-%d}")


def certificate_issues(
    certificate: str, key: SecretStr | None, passphrase: SecretStr | None, now: datetime
) -> Iterator[Issue]:
    """Yield what is wrong with certificate, key and passphrase taken together.

    Args:
        certificate: what is in the field ``client_certificate``.
        key: what is in ``client_key``.
        passphrase: what is in ``client_key_passphrase``.
        now: for the dates of the certificate.
    """
    blocks = list(_blocks(certificate))
    keys = "\n".join(block for block, label in blocks if _is_key(label))
    if keys:
        others = "\n".join(block for block, label in blocks if not _is_key(label))
        yield _misplaced_key(others, keys, key)
        return
    loaded = _load(certificate)
    if loaded:
        yield from _date_issues(loaded[0], now)
    if key is None:
        return
    private = _load_key(key, passphrase)
    if isinstance(private, Issue):
        yield private
        return
    if passphrase is not None and _is_plain(key):
        yield Issue(
            "client_key_passphrase",
            _("The key is not encrypted; this passphrase is not needed."),
            Severity.WARNING,
        )
    if loaded and not _belongs(loaded[0], private):
        is_later = any(_belongs(other, private) for other in loaded[1:])
        yield Issue(
            "client_key",
            _("The key belongs to a later certificate of the chain; put that one first.")
            if is_later
            else _("This key does not belong to the certificate: they are not a pair."),
        )


def load_into(context: ssl.SSLContext, client: ClientCertificate) -> None:
    """Let a TLS context prove itself with a client certificate.

    Python's ssl reads certificates from files alone. The key goes there encrypted under a random
    passphrase, into a file of mode 0600 that is gone when this returns.

    Raises:
        ValueError: certificate and key cannot be read or are not a pair; `certificate_issues`
            says why.
    """
    from cryptography.hazmat.primitives import serialization

    private = _load_key(client.key, client.passphrase)
    if isinstance(private, Issue):
        raise ValueError(private.message)
    passphrase = secrets.token_bytes(24).hex().encode("ascii")
    encrypted = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase),
    )
    with tempfile.NamedTemporaryFile(prefix="smstui-", suffix=".pem") as file:
        file.write(client.certificate.encode("ascii", "replace") + b"\n" + encrypted)
        file.flush()
        try:
            context.load_cert_chain(file.name, password=passphrase)
        except ssl.SSLError as error:
            raise ValueError(_("TLS does not take this certificate and key.")) from error


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Yield each PEM block and its label."""
    for match in _BLOCK.finditer(text):
        yield match.group(), match.group(1)


def _is_key(label: str) -> bool:
    return label.endswith("PRIVATE KEY")


def _is_plain(key: SecretStr) -> bool:
    return "ENCRYPTED" not in key.get_secret_value()


def _misplaced_key(certificates: str, keys: str, key: SecretStr | None) -> Issue:
    """Return the error of a private key in the certificate's field, which is not kept secret."""
    said = (
        _("There is a private key in here too, where it would be shown.")
        if certificates
        else _("This is a private key, not a certificate.")
    )
    changes: dict[str, Value] = {"client_certificate": certificates, "client_key": SecretStr(keys)}
    offer = Offer(_("Move it to Client key"), changes) if key is None else None
    return Issue("client_certificate", said, offer=offer)


def _date_issues(certificate: x509.Certificate, now: datetime) -> Iterator[Issue]:
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if end <= now:
        said = _("The certificate expired on {date}. Have it renewed.").format(
            date=f"{end:%Y-%m-%d}"
        )
    elif begin > now:
        said = _("The certificate is valid from {date} on.").format(date=f"{begin:%Y-%m-%d}")
    elif end - now < _SOON:
        said = _("The certificate expires on {date}. Have it renewed soon.").format(
            date=f"{end:%Y-%m-%d}"
        )
    else:
        return
    yield Issue("client_certificate", said, Severity.WARNING)


def _load(text: str) -> list[x509.Certificate] | None:
    from cryptography import x509

    try:
        loaded = x509.load_pem_x509_certificates(text.encode("ascii", "replace"))
        # Reading the dates fails late when they are malformed.
        return loaded if all(entry.not_valid_after_utc.tzinfo is UTC for entry in loaded) else None
    except ValueError:
        return None


def _load_key(key: SecretStr, passphrase: SecretStr | None) -> PrivateKeyTypes | Issue:
    """Return the private key, or the issue that says why it cannot be read."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    labels = [label for _block, label in _blocks(key.get_secret_value())]
    if not any(_is_key(label) for label in labels):
        said = (
            _("This is a certificate, not a private key.")
            if _CERTIFICATE in labels
            else _("Paste the private key as text, from its BEGIN line to its END line.")
        )
        return Issue("client_key", said)
    encrypted = not _is_plain(key)
    if encrypted and passphrase is None:
        return Issue("client_key_passphrase", _("The key is encrypted: its passphrase is missing."))
    try:
        return load_pem_private_key(
            key.get_secret_value().encode("ascii", "replace"),
            passphrase.get_secret_value().encode() if encrypted and passphrase else None,
        )
    except (ValueError, TypeError, UnsupportedAlgorithm):
        if encrypted:
            return Issue("client_key_passphrase", _("The passphrase does not open the key."))
        return Issue("client_key", _("The key cannot be read; a part of it may be missing."))


def _belongs(certificate: x509.Certificate, private: PrivateKeyTypes) -> bool:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    try:
        return certificate.public_key().public_bytes(*form) == private.public_key().public_bytes(
            *form
        )
    except ValueError:
        return False

"""How providers sign their calls; pure computing, and the one comparison of secrets.

Rules: Twilio's page on the security of webhooks, Sinch's on callbacks of the Conversation API.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from enum import StrEnum

TWILIO_HEADER = "X-Twilio-Signature"

SINCH_HEADER = "X-Sinch-Webhook-Signature"
SINCH_NONCE = f"{SINCH_HEADER}-Nonce"
SINCH_TIMESTAMP = f"{SINCH_HEADER}-Timestamp"
SINCH_ALGORITHM = f"{SINCH_HEADER}-Algorithm"

ALGORITHMS = ("sha256", "sha1", "sha512", "sha384", "sha224", "md5")
"""Hashes under an HMAC, as `hashlib` names them; the list is Infobip's."""

_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<user>[^/?@]*@)?(?P<host>\[[^\]/?]*\]|[^/?:]*)(?P<port>:[0-9]*)?"
    r"(?P<rest>(?:[/?].*)?)",
    re.IGNORECASE | re.DOTALL,
)
_DEFAULT_PORTS = {"https": "443", "http": "80"}


class Encoding(StrEnum):
    """How the bytes of a signature are written."""

    HEX = "hex"
    BASE64 = "base64"


def same(expected: str, given: str) -> bool:
    """Whether two texts are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(_bytes(expected), _bytes(given))


def hmac_of(key: str, data: bytes, algorithm: str, encoding: Encoding) -> str:
    """Return an HMAC over data.

    Args:
        key: the shared secret.
        data: what is signed.
        algorithm: one of `ALGORITHMS`.
        encoding: how it is written; hexadecimal is in lower case.
    """
    digest = hmac.new(_bytes(key), data, algorithm).digest()
    return digest.hex() if encoding is Encoding.HEX else base64.b64encode(digest).decode("ascii")


def twilio_signature(
    token: str, url: str, parameters: Iterable[tuple[str, str]] = (), algorithm: str = "sha1"
) -> str:
    """Return Twilio's signature of a call.

    Args:
        token: the Auth Token of the account that owns the message.
        url: as it was configured, with its query; a fragment is not signed.
        parameters: names and decoded values of a form; none for GET and for JSON. A repeated value
            counts once, an empty one counts.
        algorithm: SHA-1; Twilio's newer shared keys sign with SHA-256.
    """
    pairs = sorted(set(parameters))
    data = url.partition("#")[0] + "".join(name + value for name, value in pairs)
    return hmac_of(token, _bytes(data), algorithm, Encoding.BASE64)


def is_twilio_signature(
    given: str,
    token: str,
    url: str,
    parameters: Iterable[tuple[str, str]] = (),
    algorithm: str = "sha1",
) -> bool:
    """Whether a signature is Twilio's of this call, made for the URL with its port or without."""
    pairs = list(parameters)
    matches = [
        same(twilio_signature(token, variant, pairs, algorithm), given)
        for variant in port_variants(url)
    ]
    return any(matches)


def port_variants(url: str) -> tuple[str, ...]:
    """Return a URL without a port and with one, its own or its scheme's: Twilio signs either.

    User, password and IPv6 addresses stay as they are, which Twilio's own library gets wrong.
    """
    address = url.partition("#")[0]
    parts = _ADDRESS.fullmatch(address)
    if parts is None:
        return (address,)
    front = f"{parts['scheme']}://{parts['user'] or ''}{parts['host']}"
    port = (parts["port"] or "")[1:] or _DEFAULT_PORTS[parts["scheme"].lower()]
    return (f"{front}{parts['rest']}", f"{front}:{port}{parts['rest']}")


def without_login(url: str) -> str:
    """Return a URL without user and password, for people to read."""
    parts = _ADDRESS.fullmatch(url)
    if parts is None or not parts["user"]:
        return url
    return f"{parts['scheme']}://{parts['host']}{parts['port'] or ''}{parts['rest']}"


def body_hash(body: bytes) -> str:
    """Return what Twilio puts into ``bodySHA256`` for a body that is no form."""
    return hashlib.sha256(body).hexdigest()


def sinch_signature(secret: str, body: bytes, nonce: str, timestamp: str) -> str:
    """Return Sinch's signature of a call: HMAC-SHA256 in Base64."""
    data = body + _bytes(f".{nonce}.{timestamp}")
    return hmac_of(secret, data, "sha256", Encoding.BASE64)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")

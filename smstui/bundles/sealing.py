"""How a bundle is encrypted as one file.

A header in the clear, then one AES-256-GCM message. The header is authenticated with it, so a
change of any byte of the file is found. The key comes from the bundle's own passphrase by Argon2id
(RFC 9106), as the store's does; what the header asks of Argon2id is bounded before it is obeyed.

======  =====================================================
bytes   big-endian
======  =====================================================
14      ``smstui bundle`` and a line end
2       version, 1
4       Argon2id: passes
4       Argon2id: memory in KiB
4       Argon2id: lanes
16      Argon2id: salt
16      HMAC-SHA-256 of a constant with the key, cut: tells a
        wrong passphrase from a damaged file, and binds the
        file to one key, which GCM alone does not
12      AES-GCM: nonce
8       length of what follows
n       the message with its 16-byte tag
======  =====================================================
"""

from __future__ import annotations

import hmac
import os
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from smstui.bundles.errors import DamagedBundle, NotABundle, WrongBundlePassphrase, newer
from smstui.i18n import _
from smstui.passphrase import require_long_enough
from smstui.store.key import LANES, MEMORY_KIB, PASSES, SALT_BYTES, derive_key

if TYPE_CHECKING:
    from pydantic import SecretBytes, SecretStr

MAGIC = b"smstui bundle\n"
VERSION = 1
NONCE_BYTES = 12
CHECK_BYTES = 16
MOST_PASSES = 10
MOST_MEMORY_KIB = 256 * 1024
MOST_LANES = 16
"""The most that a file may ask for: a hostile one would have us compute for hours otherwise."""

_CHECKED = b"smstui bundle: the key fits"
_HEADER = struct.Struct(f">{len(MAGIC)}sHIII{SALT_BYTES}s{CHECK_BYTES}s{NONCE_BYTES}sQ")
_VERSION_END = len(MAGIC) + 2


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted bundle whose outside is in order; `unseal` opens it.

    Attributes:
        header: its first bytes, as they are authenticated.
        message: what is encrypted, with its tag.
        passes, memory_kib, lanes: what Argon2id is asked for, within bounds.
    """

    header: bytes
    message: bytes
    passes: int
    memory_kib: int
    lanes: int
    salt: bytes
    check: bytes
    nonce: bytes


def seal(content: bytes, passphrase: SecretStr) -> bytes:
    """Return content encrypted under a passphrase; takes a few tenths of a second.

    Raises:
        InvalidPassphrase: it is too short.
    """
    require_long_enough(passphrase)
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    key = derive_key(passphrase, salt)
    cipher = AESGCM(key.get_secret_value())
    length = len(content) + 16
    header = _HEADER.pack(
        MAGIC, VERSION, PASSES, MEMORY_KIB, LANES, salt, _check(key), nonce, length
    )
    return header + cipher.encrypt(nonce, content, header)


def is_sealed(data: bytes) -> bool:
    """Whether a file begins as an encrypted bundle does."""
    return data.startswith(MAGIC)


def look_at(data: bytes) -> Sealed:
    """Return what the outside of an encrypted bundle says, without a passphrase.

    Raises:
        NotABundle: it is something else.
        NewerBundle: a later version wrote it.
        DamagedBundle: it was cut short or edited, as far as the outside shows.
    """
    if not is_sealed(data):
        raise NotABundle(_("This file is no bundle of smstui. Choose another."))
    if len(data) < _VERSION_END:
        raise _damaged()
    version = int.from_bytes(data[len(MAGIC) : _VERSION_END], "big")
    if version > VERSION:
        raise newer(version)
    if version < 1 or len(data) < _HEADER.size:
        raise _damaged()
    header, message = data[: _HEADER.size], data[_HEADER.size :]
    _magic, _version, passes, memory_kib, lanes, salt, check, nonce, length = _HEADER.unpack(header)
    is_bounded = (
        1 <= passes <= MOST_PASSES
        and 1 <= lanes <= MOST_LANES
        and 8 * lanes <= memory_kib <= MOST_MEMORY_KIB
    )
    if length != len(message) or not is_bounded:
        raise _damaged()
    return Sealed(header, message, passes, memory_kib, lanes, salt, check, nonce)


def unseal(sealed: Sealed, passphrase: SecretStr) -> bytes:
    """Return what an encrypted bundle holds; takes a few tenths of a second.

    Raises:
        WrongBundlePassphrase: the passphrase does not open it.
        DamagedBundle: it was edited.
    """
    key = derive_key(
        passphrase,
        sealed.salt,
        passes=sealed.passes,
        memory_kib=sealed.memory_kib,
        lanes=sealed.lanes,
    )
    if not hmac.compare_digest(_check(key), sealed.check):
        raise WrongBundlePassphrase(
            _(
                "The passphrase does not open this bundle, or its first bytes were edited. "
                "Type it again, or take another copy of the file."
            )
        )
    try:
        return AESGCM(key.get_secret_value()).decrypt(sealed.nonce, sealed.message, sealed.header)
    except InvalidTag:
        raise _damaged() from None


def _check(key: SecretBytes) -> bytes:
    """Return bytes that tell nothing of a key and that no other key gives."""
    return hmac.digest(key.get_secret_value(), _CHECKED, "sha256")[:CHECK_BYTES]


def _damaged() -> DamagedBundle:
    return DamagedBundle(
        _("This bundle was cut short or edited; nothing was changed. Take another copy of it.")
    )

"""From passphrase to key: Argon2id (RFC 9106), with the file's first 16 bytes as salt."""

from __future__ import annotations

import unicodedata

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from pydantic import SecretBytes, SecretStr

SALT_BYTES = 16
KEY_BYTES = 32
PASSES = 3
MEMORY_KIB = 64 * 1024
LANES = 4
KDF = f"Argon2id, {PASSES} passes, {MEMORY_KIB // 1024} MiB, {LANES} lanes"


def derive_key(
    passphrase: SecretStr,
    salt: bytes,
    *,
    passes: int = PASSES,
    memory_kib: int = MEMORY_KIB,
    lanes: int = LANES,
) -> SecretBytes:
    """Return the 32-byte key that a passphrase gives with a salt; takes a few tenths of a second.

    The passphrase is taken in Unicode form NFC (as RFC 8265 does), so that a letter with an
    accent is the same whichever way a keyboard composes it.

    Args:
        passphrase: what was typed.
        salt: what makes the key differ from file to file.
        passes, memory_kib, lanes: what a file of another kind asks for; the caller bounds it.
    """
    text = unicodedata.normalize("NFC", passphrase.get_secret_value())
    kdf = Argon2id(
        salt=salt, length=KEY_BYTES, iterations=passes, lanes=lanes, memory_cost=memory_kib
    )
    return SecretBytes(kdf.derive(text.encode("utf-8", "surrogatepass")))


def key_literal(key: SecretBytes, salt: bytes) -> SecretStr:
    """Return key and salt as SQLCipher takes them raw: ``x'<64 hex><32 hex>'``.

    Source: SQLCipher API, "PRAGMA key", example 3.
    """
    return SecretStr(f"x'{key.get_secret_value().hex()}{salt.hex()}'")


def key_and_salt(literal: SecretStr) -> tuple[SecretBytes, bytes]:
    """Return key and salt of what `key_literal` made; the opposite of it."""
    digits = literal.get_secret_value()[2:-1]
    return SecretBytes(bytes.fromhex(digits[: 2 * KEY_BYTES])), bytes.fromhex(
        digits[-2 * SALT_BYTES :]
    )

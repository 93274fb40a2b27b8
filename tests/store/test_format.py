"""The file, read by a reader of our own that knows only what SQLCipher publishes of its format.

Source: "SQLCipher Design", Zetetic: pages of 4096 bytes; the last 80 of each hold a random IV (16)
and an HMAC-SHA512 (64) over ciphertext, IV and the page number, little-endian; the first page
begins with the salt in clear. The HMAC's key is PBKDF2-HMAC-SHA512 of the key, two rounds, with
the salt's bytes exclusive-or 0x3a.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from pydantic import SecretStr
from sqlcipher3 import dbapi2  # type: ignore[import-untyped]  # the package carries no types

from smstui.store import Store
from smstui.store.records import NewCredential

New = Callable[..., NewCredential]
PAGE, RESERVED, IV = 4096, 80, 16


def decrypt(data: bytes, passphrase: str) -> bytes:
    """Return the plain SQLite file inside an encrypted one."""
    salt = data[:16]
    key = Argon2id(salt=salt, length=32, iterations=3, lanes=4, memory_cost=65536).derive(
        passphrase.encode()
    )
    mac_salt = bytes(byte ^ 0x3A for byte in salt)
    mac_key = hashlib.pbkdf2_hmac("sha512", key, mac_salt, 2, 32)
    plain = b""
    for number in range(1, len(data) // PAGE + 1):
        page = data[(number - 1) * PAGE : number * PAGE]
        start = 16 if number == 1 else 0
        body, reserve = page[start:-RESERVED], page[-RESERVED:]
        iv, mac = reserve[:IV], reserve[IV:]
        signed = hmac.new(mac_key, body + iv + number.to_bytes(4, "little"), hashlib.sha512)
        assert hmac.compare_digest(signed.digest(), mac), f"page {number}"
        decryptor = Cipher(AES256(key), CBC(iv)).decryptor()
        head = b"SQLite format 3\0" if number == 1 else b""
        plain += head + decryptor.update(body) + decryptor.finalize() + bytes(RESERVED)
    return plain


def test_an_independent_reader_finds_the_row(
    store: Store, new: New, path: Path, passphrase: SecretStr, tmp_path: Path
) -> None:
    store.credentials.add(new("twilio-main", token="planted-token"))
    store.close()

    plain = tmp_path / "plain.db"
    plain.write_bytes(decrypt(path.read_bytes(), passphrase.get_secret_value()))
    connection = sqlite3.connect(plain)
    name, kept = connection.execute("SELECT name, secrets FROM credentials").fetchone()
    connection.close()

    assert (name, json.loads(kept)) == ("twilio-main", {"auth_token": "planted-token"})


def test_any_sqlcipher_tool_opens_it_with_the_printed_line(
    store: Store, new: New, path: Path
) -> None:
    store.credentials.add(new("twilio-main"))

    tool = dbapi2.connect(str(path))
    tool.execute(store.key_pragma().get_secret_value())
    assert tool.execute("SELECT name FROM credentials").fetchone() == ("twilio-main",)
    assert tool.execute("PRAGMA cipher_integrity_check").fetchall() == []
    tool.close()


def test_nothing_of_a_record_shows_in_any_file(
    store: Store, path: Path, passphrase: SecretStr
) -> None:
    marks = [secrets.token_hex(8) for _number in range(3)]
    name, field, secret = marks
    store.credentials.add(
        NewCredential("Twilio", name, {"note": field}, {"auth_token": SecretStr(secret)})
    )
    store.backup(path.with_name("copy.db"))
    open_files = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    key = store.key_pragma().get_secret_value()[16:80]
    store.close()
    closed_files = {file.name: file.read_bytes() for file in path.parent.iterdir()}

    assert open_files.keys() >= {"smstui.db", "smstui.db-wal", "smstui.db-shm", "copy.db"}
    assert len(open_files["smstui.db-wal"]) > PAGE
    needles = [*marks, key, passphrase.get_secret_value()]
    needles += [bytes.fromhex(key).decode("latin-1")]
    for data in [*open_files.values(), *closed_files.values()]:
        assert not [needle for needle in needles if needle.encode("latin-1") in data]


def test_the_page_size_is_sqlciphers_own(path: Path) -> None:
    assert path.stat().st_size % PAGE == 0
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        sqlite3.connect(path).execute("SELECT 1 FROM sqlite_master")

from __future__ import annotations

import datetime as dt
import ssl
import tempfile
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from smstui.providers.base import ClientCertificate
from smstui.providers.certificates import certificate_note, load_into, tidy_pem
from smstui.providers.fields import Value
from tests.providers.custom_support import NOW, build, draft, errors_of, issues_of, warnings_of
from tests.verify.servers import Authority, answering, as_json, serve

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def key_pem(key: Key, passphrase: str = "", *, traditional: bool = False) -> str:
    protection: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        protection = serialization.BestAvailableEncryption(passphrase.encode())
    form = serialization.PrivateFormat
    return key.private_bytes(
        serialization.Encoding.PEM,
        form.TraditionalOpenSSL if traditional else form.PKCS8,
        protection,
    ).decode()


def certificate_pem(key: Key, *, begin: dt.datetime | None = None, days: int = 365) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "console.example.com")])
    begin = begin or NOW - dt.timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + dt.timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode().strip()


@pytest.fixture(scope="module")
def key() -> Key:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture(scope="module")
def other() -> Key:
    return ec.generate_private_key(ec.SECP256R1())


def mtls(certificate: str, private: str, passphrase: str = "", **more: Value) -> dict[str, Value]:
    return draft(
        auth_type="none",
        api_token=None,
        mtls_support=True,
        client_certificate=certificate,
        client_key=SecretStr(private) if private else None,
        client_key_passphrase=SecretStr(passphrase) if passphrase else None,
        **more,
    )


def test_a_pair_is_accepted_and_its_end_is_shown(key: Key) -> None:
    values = mtls(certificate_pem(key), key_pem(key))
    assert issues_of(values) == []
    assert certificate_note(certificate_pem(key)) == "until 2027-11-22"


@pytest.mark.parametrize("traditional", [False, True])
def test_an_encrypted_key_wants_its_passphrase(key: Key, traditional: bool) -> None:
    certificate, private = certificate_pem(key), key_pem(key, "open", traditional=traditional)
    assert errors_of(mtls(certificate, private, "open")) == {}
    missing = errors_of(mtls(certificate, private))
    assert missing == {"client_key_passphrase": "The key is encrypted: its passphrase is missing."}
    wrong = errors_of(mtls(certificate, private, "shut"))
    assert wrong == {"client_key_passphrase": "The passphrase does not open the key."}


def test_a_passphrase_that_is_not_needed_is_told(key: Key) -> None:
    values = mtls(certificate_pem(key), key_pem(key), "open")
    assert "not needed" in warnings_of(values)["client_key_passphrase"]


def test_a_key_of_another_certificate(key: Key, other: Key) -> None:
    said = errors_of(mtls(certificate_pem(key), key_pem(other)))
    assert said == {
        "client_key": "This key does not belong to the certificate: they are not a pair."
    }


def test_a_chain_in_the_wrong_order(key: Key, other: Key) -> None:
    chain = f"{certificate_pem(other)}\n{certificate_pem(key)}"
    assert "put that one first" in errors_of(mtls(chain, key_pem(key)))["client_key"]
    chain = f"{certificate_pem(key)}\n{certificate_pem(other)}"
    assert errors_of(mtls(chain, key_pem(key))) == {}


def test_a_key_in_the_place_of_the_certificate_can_be_moved(key: Key) -> None:
    values = mtls(key_pem(key), "")
    (issue,) = [i for i in issues_of(values) if i.field == "client_certificate"]
    assert issue.message == "This is a private key, not a certificate."
    assert issue.offer is not None
    moved = {**values, **issue.offer.changes}
    assert moved["client_certificate"] == ""
    assert isinstance(moved["client_key"], SecretStr)
    assert "PRIVATE" not in repr(issue)


def test_certificate_and_key_in_one_can_be_parted(key: Key) -> None:
    values = mtls(f"{certificate_pem(key)}\n{key_pem(key)}", "")
    (issue,) = [i for i in issues_of(values) if i.field == "client_certificate"]
    assert issue.offer is not None
    assert errors_of({**values, **issue.offer.changes}) == {}


@pytest.mark.parametrize(
    ("certificate", "words"),
    [
        ("hello", "as text"),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "cannot be read"),
        ("-----BEGIN CERTIFICATE REQUEST-----\nA\n-----END CERTIFICATE REQUEST-----", "a request"),
        ("-----BEGIN PUBLIC KEY-----\nA\n-----END PUBLIC KEY-----", "public key"),
        ("-----BEGIN CERTIFICATE-----\nAAAA", "as text"),
    ],
)
def test_what_is_no_certificate(key: Key, certificate: str, words: str) -> None:
    assert words in errors_of(mtls(certificate, key_pem(key)))["client_certificate"]
    assert certificate_note(certificate) == ""


def test_what_is_no_key(key: Key) -> None:
    certificate = certificate_pem(key)
    assert "a certificate, not" in errors_of(mtls(certificate, certificate))["client_key"]
    assert "as text" in errors_of(mtls(certificate, "abc"))["client_key"]
    broken = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"
    assert "cannot be read" in errors_of(mtls(certificate, broken))["client_key"]
    assert errors_of(mtls(certificate, ""))["client_key"] == "Client key is missing."


@pytest.mark.parametrize(
    ("begin", "days", "words"),
    [
        (-400, 365, "expired on 2026-10-19"),
        (5, 365, "valid from 2026-11-28"),
        (-1, 20, "expires on 2026-12-12"),
    ],
)
def test_dates_warn_and_do_not_block(key: Key, begin: int, days: int, words: str) -> None:
    made = certificate_pem(key, begin=NOW + dt.timedelta(days=begin), days=days)
    values = mtls(made, key_pem(key))
    assert errors_of(values) == {}
    assert words in warnings_of(values)["client_certificate"]


def test_without_mtls_nothing_of_it_is_looked_at_or_kept(key: Key) -> None:
    values = {**mtls("rubbish", "rubbish"), "mtls_support": False}
    assert errors_of(values) == {}
    assert build(values).client_key is None


def crushed(pem: str) -> list[str]:
    return [
        pem.replace("\n", " "),
        pem.replace("\n", "\\n"),
        pem.replace("\n", "\r\n"),
        f"  Bag Attributes\n    friendlyName: x\n{pem}\n\n",
        pem.replace("\n", "\n    "),
    ]


def test_pasted_pem_is_put_right(key: Key) -> None:
    certificate, private = certificate_pem(key), key_pem(key).strip()
    for one, two in zip(crushed(certificate), crushed(private), strict=True):
        assert tidy_pem(one).value == certificate
        assert tidy_pem(two).value == private


@given(st.text(max_size=60) | st.just("-----BEGIN X-----\n\n-----END X-----"))
def test_tidying_a_second_time_changes_nothing(text: str) -> None:
    once = tidy_pem(text).value
    assert tidy_pem(once).value == once


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


async def test_tls_proves_itself_with_the_pair(
    authority: Authority, key: Key, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A real server that asks for a certificate; the key is encrypted on its way, and leaves."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    now = dt.datetime.now(dt.UTC)
    certificate = certificate_pem(key, begin=now - dt.timedelta(days=1))
    context = authority.server()
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=certificate)
    trusted = authority.certificate.public_bytes(serialization.Encoding.PEM).decode()
    async with serve(answering(lambda _request: as_json({"id": "m-1"})), context) as port:
        url = f"https://127.0.0.1:{port}/"

        async def post(client: ClientCertificate | None) -> httpx.Response:
            mine = ssl.create_default_context(cadata=trusted)
            if client is not None:
                load_into(mine, client)
            async with httpx.AsyncClient(verify=mine, trust_env=False) as http:
                return await http.post(url)

        private = SecretStr(key_pem(key, "open"))
        pair = ClientCertificate(certificate, private, SecretStr("open"))
        assert (await post(pair)).json() == {"id": "m-1"}
        with pytest.raises(httpx.HTTPError):
            await post(None)
    assert list(scratch.iterdir()) == []


def test_a_pair_that_is_none_is_refused(key: Key, other: Key) -> None:
    context = ssl.create_default_context()
    pair = ClientCertificate(certificate_pem(key), SecretStr(key_pem(other)))
    with pytest.raises(ValueError, match="TLS does not take"):
        load_into(context, pair)
    shut = ClientCertificate(certificate_pem(key), SecretStr(key_pem(key, "open")))
    with pytest.raises(ValueError, match="passphrase is missing"):
        load_into(context, shut)
    assert "PRIVATE" not in repr(pair)

"""Everything that can go wrong on the way, as outcomes with a cause and a next step."""

from __future__ import annotations

import dataclasses
import errno
import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

from smstui.i18n import N_, _
from smstui.providers.base import Outcome, Response, Result

_CERTIFICATE = {
    9: (
        N_("not yet valid"),
        N_("The host's certificate is not yet valid."),
        N_("Check the clock."),
    ),
    10: (
        N_("certificate expired"),
        N_("The host's certificate has expired."),
        N_("Check this machine's clock, or have the host's owner renew it."),
    ),
    18: (
        N_("self-signed"),
        N_("The host's certificate is self-signed, so nobody vouches for it."),
        N_("Check the API host. A private authority is trusted by way of SSL_CERT_FILE."),
    ),
    62: (
        N_("wrong certificate"),
        N_("The host's certificate is for another name."),
        N_("Check the spelling of the API host, and who answers there."),
    ),
}
"""OpenSSL's verification codes (x509_vfy.h) to word, cause and next step."""

_CERTIFICATE_ALIASES = {19: 18, 64: 62}

_UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN}


def of_error(error: Exception, host: str, *, written: bool) -> Outcome:
    """Return what an error of httpx, or of the system below it, means.

    Args:
        error: what was raised.
        host: where the request went, for the sentences.
        written: whether the request may have reached the host.
    """
    import httpx

    if isinstance(error, httpx.ProxyError):
        return _failed(
            _("proxy refused"),
            _("The proxy does not let the connection to {host} through.").format(host=host),
            _("Check HTTPS_PROXY in the environment, and the proxy's rules."),
        )
    if isinstance(error, httpx.LocalProtocolError | httpx.UnsupportedProtocol):
        return bad_request()
    if isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout):
        return _failed(
            _("timed out"),
            _("{host} did not take the connection in time.").format(host=host),
            _("Check the network and the firewall."),
        )
    for cause in _causes(error):
        known = _of_cause(cause, host)
        if known is not None and not written:
            return known
    if isinstance(error, httpx.TimeoutException):
        return _no_answer(host)
    if isinstance(error, httpx.RemoteProtocolError) and "disconnect" not in str(error):
        return _failed(
            _("broken answer"),
            _("What came from {host} is not HTTP, or its end is missing.").format(host=host),
            _("Check host and port, and whether something answers in the provider's place."),
        )
    return _failed(
        _("connection cut"),
        _("The connection to {host} was cut before the answer came.").format(host=host),
        _("Check the network, then try again."),
    )


def is_tls_alert(error: Exception) -> bool:
    """Whether the host ended the handshake by an alert, so that it took no request.

    In TLS 1.3 the alert about a client's certificate comes when the request is on its way already.
    """
    return any(isinstance(e, ssl.SSLError) and "ALERT" in (e.reason or "") for e in _causes(error))


def plain_http() -> Outcome:
    """Return the outcome of a URL that would carry secrets unprotected."""
    return _failed(
        _("plain http"),
        _("The address is not https, so the secrets would travel unprotected."),
        _("Use https. Plain http is for this machine only."),
    )


def bad_request() -> Outcome:
    """Return the outcome of a request that cannot be written as HTTP."""
    return _failed(
        _("bad request"),
        _("The request cannot be written as HTTP: its address or a header is malformed."),
        _("Check the host, the ids and the headers for blanks and special characters."),
    )


def bad_settings(message: str) -> Outcome:
    """Return the outcome of an environment that allows no connection at all."""
    return _failed(_("no connection"), message, "")


def too_slow(host: str, seconds: float) -> Outcome:
    """Return the outcome of an answer that did not end."""
    return dataclasses.replace(
        _no_answer(host),
        cause=_("{host} did not finish its answer within {n} s.").format(
            host=host, n=f"{seconds:g}"
        ),
    )


def bad_encoding() -> Outcome:
    """Return the outcome of a body whose Content-Encoding is wrong or unknown."""
    return _failed(
        _("broken answer"),
        _("The answer is not compressed in the way that it says."),
        _("Check whether a proxy or a portal answers in the provider's place."),
    )


def redirected(response: Response) -> Outcome:
    """Return the outcome of a redirect; it is not followed, so that no secret goes elsewhere."""
    try:
        parts = urlsplit(response.header("Location"))
        goal = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else parts.path
    except ValueError:
        goal = ""
    return _failed(
        _("redirected"),
        _("The host points elsewhere: {goal}.").format(
            goal=goal[:200] or _("it does not say where")
        ),
        _("Check the API host. Redirects are not followed, so that no secret goes elsewhere."),
        summary=_("redirected (HTTP {status})").format(status=response.status),
    )


def through_proxy(trouble: Outcome, proxy: str) -> Outcome:
    """Return trouble before the host was reached, naming the proxy (host and port) on the way."""
    said = _("The way goes through the proxy {proxy}: check that, too.").format(proxy=proxy)
    return dataclasses.replace(trouble, next_step=f"{trouble.next_step} {said}".strip())


def of_sending(trouble: Outcome, *, written: bool, look_up: str) -> Outcome:
    """Return trouble while a message was sent, saying whether it may have gone out."""
    if written:
        doubt = _("It may have been sent. Look it up before sending again.")
        return dataclasses.replace(trouble, next_step=f"{doubt} {look_up}".strip())
    said = _("Nothing was sent.")
    return dataclasses.replace(trouble, next_step=f"{said} {trouble.next_step}".strip())


def _no_answer(host: str) -> Outcome:
    return _failed(
        _("no answer"),
        _("{host} took the request and did not answer in time.").format(host=host),
        _("Try again later; look at the provider's status page."),
    )


def _of_cause(cause: BaseException, host: str) -> Outcome | None:
    """Return what an error below httpx means, or None when it tells nothing."""
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _of_certificate(cause, host)
    if isinstance(cause, ssl.SSLError) and _about_our_certificate(cause):
        return _failed(
            _("client certificate"),
            _("{host} wants a client certificate, or does not accept this one.").format(host=host),
            _("Check with the provider which certificate it expects (mTLS)."),
        )
    if isinstance(cause, ssl.SSLError):
        return _failed(
            _("TLS failed"),
            _("{host} does not speak TLS 1.2 or newer here.").format(host=host),
            _("Check host and port; plain http is for this machine only."),
        )
    if isinstance(cause, socket.gaierror):
        again = cause.errno == socket.EAI_AGAIN
        return _failed(
            _("host not found"),
            (
                _("The name service does not answer for {host}.")
                if again
                else _("There is no host of the name {host}.")
            ).format(host=host),
            _("Check the spelling of the API host, and this machine's name service."),
        )
    if isinstance(cause, ConnectionRefusedError):
        return _failed(
            _("connection refused"),
            _("Nothing listens at {host}.").format(host=host),
            _("Check host and port, and whether the service runs."),
        )
    if isinstance(cause, OSError) and cause.errno in _UNREACHABLE:
        return _failed(
            _("unreachable host"),
            _("There is no way from here to {host}.").format(host=host),
            _("Check the network, the VPN and the firewall."),
        )
    return None


def _about_our_certificate(error: ssl.SSLError) -> bool:
    """Whether an alert is about the certificate of this side (RFC 8446, section 6.2)."""
    reason = error.reason or ""
    names = ("CERTIFICATE", "UNKNOWN_CA", "HANDSHAKE_FAILURE", "ACCESS_DENIED")
    return "ALERT" in reason and any(name in reason for name in names)


def _of_certificate(error: ssl.SSLCertVerificationError, host: str) -> Outcome:
    code = error.verify_code
    known = _CERTIFICATE.get(_CERTIFICATE_ALIASES.get(code, code))
    if known is not None:
        word, cause, next_step = (_(text) for text in known)
    else:
        word = _("untrusted")
        cause = _("The host's certificate comes from an authority that is not trusted here.")
        next_step = _("A private authority is trusted by way of SSL_CERT_FILE.")
    return dataclasses.replace(
        _failed(word, cause, next_step, summary=f"{host}: {word}"), raw=error.verify_message
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the errors behind an error, through causes, contexts and groups."""
    seen: list[BaseException] = []
    waiting = [error]
    while waiting:
        current = waiting.pop(0)
        if current in seen:
            continue
        seen.append(current)
        yield current
        waiting += [e for e in (current.__cause__, current.__context__) if e is not None]
        if isinstance(current, BaseExceptionGroup):
            waiting += current.exceptions


def _failed(word: str, cause: str, next_step: str, *, summary: str = "") -> Outcome:
    return Outcome(
        result=Result.FAILED,
        word=word,
        summary=summary or word,
        cause=cause,
        next_step=next_step,
    )


def untold(vendor: str) -> Outcome:
    """Return the outcome of a message that was accepted, and of which no webhook told anything."""
    return Outcome(
        result=Result.PENDING,
        word=_("accepted"),
        summary=_("accepted; no webhook told more of it"),
        cause=_("{vendor} tells delivery to webhooks alone.").format(vendor=vendor),
        next_step=_("Check that the receiver is on, and that the provider has its URL."),
    )

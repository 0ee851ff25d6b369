"""Certificates for the real host names, from an authority that lives as long as this process.

Knows trustme and the standard library's TLS. The authority's private key stays in memory and is
written nowhere; only its certificate is. Must not know sockets, calls or regions.

Glossary
    authority  the local certificate authority that a client is told to trust.
    flaw       what is wrong with a listener on purpose, so that a client should refuse it.
"""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any, get_args

from adsmock.mockserver.core.connection_event import Flaw

FLAWS: tuple[Flaw, ...] = get_args(Flaw)

WRONG_NAME = "another-name.invalid"
"""The name on the certificate of ``wrong-name``; no client ever asks for it."""

MISSING = "TLS needs trustme: pip install 'adsmock[tls]'"

_ORGANIZATION = "adsmock, for tests on this machine only"


def is_available() -> bool:
    """Say whether certificates can be made here."""
    return find_spec("trustme") is not None


class Authority:
    """A certificate authority and the server contexts that it vouches for, made on first use."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(dict.fromkeys(names))
        self._contexts: dict[Flaw, ssl.SSLContext] = {}
        self._ca = _new_ca()

    @property
    def certificate(self) -> bytes:
        """The authority's certificate in PEM, the one thing that a client needs."""
        pem: bytes = self._ca.cert_pem.bytes()
        return pem

    def context(self, flaw: Flaw = "none") -> ssl.SSLContext:
        """Return the server context of a listener with this flaw."""
        known = self._contexts.get(flaw)
        if known is None:
            known = self._contexts[flaw] = self._make(flaw)
        return known

    def _make(self, flaw: Flaw) -> ssl.SSLContext:
        issuer = _new_ca() if flaw == "unknown-ca" else self._ca
        names = (WRONG_NAME,) if flaw == "wrong-name" else self._names
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issuer.issue_cert(*names).configure_cert(context)
        context.set_alpn_protocols(["http/1.1"])
        if flaw == "old-protocol":
            _age(context)
        return context


def _age(context: ssl.SSLContext) -> None:
    """Let a context speak nothing newer than TLS 1.1.

    OpenSSL does so at security level 0 alone, because 1.0 and 1.1 sign with SHA-1.
    """
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that it is outdated is the point
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1


def _new_ca() -> Any:
    import trustme  # noqa: PLC0415 -- an extra, and its import takes 100 ms

    return trustme.CA(organization_name=_ORGANIZATION)

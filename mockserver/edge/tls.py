"""Certificates for the real host names, from a certificate authority of this process.

The authority's private key stays in memory; only its certificate is written.

Glossary
    authority  the local certificate authority that a client has to trust.
    flaw       an intended TLS defect, which a client should refuse.
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
"""The name on the certificate of ``wrong-name``; no client requests it."""

MISSING = "TLS needs trustme: pip install 'adsmock[tls]'"

_ORGANIZATION = "adsmock, for tests on this machine only"


def is_available() -> bool:
    """Say whether certificates can be made here."""
    return find_spec("trustme") is not None


class Authority:
    """A certificate authority and its server contexts, created at first use."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(dict.fromkeys(names))
        self._contexts: dict[Flaw, ssl.SSLContext] = {}
        self._ca = _new_ca()

    @property
    def certificate(self) -> bytes:
        """The authority's certificate in PEM."""
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
            _allow_only_old_protocols(context)
        return context


def _allow_only_old_protocols(context: ssl.SSLContext) -> None:
    """Restrict a context to TLS 1.0 and 1.1.

    OpenSSL allows these only at security level 0, because they sign with SHA-1.
    """
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # an outdated version is intended
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1


def _new_ca() -> Any:
    import trustme  # noqa: PLC0415 -- an extra, and its import takes 100 ms

    return trustme.CA(organization_name=_ORGANIZATION)

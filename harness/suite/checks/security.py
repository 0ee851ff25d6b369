"""Checks of how secrets travel: over which TLS, to which host, in which part of a call.

Source: WAF, fundamental component, encryption in transit; access-token pages; documented.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.journal import CaseView, Entry

HANDSHAKE = "tls.handshake"
GRANT = "lwa.token"
FIRST_REDIRECT, LAST_REDIRECT = 300, 399

MODERN = frozenset({"TLSv1.2", "TLSv1.3"})

HASHED = re.compile(r"(?:^|[=&])tok-[0-9a-f]{12}(?:&|$)")
"""What the journal puts in the place of a token or secret in a query."""

ONLY_FOR_GRANTS = ("refresh_token", "client_secret")


def flawed_listener_is_refused(view: CaseView, flaw: str) -> Finding:
    """Hold when no request followed a handshake with a listener that must not be trusted.

    A client that reaches nobody proves nothing, so a call over sound TLS must have succeeded.
    """
    shakes = [one for one in _handshakes(view) if _told(one, "flaw") == flaw]
    connections = {one.connection for one in shakes}
    calls = [one for one in _calls(view) if one.is_tls and one.connection in connections]
    numbers = {"handshakes": len(shakes), "requests": len(calls)}
    if calls:
        return broken(
            f"{counted(len(calls), 'request')} went to a listener that must not be trusted "
            f"({flaw}); the first was {calls[0].operation or calls[0].path}",
            rows(calls, "sent although the listener must not be trusted"),
            **numbers,
        )
    if not shakes:
        return unproven(f"nobody came to the listener with the flaw {flaw}", **numbers)
    if not any(one.is_tls and one.is_success for one in _calls(view)):
        return unproven("no call succeeded over sound TLS, so the client may trust nobody")
    return holds(
        f"{counted(len(shakes), 'handshake')} with the listener ({flaw}), no request after any",
        rows(shakes[:1], "refused by the client"),
        **numbers,
    )


def tls_is_modern(view: CaseView) -> Finding:
    """Hold when every handshake that was completed agreed on TLS 1.2 or newer."""
    done = [one for one in _handshakes(view) if _told(one, "version")]
    old = [one for one in done if _told(one, "version") not in MODERN]
    numbers = {"handshakes": len(done), "old": len(old)}
    if old:
        return broken(
            f"{counted(len(old), 'handshake')} of {len(done)} agreed on {_told(old[0], 'version')}",
            [row(one, f"agreed on {_told(one, 'version')}") for one in old],
            **numbers,
        )
    if not done:
        return unproven("no handshake was completed", **numbers)
    return holds(f"{counted(len(done), 'handshake')}, all of TLS 1.2 or newer", (), **numbers)


def secrets_stay_out_of_addresses(view: CaseView) -> Finding:
    """Hold when no query holds a token or secret, and none but the token endpoint gets them."""
    calls = _calls(view)
    shown = [one for one in calls if HASHED.search(one.query)]
    astray = [one for one in calls if one.operation != GRANT and _carries_grant(one)]
    if shown or astray:
        first = (shown or astray)[0]
        where = "in its address" if shown else "although it is no request for a token"
        return broken(
            f"call {first.seq} ({first.operation or first.path}) carried a secret {where}",
            [
                *rows(shown, "a token or secret stands in the address"),
                *rows(astray, "carried what belongs to the token endpoint alone"),
            ],
            calls=len(calls),
            shown=len(shown),
            astray=len(astray),
        )
    if not any(one.operation == GRANT for one in calls) or not view.api:
        return unproven("no token was asked for and used")
    return holds(f"{counted(len(calls), 'call')}, none with a secret in its address")


def token_stays_with_its_host(view: CaseView, hosts: list[str]) -> Finding:
    """Hold when no call to a foreign host, one of ``hosts``, carried a token."""
    redirects = _redirects(view)
    there = [one for one in _calls(view) if _name(one) in hosts]
    leaked = [one for one in there if one.token]
    return _after_redirect(redirects, there, leaked, "to a foreign host")


def token_stays_inside_tls(view: CaseView) -> Finding:
    """Hold when no redirected call was made again outside TLS with its token."""
    redirects = _redirects(view)
    moved = {(one.operation, one.region) for one in redirects}
    clear = [one for one in _calls(view) if not one.is_tls and (one.operation, one.region) in moved]
    return _after_redirect(redirects, clear, [one for one in clear if one.token], "in clear")


def _after_redirect(
    redirects: list[Entry], there: list[Entry], leaked: list[Entry], whither: str
) -> Finding:
    numbers = {"redirects": len(redirects), "followed": len(there), "leaked": len(leaked)}
    if leaked:
        return broken(
            f"{counted(len(leaked), 'call')} carried a token {whither}",
            [*rows(redirects[:1], "redirected"), *rows(leaked, f"carried a token {whither}")],
            **numbers,
        )
    if not redirects:
        return unproven("no call was redirected", **numbers)
    followed = f"followed {counted(len(there), 'time')} without" if there else "not followed with"
    return holds(
        f"{counted(len(redirects), 'redirect')}, {followed} a token",
        rows(redirects[:1], "redirected"),
        **numbers,
    )


def _calls(view: CaseView) -> list[Entry]:
    return [one for one in view.entries if one.operation != HANDSHAKE]


def _handshakes(view: CaseView) -> Iterable[Entry]:
    return view.of_operation(HANDSHAKE)


def _redirects(view: CaseView) -> list[Entry]:
    return [one for one in view.entries if FIRST_REDIRECT <= one.status <= LAST_REDIRECT]


def _told(entry: Entry, name: str) -> str:
    """Return what a handshake's entry says under a name, empty when nothing."""
    return str(entry.request.get(name, "")) if isinstance(entry.request, dict) else ""


def _carries_grant(entry: Entry) -> bool:
    body = entry.request
    return isinstance(body, dict) and any(name in body for name in ONLY_FOR_GRANTS)


def _name(entry: Entry) -> str:
    return entry.host.rsplit(":", 1)[0]


JUDGES = (
    flawed_listener_is_refused,
    secrets_stay_out_of_addresses,
    tls_is_modern,
    token_stays_inside_tls,
    token_stays_with_its_host,
)

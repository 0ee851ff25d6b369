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
from adsmock.harness.suite.checks.reaction import reports_failure
from adsmock.harness.suite.journal import CaseView, Entry

HANDSHAKE = "tls.handshake"
GRANT = "lwa.token"
FIRST_REDIRECT, LAST_REDIRECT = 300, 399

MODERN = frozenset({"TLSv1.2", "TLSv1.3"})

HASHED = re.compile(r"(?:^|[=&])tok-[0-9a-f]{12}(?:&|$)")
"""The journal's replacement for a token or secret in a query."""

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})

ONLY_FOR_GRANTS = ("refresh_token", "client_secret")


def flawed_listener_is_refused(view: CaseView, flaw: str, trusted: int = 0) -> Finding:
    """Hold when no request followed a handshake with an untrusted listener.

    A call over trusted TLS must have succeeded: a client that connects nowhere proves nothing.
    ``trusted`` are such calls of the same program in a pass without faults, or in other cases. A
    program with one token host for all regions makes none where that host is the untrusted one.
    """
    shakes = [handshake for handshake in _handshakes(view) if _field(handshake, "flaw") == flaw]
    connections = {shake.connection for shake in shakes}
    calls = [call for call in _calls(view) if call.is_tls and call.connection in connections]
    numbers = {"handshakes": len(shakes), "requests": len(calls)}
    if calls:
        return broken(
            f"{counted(len(calls), 'request')} went to an untrusted listener ({flaw}); the first "
            f"was {calls[0].operation or calls[0].path}",
            rows(calls, "sent to an untrusted listener"),
            calls[0],
            **numbers,
        )
    if not shakes:
        return unproven(
            f"the client never connected to the listener with the flaw {flaw}", **numbers
        )
    if not trusted and not any(call.is_tls and call.is_success for call in _calls(view)):
        return _no_call(view)
    return holds(
        f"{counted(len(shakes), 'handshake')} with the listener ({flaw}), and no request",
        rows(shakes[:1], "refused by the client"),
        **numbers,
    )


def _no_call(view: CaseView) -> Finding:
    """Return why no call over trusted TLS succeeded: a stop, failed calls, or no trust.

    A handshake of TLS 1.3 may be complete here and yet be refused by the client: only one that
    carried a call shows trust.
    """
    lack = "no call succeeded over trusted TLS"
    calls = sum(call.is_tls for call in _calls(view))
    if view.record.ending.timed_out:
        shakes = counted(len(list(_handshakes(view))), "handshake")
        return unproven(
            f"{lack} before the client was stopped at its time limit; {shakes}", stopped=True
        )
    if calls:
        return unproven(f"{lack}, although {counted(calls, 'call')} arrived over it")
    return unproven(f"{lack}, so the client may trust no server at all")


def tls_is_modern(view: CaseView, modern: int = 0) -> Finding:
    """Hold when every completed handshake negotiated TLS 1.2 or newer.

    ``modern`` are such handshakes of the same program in a pass without faults, or in other cases.
    A program with one
    token host for all regions completes none where that host is the untrusted one.
    """
    done = [handshake for handshake in _handshakes(view) if _field(handshake, "version")]
    old = [call for call in done if _field(call, "version") not in MODERN]
    numbers = {"handshakes": len(done), "old": len(old)}
    if old:
        return broken(
            f"{len(old)} of {counted(len(done), 'handshake')} negotiated "
            f"{_field(old[0], 'version')}",
            [row(call, f"negotiated {_field(call, 'version')}") for call in old],
            old[0],
            **numbers,
        )
    if not done and modern:
        return holds(
            "no handshake was completed here; elsewhere in the run "
            f"{counted(modern, 'handshake')}, all with TLS 1.2 or newer",
            (),
            **numbers,
        )
    if not done:
        return unproven(
            "no handshake was completed: the program connected to no trusted host", **numbers
        )
    return holds(f"{counted(len(done), 'handshake')}, all with TLS 1.2 or newer", (), **numbers)


def modern_handshakes(view: CaseView) -> int:
    """Return the completed handshakes with TLS 1.2 or newer, 0 when one was older."""
    versions = [_field(handshake, "version") for handshake in _handshakes(view)]
    completed = [version for version in versions if version]
    return len(completed) if MODERN.issuperset(completed) else 0


def secrets_stay_out_of_urls(view: CaseView) -> Finding:
    """Hold when no URL contains a token or secret, and only the token endpoint gets them."""
    calls = _calls(view)
    shown = [call for call in calls if HASHED.search(call.query)]
    astray = [call for call in calls if call.operation != GRANT and _carries_grant(call)]
    if shown or astray:
        first = (shown or astray)[0]
        where = "in its URL" if shown else "outside a token request"
        return broken(
            f"call {first.seq} ({first.operation or first.path}) carried a secret {where}",
            [
                *rows(shown, "token or secret in the URL"),
                *rows(astray, "secret for the token endpoint only"),
            ],
            calls=len(calls),
            shown=len(shown),
            astray=len(astray),
        )
    if not any(call.operation == GRANT for call in calls) or not view.api:
        return unproven("no token was requested and used")
    return holds(f"{counted(len(calls), 'call')}, none with a secret in its URL")


def token_stays_with_its_host(view: CaseView, hosts: list[str]) -> Finding:
    """Hold when no call to the foreign host, over TLS at one of ``hosts``, carried a token.

    A client may call the API itself at ``localhost``: the port tells it from the foreign host.
    """
    redirects = _redirects(view)
    own = {_address(redirect) for redirect in redirects[:1]}
    there = [
        call
        for call in _calls(view)
        if call.is_tls and _name(call) in hosts and _address(call) not in own
    ]
    leaked = [call for call in there if call.token]
    return _after_redirect(view, redirects, there, leaked, "to another host")


def token_stays_inside_tls(view: CaseView) -> Finding:
    """Hold when no redirected call was repeated without TLS and with its token."""
    redirects = _redirects(view)
    moved = {(redirect.operation, redirect.region) for redirect in redirects}
    clear = [
        call for call in _calls(view) if not call.is_tls and (call.operation, call.region) in moved
    ]
    leaked = [call for call in clear if call.token]
    return _after_redirect(view, redirects, clear, leaked, "without TLS")


def _after_redirect(
    view: CaseView, redirects: list[Entry], there: list[Entry], leaked: list[Entry], where: str
) -> Finding:
    numbers = {"redirects": len(redirects), "followed": len(there), "leaked": len(leaked)}
    if leaked:
        return broken(
            f"{counted(len(leaked), 'call')} carried a token {where}",
            [*rows(redirects[:1], "redirected"), *rows(leaked, f"carried a token {where}")],
            **numbers,
        )
    if not redirects:
        return unproven("no call was redirected", **numbers)
    if not any(call.seq > redirects[0].seq for call in view.api) and not reports_failure(view):
        return unproven("the client neither followed the redirect nor reported it", **numbers)
    followed = f"followed {counted(len(there), 'time')}" if there else "not followed"
    return holds(
        f"{counted(len(redirects), 'redirect')}, {followed}, no token sent",
        rows(redirects[:1], "redirected"),
        **numbers,
    )


def _calls(view: CaseView) -> list[Entry]:
    return [entry for entry in view.entries if entry.operation != HANDSHAKE]


def _handshakes(view: CaseView) -> Iterable[Entry]:
    return view.of_operation(HANDSHAKE)


def _redirects(view: CaseView) -> list[Entry]:
    return [entry for entry in view.entries if FIRST_REDIRECT <= entry.status <= LAST_REDIRECT]


def _field(entry: Entry, name: str) -> str:
    """Return a field of a handshake's entry, empty when it is missing."""
    return str(entry.request.get(name, "")) if isinstance(entry.request, dict) else ""


def _carries_grant(entry: Entry) -> bool:
    body = entry.request
    return isinstance(body, dict) and any(name in body for name in ONLY_FOR_GRANTS)


def _address(entry: Entry) -> tuple[str, int]:
    """Return the host and port of a call; all names of this machine are one host."""
    name = _name(entry)
    return ("localhost" if name in LOOPBACK else name, entry.port)


def _name(entry: Entry) -> str:
    return entry.host.rsplit(":", 1)[0]


JUDGES = (
    flawed_listener_is_refused,
    secrets_stay_out_of_urls,
    tls_is_modern,
    token_stays_inside_tls,
    token_stays_with_its_host,
)

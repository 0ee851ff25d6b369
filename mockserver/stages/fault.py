"""What shall go wrong with this call, and what that does before and after the work.

Knows how planned faults become refusals and reply effects. What happens on the wire itself is
the edge's. Must not know resources.
"""

from __future__ import annotations

from dataclasses import replace
from email.utils import formatdate

from adsmock.contracts.contract_set import ContractSet
from adsmock.mockserver.core.caller import Caller
from adsmock.mockserver.core.error import ApiError, Injected
from adsmock.mockserver.core.fault import Effect, Planned, Subject
from adsmock.mockserver.core.sandbox import Sandbox

_DEFAULT_STATUS = {"http": 503, "html": 503, "outage": 503, "empty": 200}


def plan(subject: Subject, sandbox: Sandbox, *, outage: bool = False) -> Planned | None:
    """Return the fault this call shall meet, if any."""
    return sandbox.faults.next(subject, sandbox.clock.now(), outage=outage)


def meet(planned: Planned, caller: Caller, contract_set: ContractSet, now: float) -> Effect:
    """Let the fault act and return what remains for the verb or the edge to honour.

    Raises:
        Injected: the fault is a refusal.
        ApiError: the fault took the token away.
    """
    effect = planned.rule.effect
    planned.met += 1
    if effect.kind == "outage" and effect.mode == "reset":
        effect = replace(effect, kind="reset")
    if effect.kind == "reset" and effect.point == "before":
        raise Injected("unavailable", 503, effect)
    if effect.kind in _DEFAULT_STATUS:
        raise _refusal(effect, contract_set, now)
    if effect.kind == "token-revoked":
        _revoke(caller)
        raise ApiError("unauthorized", 401)
    return effect


def _refusal(effect: Effect, contract_set: ContractSet, now: float) -> Injected:
    status = effect.status or _DEFAULT_STATUS[effect.kind]
    dialect = None if effect.dialect == "family" else effect.dialect
    if effect.kind == "html":
        dialect = "html"
    elif effect.kind == "outage" and dialect is None:
        dialect = "gateway"
    headers = dict(effect.headers)
    if effect.retry_after is not None:
        headers["Retry-After"] = _retry_after(effect.retry_after, now)
    try:
        kind = contract_set.kind_of(status)
    except KeyError:
        kind = "internal"
    return Injected(kind, status, effect, message=effect.message, dialect=dialect, headers=headers)


def _retry_after(text: str, now: float) -> str:
    """Return seconds as they are, and ``http-date:N`` as the date N seconds ahead."""
    form, _, seconds = text.partition(":")
    return formatdate(now + int(seconds), usegmt=True) if form == "http-date" else text


def _revoke(caller: Caller) -> None:
    if caller.sandbox is not None and caller.token is not None:
        caller.sandbox.tokens.revoked.add(caller.token)

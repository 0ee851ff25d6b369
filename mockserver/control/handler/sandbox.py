"""Sandboxes: made, shown, emptied, forgotten. Knows the request's form."""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.control.handler.throttle import quotas_of
from adsmock.mockserver.control.request import ControlRequest
from adsmock.mockserver.control.serializers import sandbox_row
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.services.durations import read_time
from adsmock.mockserver.services.sandboxes.create import (
    DEFAULT_PROFILES,
    SCOPES,
    ProfileRequest,
    SandboxRequest,
    make_sandbox,
    reset,
)
from adsmock.mockserver.services.sandboxes.scenario import take_back


def list_all(ask: ControlRequest) -> Any:
    """Return every sandbox, oldest first."""
    return {"sandboxes": [sandbox_row(each, ask.urls) for each in ask.sandboxes.all()]}


def create(ask: ControlRequest) -> Any:
    """Make a sandbox and return what a client needs to use it."""
    with ask.sandboxes.lock:
        sandbox = make_sandbox(ask.sandboxes, ask.contract_set, _request(ask))
    return sandbox_row(sandbox, ask.urls)


def get(ask: ControlRequest) -> Any:
    """Return one sandbox."""
    return sandbox_row(ask.sandbox, ask.urls)


def delete(ask: ControlRequest) -> None:
    """Forget a sandbox; its credentials are unknown from now on."""
    sandbox_id = ask.sandbox.id
    ask.sandboxes.remove(sandbox_id)
    ask.shelf.forget(sandbox_id)
    if ask.listeners is not None:
        ask.listeners.close(sandbox_id)


def reset_scopes(ask: ControlRequest) -> Any:
    """Empty the named parts, or all."""
    scopes = tuple(ask.body.get("scope", SCOPES))
    sandbox = ask.sandbox
    with sandbox.lock:
        reset(sandbox, ask.contract_set, scopes)
        if "faults" in scopes:
            take_back(sandbox)
    return {"reset": list(scopes)}


def _request(ask: ControlRequest) -> SandboxRequest:
    body = ask.body
    clock = body.get("clock", {})
    probe = SandboxRequest()
    start = clock.get("start")
    now = ask.sandboxes.source.epoch()
    return SandboxRequest(
        id=body.get("id") or _free_id(ask),
        seed=body.get("seed", probe.seed),
        clock_mode=clock.get("mode", probe.clock_mode),
        clock_start=None if start is None else read_time(start, now, "/clock/start"),
        clock_rate=float(clock.get("rate", probe.clock_rate)),
        journal=body.get("journal", probe.journal),
        quotas=quotas_of(body.get("quotas", {})),
        retry_after=body.get("retryAfter", probe.retry_after),
        profiles=_profiles(ask),
        token_lifetime=body.get("tokenLifetime"),
        choices=body.get("choices", {}),
    )


def _free_id(ask: ControlRequest) -> str:
    number = ask.sandboxes.made
    while ask.sandboxes.get(f"sandbox-{number}") is not None:
        number += 1
    return f"sandbox-{number}"


def _profiles(ask: ControlRequest) -> tuple[ProfileRequest, ...]:
    given = ask.body.get("profiles")
    if given is None:
        return DEFAULT_PROFILES
    rows = []
    for place, row in enumerate(given):
        market = ask.contract_set.marketplaces.get(row["country"])
        if market is None:
            known = ", ".join(sorted(ask.contract_set.marketplaces))
            pointer = f"/profiles/{place}/country"
            raise SetupError(f"no marketplace {row['country']}; known: {known}", pointer=pointer)
        region = row.get("region", market.region)
        rows.append(ProfileRequest(region, row["country"], row.get("type", "seller")))
    return tuple(rows)

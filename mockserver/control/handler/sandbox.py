"""Sandboxes: create, show, reset, delete."""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.control.handler.throttle import quotas_of
from adsmock.mockserver.control.request import ControlRequest
from adsmock.mockserver.control.serializers import listed_sandbox, sandbox_row
from adsmock.mockserver.control.unknown_name import UnknownName
from adsmock.mockserver.core.turns import free_in_slices
from adsmock.mockserver.services.durations import read_time
from adsmock.mockserver.services.sandboxes.create import (
    DEFAULT_PROFILES,
    SCOPES,
    ProfileRequest,
    SandboxRequest,
    make_sandbox,
    reset,
)
from adsmock.mockserver.services.sandboxes.scenario import clear_choices


def list_all(request: ControlRequest) -> Any:
    """Return every sandbox without its secrets, oldest first."""
    return {"sandboxes": [listed_sandbox(each, request.urls) for each in request.sandboxes.all()]}


def create(request: ControlRequest) -> Any:
    """Create a sandbox and return everything that a client needs to use it."""
    with request.sandboxes.lock:
        sandbox = make_sandbox(request.sandboxes, request.contract_set, _request(request))
    return sandbox_row(sandbox, request.urls)


def get(request: ControlRequest) -> Any:
    """Return one sandbox."""
    return sandbox_row(request.sandbox, request.urls)


def delete(request: ControlRequest) -> None:
    """Delete a sandbox; its credentials become unknown."""
    sandbox = request.sandbox
    request.sandboxes.remove(sandbox.id)
    request.snapshots.forget(sandbox.id)
    if request.listeners is not None:
        request.listeners.close(sandbox.id)
    former = sandbox.store.all()
    del sandbox
    free_in_slices(former)


def reset_scopes(request: ControlRequest) -> Any:
    """Reset the named parts, by default all."""
    scopes = tuple(request.body.get("scope", SCOPES))
    sandbox = request.sandbox
    with sandbox.lock:
        former = sandbox.store.all()
        reset(sandbox, request.contract_set, scopes)
        if "faults" in scopes:
            clear_choices(sandbox)
    free_in_slices(former)
    return {"reset": list(scopes)}


def _request(request: ControlRequest) -> SandboxRequest:
    body = request.body
    clock = body.get("clock", {})
    defaults = SandboxRequest()
    start = clock.get("start")
    now = request.sandboxes.source.epoch()
    return SandboxRequest(
        id=body.get("id") or _unused_id(request),
        seed=body.get("seed", defaults.seed),
        clock_mode=clock.get("mode", defaults.clock_mode),
        clock_start=None if start is None else read_time(start, now, "/clock/start"),
        clock_rate=float(clock.get("rate", defaults.clock_rate)),
        journal=body.get("journal", request.sandboxes.journal_mode),
        quotas=quotas_of(body.get("quotas", {})),
        retry_after=body.get("retryAfter", defaults.retry_after),
        profiles=_profiles(request),
        token_lifetime=body.get("tokenLifetime"),
        choices=body.get("choices", {}),
    )


def _unused_id(request: ControlRequest) -> str:
    number = request.sandboxes.made
    while request.sandboxes.get(f"sandbox-{number}") is not None:
        number += 1
    return f"sandbox-{number}"


def _profiles(request: ControlRequest) -> tuple[ProfileRequest, ...]:
    given = request.body.get("profiles")
    if given is None:
        return DEFAULT_PROFILES
    rows = []
    for place, row in enumerate(given):
        market = request.contract_set.marketplaces.get(row["country"])
        if market is None:
            pointer = f"/profiles/{place}/country"
            known = request.contract_set.marketplaces
            raise UnknownName("marketplace", row["country"], known, status=400, pointer=pointer)
        region = row.get("region", market.region)
        rows.append(ProfileRequest(region, row["country"], row.get("type", "seller")))
    return tuple(rows)


def postman(request: ControlRequest) -> Any:
    """Return the data plane as a Postman collection, or the environment of a sandbox."""
    from adsmock.mockserver.control.postman import collection, environment  # noqa: PLC0415 -- few need it

    if request.query["part"] == "environment":
        return environment(request.sandbox, request.urls)
    return collection(request.contract_set)

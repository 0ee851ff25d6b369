"""Quotas, pressure, load windows and live buckets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.control.request import ControlRequest
from adsmock.mockserver.control.schema import pointer
from adsmock.mockserver.control.unknown_name import UnknownName
from adsmock.mockserver.core.load_window import LoadWindow
from adsmock.mockserver.core.sandbox import QuotaSetting, Sandbox, Throttle
from adsmock.mockserver.services.sandboxes.quotas import default_quotas, quotas_with
from adsmock.mockserver.services.sandboxes.scenario import load_window_of


def get(request: ControlRequest) -> Any:
    """Return the settings and the level of every bucket."""
    sandbox = request.sandbox
    with sandbox.lock:
        return throttle_row(sandbox)


def load_windows_of(rows: list[dict[str, Any]], now: float) -> tuple[LoadWindow, ...]:
    """Return load windows from JSON, where times may be relative to now (``+PT5M``).

    Raises:
        SetupError: a time is not valid, or a window ends before it begins.
    """
    return tuple(
        load_window_of(row, now, pointer("loadWindows", place)) for place, row in enumerate(rows)
    )


def put(request: ControlRequest) -> Any:
    """Replace quotas, pressure and load windows; buckets start full, other settings are default."""
    given = quotas_of(request.body.get("quotas", {}))
    defaults = default_quotas(request.contract_set)
    for name in given:
        if name not in defaults:
            place = pointer("quotas", name)
            raise UnknownName("quota class", name, defaults, status=400, pointer=place)
    sandbox = request.sandbox
    throttle = Throttle(
        quotas_with(given, request.contract_set),
        pressure=dict(request.body.get("pressure", {})),
        retry_after=request.body.get("retryAfter", "family"),
        load_windows=load_windows_of(request.body.get("loadWindows", []), sandbox.clock.now()),
    )
    with sandbox.lock:
        sandbox.throttle = throttle
        return throttle_row(sandbox)


def quotas_of(document: dict[str, Any]) -> dict[str, QuotaSetting]:
    """Return quota settings by class name from JSON."""
    return {
        name: QuotaSetting(float(row["rate"]), float(row["burst"]), row.get("retryAfter", ""))
        for name, row in document.items()
    }


def bucket_rows(sandbox: Sandbox) -> Iterator[dict[str, Any]]:
    """Yield the present level of every bucket."""
    now = sandbox.clock.now()
    for (client, region, quota), bucket in list(sandbox.throttle.buckets.items()):
        waiting = sandbox.waiting(region, quota, now)
        pressure = sandbox.throttle.share(region, quota, now, waiting)
        present = replace(bucket)
        present.take(0.0, now, pressure)
        yield {
            "client": client,
            "region": region,
            "quota": quota,
            "level": present.level,
            "burst": max(bucket.burst * pressure, 1.0),
            "rate": bucket.rate * pressure,
        }


def throttle_row(sandbox: Sandbox) -> dict[str, Any]:
    """Return quotas, pressure, load windows and the level of every bucket."""
    throttle = sandbox.throttle
    quotas = {
        name: {"rate": row.rate, "burst": row.burst, "retryAfter": row.retry_after}
        for name, row in throttle.quotas.items()
    }
    return {
        "quotas": quotas,
        "pressure": dict(throttle.pressure),
        "retryAfter": throttle.retry_after,
        "buckets": list(bucket_rows(sandbox)),
        "loadWindows": [
            {
                "region": window.region,
                "from": format_utc(window.begin),
                "until": format_utc(window.end),
                "share": window.share,
                "waiting": window.waiting,
            }
            for window in throttle.load_windows
        ],
    }

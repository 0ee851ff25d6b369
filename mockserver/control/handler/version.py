"""Shut-off dates of families, to rehearse a deprecation."""

from __future__ import annotations

from typing import Any

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.control.request import ControlRequest
from adsmock.mockserver.control.schema import pointer
from adsmock.mockserver.control.unknown_name import UnknownName
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.services.durations import read_time


def get(request: ControlRequest) -> Any:
    """Return every family with its shut-off date, and whether the date has passed."""
    return {"families": _rows(request, request.sandbox)}


def put(request: ControlRequest) -> Any:
    """Replace all dates; a family without a date, or with null, has none."""
    known = _families(request)
    sandbox = request.sandbox
    now = sandbox.clock.now()
    dates = {}
    for family, row in request.body["families"].items():
        place = pointer("families", family)
        if family not in known:
            raise UnknownName("family", family, known, status=400, pointer=place)
        if row["shutOff"] is not None:
            dates[family] = read_time(row["shutOff"], now, place + "/shutOff")
    with sandbox.lock:
        sandbox.shut_off.clear()
        sandbox.shut_off.update(dates)
    return {"families": _rows(request, sandbox)}


def _families(request: ControlRequest) -> list[str]:
    return sorted({contract.family for contract in request.contract_set.by_name.values()})


def _rows(request: ControlRequest, sandbox: Sandbox) -> dict[str, Any]:
    now = sandbox.clock.now()
    rows = {}
    for family in _families(request):
        end = sandbox.shut_off.get(family)
        is_over = end is not None and now >= end
        rows[family] = {"shutOff": None if end is None else format_utc(end), "isShutOff": is_over}
    return rows

"""Shut-off dates of families: the rehearsal of a deprecation."""

from __future__ import annotations

from typing import Any

from adsmock.contracts.iso8601 import format_utc
from adsmock.contracts.suggest import nearest
from adsmock.mockserver.control.request import ControlRequest, UnknownName
from adsmock.mockserver.control.schema import pointer
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.services.durations import read_time


def get(request: ControlRequest) -> Any:
    """Return every family with its date, if it has one, and whether that has come."""
    return {"families": _rows(request, request.sandbox)}


def put(request: ControlRequest) -> Any:
    """Set the dates; a family that is not named, or named with null, has none."""
    known = _families(request)
    sandbox = request.sandbox
    now = sandbox.clock.now()
    dates = {}
    for family, row in request.body["families"].items():
        place = pointer("families", family)
        if family not in known:
            detail = f"no family {family}; known: {', '.join(known)}"
            raise UnknownName(detail, nearest=nearest(family, known), status=400, pointer=place)
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

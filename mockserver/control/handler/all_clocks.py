"""The clocks of all sandboxes: read, set, advance. One refusal leaves every clock unchanged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from adsmock.mockserver.control.handler import clock
from adsmock.mockserver.control.request import ControlRequest
from adsmock.mockserver.control.serializers import clock_row
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.services.sandboxes.advance_clock import check_reach


def get(request: ControlRequest) -> Any:
    """Return every clock, with its sandbox."""
    return _of_all(request, clock_row)


def put(request: ControlRequest) -> Any:
    """Set every clock."""
    check_put(request.body, [each.clock.now() for each in request.sandboxes.all()])
    return _of_all(request, lambda sandbox: clock.set_clock(sandbox, request.body))


def advance(request: ControlRequest) -> Any:
    """Advance every clock."""
    check_advance(request.body, [each.clock.now() for each in request.sandboxes.all()])
    seconds, calendar = float(request.body["seconds"]), clock.shut_offs(request.contract_set)
    return _of_all(
        request, lambda sandbox: clock.advanced(sandbox, request.sandboxes, seconds, calendar)
    )


def check_put(body: dict[str, Any], times: Iterable[float]) -> None:
    """Check that clocks which show these times can be set.

    Raises:
        SetupError: one of them cannot.
    """
    for present in times:
        clock.check_set(body, present)


def check_advance(body: dict[str, Any], times: Iterable[float]) -> None:
    """Check that clocks which show these times can be advanced.

    Raises:
        SetupError: one of them cannot.
    """
    for present in times:
        check_reach(present, float(body["seconds"]))


def _of_all(request: ControlRequest, row_of: Callable[[Sandbox], dict[str, Any]]) -> Any:
    rows = []
    for sandbox in request.sandboxes.all():
        rows.append({"sandbox": sandbox.id} | row_of(sandbox))
        if sandbox.recorder is not None and request.route.method != "GET":
            sandbox.recorder.record_everything()
    return {"clocks": rows}

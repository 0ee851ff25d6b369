"""Changes of quotas, pressure and load windows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from adsmock.contracts.iso8601 import parse_utc
from adsmock.mockserver.control.configuration.present import Present, quotas_of, scenario_of
from adsmock.mockserver.control.configuration.step import Step
from adsmock.mockserver.core.load_window import LoadWindow
from adsmock.mockserver.services.sandboxes.scenario import Scenario, load_window_of

_COMPARED = ("quotas", "pressure", "retryAfter")
Shape = tuple[str, float, int, int]
"""Region, share, waiting jobs and whole seconds of a load window: its time is relative to now."""


def throttle_steps(sandbox: str, wanted: dict[str, Any], present: Present) -> Iterator[Step]:
    """Yield at most one step that replaces the throttle."""
    if not wanted.keys() & {*_COMPARED, "scenario"}:
        return
    scenario = scenario_of(wanted)
    now = present.throttle
    settings = {
        "quotas": quotas_of(wanted) if "quotas" in wanted else now["quotas"],
        "pressure": _pressure(wanted, scenario, now["pressure"]),
        "retryAfter": wanted.get("retryAfter", now["retryAfter"]),
    }
    windows = now["loadWindows"]
    changed = [name for name in _COMPARED if settings[name] != now[name]]
    if "scenario" in wanted and windows and shapes_shown(windows) != shapes_of(scenario):
        changed.append("loadWindows")
        windows = []  # the scenario sets its own
    if changed:
        text = f"~ throttle: {', '.join(changed)}; buckets start full"
        yield Step(sandbox, text, "throttle.put", settings | {"loadWindows": windows})


def _pressure(
    wanted: dict[str, Any], scenario: Scenario | None, present: dict[str, float]
) -> dict[str, float]:
    if "pressure" not in wanted and scenario is None:
        return present
    given: dict[str, float] = wanted.get("pressure", {})
    return (scenario.pressure if scenario else {}) | given


def shapes_of(scenario: Scenario | None) -> list[Shape]:
    """Return the load windows of a scenario, sorted."""
    rows = scenario.load_windows if scenario else ()
    return _shapes(load_window_of(row, 0.0, "") for row in rows)


def shapes_shown(rows: list[dict[str, Any]]) -> list[Shape]:
    """Return the load windows that the control plane shows, sorted."""
    return _shapes(
        LoadWindow(
            row["region"],
            parse_utc(row["from"]),
            parse_utc(row["until"]),
            row["share"],
            row["waiting"],
        )
        for row in rows
    )


def _shapes(windows: Iterable[LoadWindow]) -> list[Shape]:
    return sorted(
        (each.region, each.share, each.waiting, round(each.end - each.begin)) for each in windows
    )

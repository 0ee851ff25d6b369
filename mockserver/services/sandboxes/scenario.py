"""Scenarios: named sets of faults, throttling, dates and choices (``catalog/scenarios.json``)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.fault import PlannedRule
from adsmock.mockserver.core.load_window import LoadWindow
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.services.durations import read_duration, read_time
from adsmock.mockserver.services.faults.schema import ParseContext, parse


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario: ``faults`` are rules, ``pressure`` is the share of quota left by region.

    ``load_windows`` are periods in which other clients use a region. ``shut_off`` gives dates by
    family, also relative ones (``+P7D``). ``choices`` are settings where the evidence disagrees.
    ``lasts`` is the duration of a scenario that can be stretched or compressed.
    """

    name: str
    title: str
    describes: str
    faults: tuple[dict[str, Any], ...] = ()
    pressure: dict[str, float] = field(default_factory=dict)
    shut_off: dict[str, str] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)
    load_windows: tuple[dict[str, Any], ...] = ()
    lasts: str | None = None


@cache
def scenarios() -> dict[str, Scenario]:
    """Return every scenario by name.

    Raises:
        TypeError: a row has an unknown member.
    """
    text = (
        files("adsmock.mockserver.catalog").joinpath("scenarios.json").read_text(encoding="utf-8")
    )
    rows = [
        Scenario(**row | {many: tuple(row.get(many, ())) for many in ("faults", "load_windows")})
        for row in json.loads(text)
    ]
    return {row.name: row for row in rows}


def load_window_of(row: dict[str, Any], now: float, pointer: str) -> LoadWindow:
    """Return a load window from JSON; ``pointer`` is its place.

    Raises:
        SetupError: a time is not valid, or the window ends before it begins.
    """
    begin = read_time(row["from"], now, f"{pointer}/from")
    end = read_time(row["until"], now, f"{pointer}/until")
    if end <= begin:
        raise SetupError(
            'the load window ends before it begins: use an end after "from"',
            pointer=f"{pointer}/until",
        )
    return LoadWindow(row["region"], begin, end, row.get("share", 1.0), row.get("waiting", 0))


def with_duration(scenario: Scenario, over: str | None) -> Scenario:
    """Return a scenario with the duration ``over``, all its times in proportion.

    Raises:
        SetupError: the scenario has no duration, or ``over`` is not a duration above zero.
    """
    if over is None:
        return scenario
    if scenario.lasts is None:
        raise SetupError(
            f'{scenario.name} has no duration to change: leave "over" out', pointer="/over"
        )
    wanted = read_duration(over, "/over")
    if wanted <= 0:
        raise SetupError(
            f'"{over}" is not above zero: use a duration such as PT10M', pointer="/over"
        )
    factor = wanted / read_duration(scenario.lasts, "/lasts")
    return replace(
        scenario,
        faults=tuple(
            rule | {"when": _times(rule.get("when", {}), factor)} for rule in scenario.faults
        ),
        load_windows=tuple(_times(row, factor) for row in scenario.load_windows),
        lasts=over,
    )


def _times(row: dict[str, Any], factor: float) -> dict[str, Any]:
    """Return a row with its relative times multiplied by ``factor``."""
    return row | {
        name: f"+PT{read_duration(row[name], name) * factor:.6f}S"
        for name in ("from", "until")
        if row.get(name, "").startswith("+")
    }


def _before(scenario: Scenario, sandbox: Sandbox) -> dict[str, Any]:
    """Return the values that a scenario replaces; None for those that were not set."""
    throttle, windows = sandbox.throttle, None
    if scenario.load_windows:
        windows = [asdict(window) for window in throttle.load_windows]
    return {
        "pressure": {name: throttle.pressure.get(name) for name in scenario.pressure},
        "shutOff": {name: sandbox.shut_off.get(name) for name in scenario.shut_off},
        "choices": {name: sandbox.choices.get(name) for name in scenario.choices},
        "loadWindows": windows,
    }


def undo(sandbox: Sandbox) -> None:
    """Undo all scenarios, the last one first: delete their rules, restore what they replaced."""
    for name, before in reversed(sandbox.scenarios.items()):
        for rule in scenarios()[name].faults if name in scenarios() else ():
            sandbox.faults.remove(rule["id"])
        _restore(sandbox.throttle.pressure, before["pressure"])
        _restore(sandbox.shut_off, before["shutOff"])
        _restore(sandbox.choices, before["choices"])
        if before["loadWindows"] is not None:
            rows = before["loadWindows"]
            sandbox.throttle.load_windows = tuple(LoadWindow(**row) for row in rows)
    sandbox.scenarios.clear()


def _restore(values: dict[str, Any], before: dict[str, Any]) -> None:
    for name, value in before.items():
        if value is None:
            values.pop(name, None)
        else:
            values[name] = value


def clear_choices(sandbox: Sandbox) -> None:
    """Remove the choices that scenarios set; other settings have their own operations."""
    for scenario in scenarios().values():
        for name in scenario.choices:
            sandbox.choices.pop(name, None)


FIRST_PROFILE = "$first"
"""In a rule of a scenario: the id of the sandbox's first profile."""


def _placed(rule: dict[str, Any], sandbox: Sandbox) -> dict[str, Any]:
    """Return a rule that names a profile of the sandbox."""
    match = rule.get("match", {})
    if match.get("profileId") != FIRST_PROFILE:
        return rule
    return rule | {"match": match | {"profileId": next(iter(sandbox.profiles), "none")}}


def apply(scenario: Scenario, sandbox: Sandbox, ground: ParseContext) -> list[PlannedRule]:
    """Apply a scenario and return its fault rules; applying it again restarts it.

    What it replaces is kept for ``undo``.
    """
    rules = [parse(_placed(document, sandbox), ground) for document in scenario.faults]
    dates = {
        family: read_time(text, ground.now, f"/shutOff/{family}")
        for family, text in scenario.shut_off.items()
    }
    before = sandbox.scenarios.get(scenario.name) or _before(scenario, sandbox)
    load_windows = (load_window_of(row, ground.now, "/spells") for row in scenario.load_windows)
    sandbox.throttle.load_windows = tuple(load_windows) or sandbox.throttle.load_windows
    sandbox.throttle.pressure.update(scenario.pressure)
    sandbox.shut_off.update(dates)
    sandbox.choices.update(scenario.choices)
    sandbox.scenarios[scenario.name] = before | {"applied": ground.now, "over": scenario.lasts}
    return [sandbox.faults.add(rule) for rule in rules]

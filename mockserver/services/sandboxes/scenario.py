"""Scenarios: named settings of faults, throttling, dates and choices, played at once.

Knows how a row of ``catalog/scenarios.json`` acts on a sandbox. Must not know any scenario by
name.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
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
    """One row: ``faults`` are rules, ``pressure`` shares of quota by region.

    ``spells`` say when others press on a region, and how much. ``shut_off`` gives dates by family
    and may count from now (``+P7D``); ``choices`` are what the sandbox answers where the evidence
    leaves a choice. What ``lasts`` a stated time can be played over another one.
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
    """Return every scenario by name; an unknown member of a row raises TypeError."""
    text = (
        files("adsmock.mockserver.catalog").joinpath("scenarios.json").read_text(encoding="utf-8")
    )
    rows = [
        Scenario(**row | {many: tuple(row.get(many, ())) for many in ("faults", "load_windows")})
        for row in json.loads(text)
    ]
    return {row.name: row for row in rows}


def load_window_of(row: dict[str, Any], now: float, pointer: str) -> LoadWindow:
    """Return a spell from its JSON form; ``pointer`` is where it stands.

    Raises:
        SetupError: a time cannot be read, or it ends before it begins.
    """
    begin = read_time(row["from"], now, f"{pointer}/from")
    end = read_time(row["until"], now, f"{pointer}/until")
    if end <= begin:
        raise SetupError("the spell ends before it begins", pointer=f"{pointer}/until")
    return LoadWindow(row["region"], begin, end, row.get("share", 1.0), row.get("waiting", 0))


def with_duration(scenario: Scenario, over: str | None) -> Scenario:
    """Return a scenario that lasts as long as ``over`` says, all its times in proportion.

    Raises:
        SetupError: it has no length of its own, or ``over`` is no duration above zero.
    """
    if over is None:
        return scenario
    if scenario.lasts is None:
        raise SetupError(f"{scenario.name} has no length to stretch", pointer="/over")
    wanted = read_duration(over, "/over")
    if wanted <= 0:
        raise SetupError("a scenario lasts some time", pointer="/over")
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
    """Return a row with its window, if it counts from the start, stretched."""
    return row | {
        name: f"+PT{read_duration(row[name], name) * factor:.6f}S"
        for name in ("from", "until")
        if row.get(name, "").startswith("+")
    }


def clear_choices(sandbox: Sandbox) -> None:
    """Undo the choices that scenarios make; faults, dates and pressure have their own verbs."""
    for scenario in scenarios().values():
        for name in scenario.choices:
            sandbox.choices.pop(name, None)


def apply(scenario: Scenario, sandbox: Sandbox, ground: ParseContext) -> list[PlannedRule]:
    """Play a scenario and return its rules as planned; playing it again starts it anew."""
    rules = [parse(document, ground) for document in scenario.faults]
    dates = {
        family: read_time(text, ground.now, f"/shutOff/{family}")
        for family, text in scenario.shut_off.items()
    }
    load_windows = (load_window_of(row, ground.now, "/spells") for row in scenario.load_windows)
    sandbox.throttle.load_windows = tuple(load_windows) or sandbox.throttle.load_windows
    sandbox.throttle.pressure.update(scenario.pressure)
    sandbox.shut_off.update(dates)
    sandbox.choices.update(scenario.choices)
    return [sandbox.faults.add(rule) for rule in rules]

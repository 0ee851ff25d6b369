"""Scenarios: named settings of faults, throttling, dates and choices, played at once.

Knows how a row of ``catalog/scenarios.json`` acts on a sandbox. Must not know any scenario by
name.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from mockserver.core.fault import Planned
from mockserver.core.sandbox import Sandbox
from mockserver.services.fault_form import Ground, parse
from mockserver.services.moment import moment


@dataclass(frozen=True, slots=True)
class Scenario:
    """One row: ``faults`` are rules, ``pressure`` shares of quota by region.

    ``shut_off`` gives dates by family and may count from now (``+P7D``); ``choices`` are what
    the sandbox answers where the evidence leaves a choice.
    """

    name: str
    title: str
    describes: str
    faults: tuple[dict[str, Any], ...] = ()
    pressure: dict[str, float] = field(default_factory=dict)
    shut_off: dict[str, str] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)


@cache
def scenarios() -> dict[str, Scenario]:
    """Return every scenario by name; an unknown member of a row raises TypeError."""
    text = files("mockserver.catalog").joinpath("scenarios.json").read_text(encoding="utf-8")
    rows = [Scenario(**row | {"faults": tuple(row.get("faults", ()))}) for row in json.loads(text)]
    return {row.name: row for row in rows}


def take_back(sandbox: Sandbox) -> None:
    """Undo the choices that scenarios make; faults, dates and pressure have their own verbs."""
    for scenario in scenarios().values():
        for name in scenario.choices:
            sandbox.choices.pop(name, None)


def apply(scenario: Scenario, sandbox: Sandbox, ground: Ground) -> list[Planned]:
    """Play a scenario and return its rules as planned; playing it again starts it anew."""
    rules = [parse(document, ground) for document in scenario.faults]
    dates = {
        family: moment(text, ground.now, f"/shutOff/{family}")
        for family, text in scenario.shut_off.items()
    }
    sandbox.throttle.pressure.update(scenario.pressure)
    sandbox.shut_off.update(dates)
    sandbox.choices.update(scenario.choices)
    return [sandbox.faults.add(rule) for rule in rules]

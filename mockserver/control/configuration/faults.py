"""Changes of fault rules: those of the file are there, those of nobody are deleted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adsmock.mockserver.control.configuration.present import Present, scenario_of
from adsmock.mockserver.control.configuration.step import Step
from adsmock.mockserver.services.faults.registry import kinds
from adsmock.mockserver.services.faults.schema import READ_ONLY, WHEN_DEFAULTS


def fault_steps(sandbox: str, wanted: dict[str, Any], present: Present) -> Iterator[Step]:
    """Yield a step for each rule to create, replace or delete; other rules keep their counts."""
    if "faults" not in wanted and "scenario" not in wanted:
        return
    scenario = scenario_of(wanted)
    own = {rule["id"]: rule for rule in wanted.get("faults", ())}
    kept = own.keys() | {rule["id"] for rule in (scenario.faults if scenario else ())}
    known = {rule["id"]: rule for rule in present.faults}
    for name in known.keys() - kept:
        yield Step(sandbox, f"- fault {name}", "faults.delete", names={"fault": name})
    for name, rule in own.items():
        if name not in known:
            yield Step(sandbox, f"+ fault {name}", "faults.put", rule, {"fault": name})
        elif not is_same_rule(rule, known[name]):
            text = f"~ fault {name}: replaced, its counts restart"
            yield Step(sandbox, text, "faults.put", rule, {"fault": name})


def is_same_rule(wanted: dict[str, Any], shown: dict[str, Any]) -> bool:
    """Say whether a rule as written is the rule that the mock shows."""
    return _complete(wanted) == _complete(shown)


def _complete(rule: dict[str, Any]) -> dict[str, Any]:
    """Return a rule with every default and without what only a read shows."""
    effect = rule["effect"]
    return {
        "priority": 100,
        "match": {},
        "ttl": None,
        **{name: value for name, value in rule.items() if name not in READ_ONLY},
        "when": WHEN_DEFAULTS | rule.get("when", {}),
        "effect": {"point": kinds()[effect["kind"]].points[0]} | effect,
    }

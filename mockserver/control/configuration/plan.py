"""What has to change so that a mock fits its configuration file.

Only what the file mentions is compared: other sandboxes, and parts of a sandbox that the file
leaves out, stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from adsmock.contracts.iso8601 import parse_utc
from adsmock.mockserver.control.client import DEFAULT_SANDBOX
from adsmock.mockserver.control.configuration.entities import digest_of, with_profile_ids
from adsmock.mockserver.control.configuration.faults import fault_steps, is_same_rule
from adsmock.mockserver.control.configuration.file import Configuration
from adsmock.mockserver.control.configuration.present import Present, scenario_of
from adsmock.mockserver.control.configuration.step import Conflict, ControlPlane, Step
from adsmock.mockserver.control.configuration.throttle import (
    shapes_of,
    shapes_shown,
    throttle_steps,
)
from adsmock.mockserver.services.sandboxes.scenario import Scenario

_AT_CREATION = (
    "seed",
    "clock",
    "journal",
    "quotas",
    "retryAfter",
    "profiles",
    "tokenLifetime",
    "choices",
)


def plan(
    configuration: Configuration, control: ControlPlane, *, recreate: bool = False
) -> list[Step]:
    """Return the changes in the order in which they are made; none if the mock fits the file.

    With ``recreate``, a sandbox with other settings than can be changed is deleted and created.

    Raises:
        Conflict: such a sandbox without ``recreate``, or entities for a profile that is not there.
        ControlError: the mock refused a question or does not answer.
    """
    rows = {row["id"]: row for row in control.call("sandboxes.list")["sandboxes"]}
    steps: list[Step] = []
    for name, wanted in configuration.sandboxes.items():
        row = rows.get(name)
        fixed = _fixed(wanted, row) if row else []
        if fixed and (not recreate or name == DEFAULT_SANDBOX):
            raise Conflict(_conflict(name, fixed))
        state = configuration.states.get(name)
        if row is None or fixed:
            steps += _creation(name, wanted, fixed)
            steps += _changes(name, wanted, Present.created(wanted), state)
        else:
            steps += _changes(name, wanted, Present.of(row, control), state)
    return steps


def _creation(name: str, wanted: dict[str, Any], fixed: list[str]) -> Iterator[Step]:
    if fixed:
        yield Step(name, f"- delete, because {', '.join(fixed)}", "sandboxes.delete")
    body = {"id": name} | {key: wanted[key] for key in _AT_CREATION if key in wanted}
    yield Step(name, "+ create", "sandboxes.create", body)


def _changes(
    name: str, wanted: dict[str, Any], present: Present, state: dict[str, Any] | None
) -> Iterator[Step]:
    yield from _clock(name, wanted, present)
    yield from throttle_steps(name, wanted, present)
    yield from fault_steps(name, wanted, present)
    yield from _scenario(name, wanted, present)
    yield from _dates(name, wanted, present)
    yield from _entities(name, wanted, present, state)


def _fixed(wanted: dict[str, Any], row: dict[str, Any]) -> list[str]:
    """Return the differences in what only a new sandbox can have."""
    pairs = {
        "seed": row["seed"],
        "journal": row["journal"]["mode"],
        "tokenLifetime": row["tokenLifetime"],
    }
    found = [
        f"{member} is {was}, not {wanted[member]}"
        for member, was in pairs.items()
        if member in wanted and wanted[member] != was
    ]
    found += [
        f"choice {choice} is {row['choices'].get(choice, 'not set')}, not {value}"
        for choice, value in wanted.get("choices", {}).items()
        if row["choices"].get(choice) != value
    ]
    if "profiles" in wanted:
        asked = [(each["country"], each.get("type", "seller")) for each in wanted["profiles"]]
        if asked != [(each["countryCode"], each["type"]) for each in row["profiles"]]:
            found.append("its profiles differ")
    return found


def _conflict(name: str, fixed: list[str]) -> str:
    what = f"sandbox {name}: {'; '.join(fixed)}, which only a new sandbox can have"
    if name == DEFAULT_SANDBOX:
        return f"{what}: use a sandbox with another id, the credentials of this one are fixed"
    return f"{what}: delete it, or let it be created again with --recreate (its calls are lost)"


def _clock(name: str, wanted: dict[str, Any], present: Present) -> Iterator[Step]:
    given, now = wanted.get("clock", {}), present.row["clock"]
    mode = given.get("mode", now["mode"])
    rate = given.get("rate", now["rate"]) if mode == "scaled" else now["rate"]
    if (mode, rate) != (now["mode"], now["rate"]):
        body = {"mode": mode} | ({"rate": rate} if mode == "scaled" else {})
        yield Step(name, f"~ clock: {now['mode']} → {mode}", "clock.put", body)


def _scenario(name: str, wanted: dict[str, Any], present: Present) -> Iterator[Step]:
    scenario = scenario_of(wanted)
    if scenario is not None and not _is_applied(scenario, wanted, present):
        over = f" over {scenario.lasts}" if "over" in wanted["scenario"] else ""
        text = f"~ scenario {scenario.name}{over}: starts now"
        yield Step(name, text, "scenarios.apply", wanted["scenario"])


def _is_applied(scenario: Scenario, wanted: dict[str, Any], present: Present) -> bool:
    own = {rule["id"] for rule in wanted.get("faults", ())}
    known = {rule["id"]: rule for rule in present.faults}
    rules = [rule for rule in scenario.faults if rule["id"] not in own]
    choices = present.row.get("choices", {})
    return (
        all(rule["id"] in known and is_same_rule(rule, known[rule["id"]]) for rule in rules)
        and shapes_of(scenario) == shapes_shown(present.throttle["loadWindows"])
        and scenario.shut_off.keys() <= present.dates.keys()
        and all(choices.get(choice) == value for choice, value in scenario.choices.items())
    )


def _dates(name: str, wanted: dict[str, Any], present: Present) -> Iterator[Step]:
    if "deprecations" not in wanted and "scenario" not in wanted:
        return
    scenario = scenario_of(wanted)
    own: dict[str, str] = wanted.get("deprecations", {})
    of_scenario = (scenario.shut_off.keys() if scenario else set()) - own.keys()
    dates = {family: parse_utc(date) for family, date in own.items()}
    others = {family: date for family, date in present.dates.items() if family not in of_scenario}
    if dates == others:
        return
    changed = sorted(family for family in dates | others if dates.get(family) != others.get(family))
    yield Step(
        name,
        f"~ deprecation dates: {', '.join(changed)}",
        "versions.put",
        make_body=partial(_all_dates, name, own, frozenset(of_scenario)),
    )


def _all_dates(
    name: str, own: dict[str, str], of_scenario: frozenset[str], control: ControlPlane
) -> Any:
    """Return the file's dates and those that the scenario has set meanwhile."""
    shown = control.call("versions.get", sandbox=name)["families"]
    kept = {family: {"shutOff": shown[family]["shutOff"]} for family in of_scenario}
    return {"families": kept | {family: {"shutOff": date} for family, date in own.items()}}


def _entities(
    name: str, wanted: dict[str, Any], present: Present, state: dict[str, Any] | None
) -> Iterator[Step]:
    row = present.row
    if state is not None:
        yield from _state(name, row, state)
    elif "demoCampaigns" in wanted and not row["entities"]:
        number = wanted["demoCampaigns"]
        text = f"+ demo data: {number} campaigns for each profile"
        yield Step(name, text, "state.invent", {"campaigns": number})


def _state(name: str, row: dict[str, Any], state: dict[str, Any]) -> Iterator[Step]:
    put = partial(_with_ids, name, state)
    size = sum(len(rows) for each in state["profiles"].values() for rows in each.values())
    if not row["entities"] and "stateDigest" not in row:
        yield Step(name, f"+ state: {size} entities", "state.put", make_body=put)
        return
    known = row["stateDigest"]
    if known == digest_of(with_profile_ids(state, row["profiles"])):
        return
    if row["entities"] and known is None:
        raise Conflict(
            f"sandbox {name} has {row['entities']} entities that come from no state file: remove "
            f"them with `adsmock ctl sandboxes.reset --sandbox {name} --data "
            """'{"scope":["state"]}'`, or leave "state" out of the file"""
        )
    text = f"~ state: {size} entities replace {row['entities']}"
    yield Step(name, text, "state.put", make_body=put)


def _with_ids(name: str, state: dict[str, Any], control: ControlPlane) -> Any:
    row = control.call("sandboxes.get", sandbox=name)
    return with_profile_ids(state, row["profiles"])

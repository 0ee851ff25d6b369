"""Rounds: which faults go on which calls, so that cases in one round do not disturb each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from math import ceil
from typing import Any

from msgspec.structs import replace

from adsmock.harness.suite.case import Case, Fault
from adsmock.harness.suite.case.model import Sandbox
from adsmock.harness.suite.free_run.every_write import is_twin
from adsmock.harness.suite.free_run.failing_items import effect_on, item_failures
from adsmock.harness.suite.free_run.fault_seconds import seconds_of
from adsmock.harness.suite.free_run.opportunity import (
    is_about_tokens,
    is_for_each_region,
    mode,
    needs_tokens,
    on_continued_page,
    preferred_profile,
    reach,
    takes_file,
)
from adsmock.harness.suite.free_run.round_sandbox import adapted, job_seconds
from adsmock.harness.suite.free_run.traffic import Slot, Traffic, kind_of
from adsmock.harness.suite.free_run.undisturbed import observable, undisturbed

MARK = ":"
"""Separates case, fault and place in an id of the fault plan."""

ROUND_SECONDS = 120.0
"""The waits that one round may cost a program that makes its calls one after the other."""

ENDLESS = 40
"""How many faults a fault without an end gets: more than any program should repeat a call."""

FEW_CHAINS = 2
"""Chains for a check that counts none: in real time each costs its waits."""

MOST_CHAINS = 12
"""No check needs more chains in a free run."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One case in a round: its faults on the program's calls.

    ``slots`` are the calls that it uses; ``job_seconds`` are those of its slow jobs.
    """

    case: Case
    faults: tuple[Fault, ...]
    slots: tuple[Slot, ...]
    seconds: float
    job_seconds: float = 0.0

    @property
    def own_ids(self) -> dict[str, Fault]:
        """Return the faults of the case by their ids in the round."""
        known = {fault.id: fault for fault in self.case.faults}
        return {fault.id: known[fault.id.split(MARK)[1]] for fault in self.faults}


@dataclass(slots=True)
class Round:
    """The cases that are played in one pass.

    The cases of a round that ``is_alone`` have equal faults and sandboxes: the first one's count.
    ``replay`` is the fault that a replay is about, empty for any other round.
    """

    placed: list[Placed] = field(default_factory=list)
    is_alone: bool = False
    replay: str = ""

    @property
    def seconds(self) -> float:
        """Return the waits that the faults and slow jobs cause, estimated."""
        return sum(placed.seconds for placed in self.placed) + self.job_seconds

    @property
    def job_seconds(self) -> float:
        """Return the seconds of slow jobs, which a round may take in addition to its limit."""
        return max(placed.job_seconds for placed in self.placed)

    @property
    def case(self) -> Case:
        """Return a case with the faults of all cases of the round."""
        first = self.placed[0].case
        players = self.placed[:1] if self.is_alone else self.placed
        faults = tuple(fault for placed in players for fault in placed.faults)
        box = first.sandbox if self.is_alone else Sandbox()
        if faults:  # the program's own profiles, not those of the case
            box = replace(box, profiles=())
        return replace(first, id="round", faults=faults, sandbox=adapted(box))


def plan(cases: Iterable[Case], traffic: Traffic) -> list[Round]:
    """Return the rounds for some cases: shared ones, then those of one case, long ones before.

    Very long rounds come first of all, so that none is left at the end.
    """
    together = [case for case in cases if mode(case) == "shared"]
    rounds: list[Round] = []
    waiting = sorted(together, key=lambda case: -_wanted(case))
    while waiting:
        round_ = Round()
        left = [case for case in waiting if not _join(round_, case, traffic)]
        if len(left) == len(waiting):
            break
        rounds.append(round_)
        waiting = left
    apart = [each for case in cases if mode(case) == "alone" for each in _apart(case, traffic)]
    merged = _merged(sorted(apart, key=lambda round_: -round_.seconds))
    long = [round_ for round_ in merged if round_.seconds > ROUND_SECONDS]
    return long + rounds + merged[len(long) :]


def _apart(case: Case, traffic: Traffic) -> list[Round]:
    """Return the rounds of one case: one, and one for each further region, operation or page.

    In one round, each lasting fault would cost the program all its retries, one after the other.
    """
    rules = rules_of(case, traffic)
    own = [rule for rule in rules if not is_twin(rule)] or rules[:1]
    twins = [rule for rule in rules if rule not in own]
    if not twins:
        return [alone(case, traffic)]
    rounds = [alone(replace(case, faults=tuple(own)), traffic)]
    used = {slot.operation for slot in rounds[0].placed[0].slots}
    for rule in twins:
        names = set(rule.match["operation"])
        if is_for_each_region(case) or is_about_tokens(rule) or not names & used:
            used |= names
            rounds.append(alone(replace(case, faults=(rule,)), traffic))
            rounds[-1].replay = rounds[-1].placed[0].faults[0].id
    return rounds


def alone(case: Case, traffic: Traffic) -> Round:
    """Return a round of one case: its faults as they are, on the program's own operations."""
    faults: list[Fault] = []
    slots: list[Slot] = []
    for number, fault in enumerate(rules_of(case, traffic)):
        rule, used = _widened(case, fault, number, traffic)
        faults.append(rule)
        slots += used
    seconds = sum(map(seconds_of, faults))
    jobs = job_seconds(case, traffic)
    return Round([Placed(case, tuple(faults), tuple(slots), seconds, jobs)], is_alone=True)


def _merged(rounds: list[Round]) -> list[Round]:
    """Return the rounds, with those joined whose faults and sandboxes are equal."""
    found: list[Round] = []
    for round_ in rounds:
        same = next((other for other in found if _likeness(other) == _likeness(round_)), None)
        if same is None or round_.replay or not round_.placed[0].faults:
            found.append(round_)
        else:
            case = round_.placed[0].case
            mine = same.placed[0].faults
            slots, jobs = round_.placed[0].slots, round_.job_seconds
            same.placed.append(Placed(case, _renamed(case, mine), slots, 0.0, jobs))
    return found


def _likeness(round_: Round) -> Any:
    placed = round_.placed[0]
    rules = [(fault.match, fault.when, fault.effect) for fault in placed.faults]
    box = replace(placed.case.sandbox, state=())
    return rules, box


def _renamed(case: Case, faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Return faults of another case under the names of this case, which has equal ones."""
    names = [fault.id for fault in case.faults if not _is_about_tasks(fault)][: len(faults)]
    return tuple(
        replace(fault, id=f"{case.id}{MARK}{name}")
        for fault, name in zip(faults, names, strict=True)
    )


def _join(round_: Round, case: Case, traffic: Traffic) -> bool:
    """Place a case in a round if its calls are free there; say whether they were."""
    taken = {slot for placed in round_.placed for slot in placed.slots}
    free = [slot for slot in traffic.slots if slot not in taken]
    placed = _place(case, free, traffic)
    if placed is None:
        return False
    if round_.placed and round_.seconds + placed.seconds > ROUND_SECONDS:
        return False
    round_.placed.append(placed)
    return True


def _place(case: Case, free: Sequence[Slot], traffic: Traffic) -> Placed | None:
    """Return the faults of a case on free slots, None when there are too few of them."""
    faults: list[Fault] = []
    used: list[Slot] = []
    rules = rules_of(case, traffic)
    free = observable(case, free, traffic)
    sequence = any(rule.when.get("attempt", 1) != 1 for rule in rules)
    shared: list[tuple[Slot, int]] | None = None
    for rule in rules:
        if sequence and shared is not None:
            parts = shared
        else:
            if is_twin(rule) and {slot.operation for slot in used} & set(rule.match["operation"]):
                continue
            others = [slot for slot in free if slot not in used]
            found = _slots(case, rule, others, traffic) or _slots(case, rule, free, traffic)
            if found is None:
                return None
            parts = shared = found
            used = list(dict.fromkeys([*used, *(slot for slot, _ in found)]))
        faults += [_on(case, rule, slot, times, n) for n, (slot, times) in enumerate(parts)]
    more = undisturbed(case, used, traffic)
    if any(slot not in free for slot in more):
        return None
    used = list(dict.fromkeys([*used, *more]))
    seconds = sum(map(seconds_of, faults))
    return Placed(case, tuple(faults), tuple(used), seconds)


def _slots(
    case: Case, rule: Fault, free: Sequence[Slot], traffic: Traffic
) -> list[tuple[Slot, int]] | None:
    """Return slots for a rule with the number of faults on each, None to wait for a later round."""
    wanted = _wanted(case)
    skip = int(rule.when.get("skip", 0))
    fits = [slot for slot in free if _fits(case, rule, slot) and reach(rule, slot) > skip]
    everything = [s for s in traffic.slots if _fits(case, rule, s) and reach(rule, s) > skip]
    best = preferred_profile(case)
    if best and any(slot.profile == best for slot in everything):
        fits = [slot for slot in fits if slot.profile == best]
    if not fits:
        return None
    exact = [slot for slot in fits if slot.operation in rule.match.get("operation", ())]
    if is_twin(rule):
        return [(max(exact, key=lambda slot: (slot.items, -slot.calls)), 1)] if exact else None
    if all(slot.path for slot in fits):  # a program may check one kind of file and not another
        return [(slot, wanted) for slot in fits] if len(fits) == len(everything) else None
    if skip or wanted == 1 or "body" in rule.match:
        return [(max(exact or fits, key=lambda slot: slot.calls if skip else -slot.calls), wanted)]
    found: list[tuple[Slot, int]] = []
    for slot in sorted(fits, key=lambda slot: (slot not in exact, -slot.calls)):
        found.append((slot, min(wanted, slot.calls)))
        wanted -= found[-1][1]
        if wanted == 0:
            return found
    return found if len(fits) == len(everything) else None


def _wanted(case: Case) -> int:
    """Return how many chains each rule of a case needs."""
    chains = [int(check.numbers.get("chains", 0)) for check in case.checks]
    own = (fault for fault in case.faults if not is_twin(fault))
    rules = {name for fault in own for name in fault.match.get("operation", ())}
    most = max(min(case.trigger.min_chains, FEW_CHAINS), *chains, 1)
    return max(1, min(MOST_CHAINS, ceil(most / max(1, len(rules)))))


def _fits(case: Case, rule: Fault, slot: Slot) -> bool:
    """Say whether a slot has calls of the class that a rule names."""
    names = rule.match.get("operation", ())
    if not any(_is_of(name, slot) for name in names) or not reach(rule, slot):
        return False
    if slot.region not in rule.match.get("region", [slot.region]):
        return False
    # These effects name members of one operation.
    if any({"operations", "shuffle"} & set(fault.effect) for fault in case.faults):
        return slot.operation in names
    return not slot.path or takes_file(case, slot.path)


def _is_of(name: str, slot: Slot) -> bool:
    if name.endswith("*"):
        return slot.operation.startswith(name[:-1])
    if name.startswith("sp.*"):
        return slot.kind == name.rpartition(".")[2]
    return slot.kind == kind_of(name)


def _on(case: Case, rule: Fault, slot: Slot, times: int, number: int) -> Fault:
    """Return a rule of a case for the calls of one slot only."""
    when = {name: value for name, value in rule.when.items() if name not in {"from", "until"}}
    if "times" not in when:
        when = {"attempt": 1, **when, "times": times}
    match: dict[str, Any] = {"operation": [slot.operation]}
    if slot.profile:
        match["profileId"] = {"$profile": slot.profile}
    if slot.path:
        match["path"] = slot.path
    if "body" in rule.match:
        match["body"] = rule.match["body"]
    if "items" in rule.effect:
        when = {"times": item_failures(rule)}
    name = f"{case.id}{MARK}{rule.id}{MARK}{number}"
    return on_continued_page(case, Fault(name, effect_on(rule, slot), match, when), slot)


def _widened(
    case: Case, rule: Fault, number: int, traffic: Traffic
) -> tuple[Fault, tuple[Slot, ...]]:
    """Return a rule on the operations that the program calls instead of those of the case."""
    names = tuple(rule.match.get("operation", ()))
    match = {name: value for name, value in rule.match.items() if name != "profileId"}
    when = {name: value for name, value in rule.when.items() if name not in {"from", "until"}}
    fits = [slot for slot in traffic.slots if _fits(case, rule, slot)]
    if "until" in rule.when:
        when = {"attempt": 1, **when, "times": case.trigger.min_faults or 1}
    if "profileId" in rule.match:
        match["profileId"] = {"$profile": _amid(traffic.profiles, number)}
    if "attempt" in when and "times" not in when:
        when["times"] = max(ENDLESS, case.trigger.min_faults)
        fits = sorted(fits, key=lambda slot: _distance(case, slot))
    else:
        fits = sorted(fits, key=lambda slot: -reach(rule, slot))
    if names and not any(name.endswith("*") for name in names) and fits:
        exact = [slot for slot in fits if slot.operation in names]
        place = 0 if exact and "profileId" not in rule.match else number
        fits = list(islice(cycle(exact or fits), place, place + 1))
        match |= _calls_of(fits[0])
    if "items" in rule.effect:
        when = {**when, "times": item_failures(rule)}
    effect = effect_on(rule, fits[0]) if fits else rule.effect
    placed = Fault(f"{case.id}{MARK}{rule.id}", effect, match, when)
    return on_continued_page(case, placed, fits[0]) if fits else placed, tuple(fits)


def _calls_of(slot: Slot) -> dict[str, Any]:
    """Return a match for the calls of a slot only."""
    match: dict[str, Any] = {"operation": [slot.operation]}
    if slot.profile:
        match["profileId"] = {"$profile": slot.profile}
    elif slot.path:
        match["path"] = slot.path
    elif slot.region and "lwa" in slot.operation:
        match["region"] = [slot.region]
    return match


def _amid(profiles: Sequence[str], number: int) -> str:
    """Return a profile in the middle of the program's work, so that others follow it."""
    return profiles[((len(profiles) - 1) // 2 - number) % len(profiles)]


def _distance(case: Case, slot: Slot) -> tuple[bool, int]:
    """Return how badly a slot fits a case that needs several chains, or only one."""
    wanted = _wanted(case)
    return slot.calls < wanted, slot.calls


def rules_of(case: Case, traffic: Traffic) -> list[Fault]:
    """Return the rules of a case in regions that the program calls."""
    return [
        _in_reach(case, fault, traffic)
        for fault in case.faults
        if not _is_about_tasks(fault)
        and ("region" not in fault.match or traffic.regions & set(fault.match["region"]))
    ]


def _in_reach(case: Case, rule: Fault, traffic: Traffic) -> Fault:
    """Return a rule for a later page on the last page that fits it, on the first if that fits."""
    fits = [slot for slot in traffic.slots if _fits(case, rule, slot)]
    exact = [slot for slot in fits if slot.operation in rule.match.get("operation", ())]
    most = max((reach(rule, slot) for slot in exact or fits), default=0)
    first = 0 if needs_tokens(rule) else 1
    if not first < most <= rule.when.get("skip", 0):
        return rule
    return replace(rule, when=rule.when | {"skip": most - 1})


def _is_about_tasks(rule: Fault) -> bool:
    """Say whether a rule only arranges the tasks of its case, or looks for a text in them."""
    return rule.supports or "nameFilter" in rule.match.get("body", {})

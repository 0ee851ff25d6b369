"""Checks of writes whose answer was lost.

Source: developer notes, natural keys make a repeated create harmless; documented.
"""

from __future__ import annotations

from collections import Counter

from adsmock.harness.suite.checks.finding import (
    Evidence,
    Finding,
    broken,
    counted,
    holds,
    inconclusive,
    quote,
    row,
    unproven,
)
from adsmock.harness.suite.checks.reaction import follows_up
from adsmock.harness.suite.journal import CaseView, Entry
from adsmock.harness.suite.journal.item import DUPLICATE, batch, name_of, natural_key


def lost_create_takes_effect_once(view: CaseView, resource: str) -> Finding:
    """Hold when each intended entity exists once, and a duplicate error ended the retries.

    The client must have sent or read the entities again, or reported the failure.
    """
    calls = view.of_operation(f"{resource}.create")
    lost = next((call for call in calls if call.fault_id and call.committed), None)
    if lost is None:
        return unproven("no create was stored with its answer lost")
    sent = batch(lost)
    if sent is None:
        return inconclusive("the journal does not contain the items of the create")
    first = row(lost, "stored; the answer was lost")
    repeats = [call for call in calls if call.seq > lost.seq]
    found = (
        _renamed(view, resource, sent.envelope, repeats)
        or _after_duplicate(calls)
        or _doubled(view, resource, sent.envelope, lost)
    )
    numbers = {"items": len(sent.items), "repeats": len(repeats)}
    if found:
        sentence, evidence = found
        return broken(sentence, [first, *evidence], **numbers)
    if not follows_up(view, lost, resource):
        return unproven("after a create with a lost answer, nothing was sent, read or reported")
    again = f"sent again {counted(len(repeats), 'time')}" if repeats else "not sent again"
    return holds(
        f"the create with {counted(len(sent.items), 'item')} was {again}; no name exists twice"
        f"{_by_refusal(resource, repeats)}",
        [first, *(row(repeat, "retry") for repeat in repeats)],
        **numbers,
    )


def _by_refusal(resource: str, repeats: list[Entry]) -> str:
    """Return that the account refused the second entities, empty when it refused none."""
    sent = [found for call in repeats if (found := batch(call))]
    refused = any(DUPLICATE in one.errors_of(index) for one in sent for index in one.error)
    if not refused or resource != "sp.campaigns":
        return ""
    return (
        ", since this profile refuses a repeated campaign name, as a seller's does (a vendor's "
        "accepts it: see N06)"
    )


Broken = tuple[str, list[Evidence]] | None


def _renamed(view: CaseView, resource: str, envelope: str, repeats: list[Entry]) -> Broken:
    """Return the retries that changed a natural key, so that no duplicate is detected."""
    intended = {
        natural_key(envelope, item)
        for args in view.task_args("create")
        if args.get("resource") == resource
        for item in args["items"]
    }
    for call in repeats:
        sent = batch(call)
        strange = [
            name_of(item)
            for item in (sent.items if sent else ())
            if natural_key(envelope, item) not in intended
        ]
        if strange:
            return (
                f"call {call.seq} sent {quote(strange)}, which no task contains",
                [row(call, "changed natural key")],
            )
    return None


def _after_duplicate(calls: tuple[Entry, ...]) -> Broken:
    """Return the creates of items that had already got a duplicate error in their profile."""
    settled: dict[tuple[str | None, str], Entry] = {}
    late: list[tuple[Entry, Entry, str]] = []
    for call in calls:
        sent = batch(call)
        if sent is None:
            continue
        late += [
            (settled[call.profile_id, sent.key(index)], call, name_of(item))
            for index, item in enumerate(sent.items)
            if (call.profile_id, sent.key(index)) in settled
        ]
        for index in sent.error:
            if DUPLICATE in sent.errors_of(index):
                settled.setdefault((call.profile_id, sent.key(index)), call)
    if not late:
        return None
    refused, again, name = late[0]
    return (
        f"call {again.seq} sent {quote([name])} after its duplicate error in call {refused.seq}",
        [row(refused, "duplicate error"), *_each_once(late)],
    )


def _each_once(late: list[tuple[Entry, Entry, str]]) -> list[Evidence]:
    calls = {again.seq: again for _, again, _ in late}
    return [row(call, "sent after the duplicate error") for call in calls.values()]


def _doubled(view: CaseView, resource: str, envelope: str, lost: Entry) -> Broken:
    """Return the entities that exist more than once."""
    made = view.record.created.get(str(lost.profile_id), {}).get(resource, [])
    counts = Counter(natural_key(envelope, entity) for entity in made)
    names = {natural_key(envelope, entity): name_of(entity) for entity in made}
    double = [names[key] for key, count in counts.items() if count > 1]
    if not double:
        return None
    verb = "exists" if len(set(double)) == 1 else "exist"
    return f"{quote(double)} {verb} more than once", [row(lost, "first create")]


JUDGES = (lost_create_takes_effect_once,)

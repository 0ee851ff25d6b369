"""Checks of what a client does when the network fails it: hangs, drips, cuts short, closes.

Knows exchanges and connections. Must not know waits between attempts. Source: Well-Architected
Framework, decide timeouts and when to stop; documented.
"""

from __future__ import annotations

from typing import Any

from harness.suite.checks.finding import Finding, broken, counted, holds, row, rows, unproven
from harness.suite.journal import CaseView, Ending, Entry
from harness.suite.journal.item import batch

DUPLICATE = "duplicateValueError"


def silence_is_ended(view: CaseView, fault: str, longest_s: float) -> Finding:
    """Hold when every call that was never wholly answered was over within ``longest_s``."""
    struck = _struck(view, fault)
    if isinstance(struck, Finding):
        return struck
    waits = {one.seq: one.end - one.arrive for one in struck}
    longest = max(waits.values())
    numbers = {"calls": len(struck), "longest": round(longest, 1), "most": longest_s}
    late = [one for one in struck if waits[one.seq] > longest_s or one.ended == "timeout"]
    if late:
        return broken(
            f"the client still waited after {waits[late[0].seq]:.0f} s; "
            f"the rule is at most {longest_s:g} s",
            rows(late, "had no end"),
            **numbers,
        )
    return holds(
        f"{counted(len(struck), 'call')} without a whole answer, over after {longest:.0f} s "
        f"at most; the rule is at most {longest_s:g} s",
        rows(struck, "was over in time"),
        **numbers,
    )


def patience_is_kept(view: CaseView, fault: str, shortest_s: float) -> Finding:
    """Hold when the client gave no unanswered call up before ``shortest_s``."""
    struck = _struck(view, fault)
    if isinstance(struck, Finding):
        return struck
    left = [one for one in struck if one.ended != "timeout"]
    if not left:
        return unproven("the client never left an unanswered call")
    hasty = [one for one in left if one.end - one.arrive < shortest_s]
    shortest = min(one.end - one.arrive for one in left)
    numbers = {"calls": len(left), "shortest": round(shortest, 1), "least": shortest_s}
    sentence = (
        f"the client left after {shortest:.0f} s; the rule is at least {shortest_s:g} s, "
        "within which 99 of 100 calls are answered"
    )
    if hasty:
        return broken(sentence, rows(hasty, "left early"), **numbers)
    return holds(sentence, rows(left, "left"), **numbers)


def whole_file_is_fetched(view: CaseView) -> Finding:
    """Hold when a short or corrupt download was followed by a whole one, or not called a success.

    What the client says of itself can only count against it here: an error is no pass of its own.
    """
    downloads = view.of_operation("storage.get")
    spoiled = [one for one in downloads if one.fault_id]
    if not spoiled:
        return unproven("no download was cut short or corrupt")
    last = spoiled[-1]
    whole = [one for one in downloads if one.seq > last.seq and one.is_success]
    numbers = {"spoiled": len(spoiled), "whole": len(whole)}
    evidence = [*rows(spoiled, "cut short or corrupt"), *rows(whole, "the whole file")]
    if whole:
        return holds(
            f"{counted(len(spoiled), 'spoiled download')}, then the whole file", evidence, **numbers
        )
    if _claims_success(view.record.ending):
        return broken(
            "the file came short or corrupt and was never fetched whole, "
            "yet the client reported success",
            evidence,
            **numbers,
        )
    return holds("the file never came whole, and the client said so", evidence, **numbers)


def lost_create_is_looked_up(view: CaseView, resource: str) -> Finding:
    """Hold when the client found out what became of a create whose answer it did not get."""
    calls = view.of_operation(f"{resource}.create")
    lost = next((one for one in calls if one.fault_id and one.committed), None)
    if lost is None:
        return unproven("no create was carried out with its answer lost")
    looks = [
        one
        for one in view.of_operation(f"{resource}.list")
        if one.seq > lost.seq and one.is_success
    ]
    told = [one for one in calls if one.seq > lost.seq and _names_twins(one)]
    first = row(lost, "carried out; the answer said otherwise")
    if looks:
        return holds("the client read back what became of it", [first, *rows(looks, "looks")])
    if told:
        return holds("the client was told that it exists", [first, *rows(told, "duplicate error")])
    return broken("the client never found out what became of the create", [first])


def connections_are_reused(view: CaseView, most: float, calls: int) -> Finding:
    """Hold when connections opened by calls stay below ``most``."""
    made = [one for one in view.entries if one.connection]
    if len(made) < calls:
        return unproven(f"{counted(len(made), 'call')} seen; {calls} are needed")
    opened = {one.connection: one for one in reversed(made)}
    ratio = len(opened) / len(made)
    numbers: dict[str, Any] = {"connections": len(opened), "calls": len(made)}
    sentence = f"{counted(len(opened), 'connection')} for {counted(len(made), 'call')}"
    if ratio <= most:
        return holds(sentence, **numbers)
    first = sorted(opened.values(), key=lambda one: one.seq)
    return broken(sentence, rows(first, "opened a connection"), **numbers)


def _claims_success(ending: Ending) -> bool:
    failed = any(claim.get("status") != "done" for claim in ending.claims)
    return ending.exit_code in {None, 0} and not (ending.error or ending.timed_out or failed)


def _names_twins(entry: Entry) -> bool:
    sent = batch(entry)
    return sent is not None and any(DUPLICATE in sent.errors_of(index) for index in sent.error)


def _struck(view: CaseView, fault: str) -> tuple[Entry, ...] | Finding:
    return view.with_fault(fault) or unproven("no call met the fault")


JUDGES = (
    connections_are_reused,
    lost_create_is_looked_up,
    whole_file_is_fetched,
)

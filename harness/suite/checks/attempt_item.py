"""Checks of the attempts at single items of batches, and of the waits between them.

Source: Well-Architected Framework, retry the failed items of a 207 with backoff; documented.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import fmean

from adsmock.harness.suite.checks.finding import (
    Finding,
    broken,
    counted,
    holds,
    quote,
    row,
    rows,
    unproven,
)
from adsmock.harness.suite.checks.reaction import acted_after
from adsmock.harness.suite.journal import CaseView, Entry
from adsmock.harness.suite.journal.item import batch, name_of


@dataclass(slots=True)
class _Item:
    """The attempts at one item, and whether any of them failed inside a 207."""

    name: str
    calls: list[Entry] = field(default_factory=list)
    failed: bool = False

    @property
    def gaps(self) -> list[float]:
        """The waits between its attempts, in seconds."""
        pairs = zip(self.calls, self.calls[1:], strict=False)
        return [later.arrive - earlier.send for earlier, later in pairs]


def items_are_capped(
    view: CaseView, operation: str, most: int, *, or_gave_up: bool = False
) -> Finding:
    """Hold when no failing item was sent more than ``most`` times.

    An item that was never sent again shows no limit. With ``or_gave_up`` the client may report
    the failure instead.
    """
    failed = _failed(view, operation)
    if not failed:
        return unproven("no item failed inside a 207")
    worst = max(failed, key=lambda story: len(story.calls))
    numbers = {"items": len(failed), "submissions": len(worst.calls), "most": most}
    if len(worst.calls) > most:
        return broken(
            f"{quote([worst.name])} was sent {len(worst.calls)} times; the limit is {most}",
            rows(worst.calls[most:], "one attempt too many"),
            **numbers,
        )
    has_given_up = or_gave_up and acted_after(view, worst.calls[0])
    if len(worst.calls) == 1 and not has_given_up:
        return unproven(f"{counted(len(failed), 'failing item')}, none sent again", **numbers)
    return holds(
        f"{counted(len(failed), 'failing item')}, "
        f"at most {counted(len(worst.calls), 'attempt')} each; the limit is {most}",
        rows(worst.calls, f"contains {quote([worst.name])}"),
        **numbers,
    )


def item_waits_grow(view: CaseView, operation: str, ratio: float, items: int, gaps: int) -> Finding:
    """Hold when the late waits between attempts at failing items exceed the first ones.

    Over all items the mean of the last two of ``gaps`` waits is divided by that of the first two.
    Simulated, 20,000 runs of eight items with five waits, share that passes ratio 2.0: doubling
    with full, additive or 20 % jitter 1.000; x1.6 full jitter 0.999; x1.5 full jitter 0.991;
    constant waits 0.000; constant with full jitter 0.001.
    """
    measured = [story for story in _failed(view, operation) if len(story.gaps) >= gaps]
    if len(measured) < items:
        return unproven(
            f"{counted(len(measured), 'item')} had {gaps} waits; {items} are needed",
            items=len(measured),
        )
    first = fmean(gap for story in measured for gap in story.gaps[:2])
    last = fmean(gap for story in measured for gap in story.gaps[gaps - 2 : gaps])
    numbers = {
        "items": len(measured),
        "first": round(first, 3),
        "last": round(last, 3),
        "least": ratio,
    }
    sentence = (
        f"over {counted(len(measured), 'item')}, the first two waits averaged {first:.2f} s, and "
        f"waits {gaps - 1} and {gaps} averaged {last:.2f} s; the later ones must be at least "
        f"{ratio:g} times as long"
    )
    evidence = [
        row(call, f'wait {number} of "{story.name}": {gap:.2f} s')
        for story in measured
        for number, (call, gap) in enumerate(
            zip(story.calls[1 : gaps + 1], story.gaps, strict=False), 1
        )
    ]
    if last >= ratio * first and last > 0:
        return holds(sentence, evidence, **numbers)
    return broken(sentence, evidence, **numbers)


def _failed(view: CaseView, operation: str) -> list[_Item]:
    """Return the items of an operation that failed, each with its attempts in order."""
    stories: dict[tuple[str | None, str], _Item] = {}
    for call in view.of_operation(operation):
        sent = batch(call)
        if sent is None:
            continue
        for index, item in enumerate(sent.items):
            key = (call.profile_id, sent.key(index))
            story = stories.setdefault(key, _Item(name_of(item)))
            story.calls.append(call)
            story.failed = story.failed or index in sent.error
    return [story for story in stories.values() if story.failed]


JUDGES = (item_waits_grow, items_are_capped)

TIMED = (item_waits_grow,)

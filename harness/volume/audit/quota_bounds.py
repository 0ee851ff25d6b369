"""Bounds of quotas that nobody publishes, from a journal with real refusals.

The service is assumed to use token buckets. At each refusal the bucket holds less than the refused
call needs. So between two refusals the accepted weight equals the refill, give or take one call,
unless the bucket overflowed in between; in a chain of refusals with short gaps it did not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

from adsmock.harness.volume.audit.audited_call import THROTTLED, AuditedCall
from adsmock.harness.volume.audit.waste import grouped

GAP = 5.0
"""Longest seconds between two refusals of a chain: a bucket that holds less than five seconds of
refill is not expected (own choice)."""

LONG, MEDIUM = 60.0, 15.0
"""Seconds of a chain from which its bounds are good, and fair."""

IDLE = 60.0
"""Seconds without a call after which a bucket is taken for full."""

Confidence = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class QuotaBounds:
    """Bounds of one quota class in one region, in weights per second.

    ``burst`` is the weight that was accepted at once after a pause, None when the journal shows no
    such moment. ``seconds`` is the length of the chain of refusals that gave the bounds.
    """

    region: str
    quota: str
    lowest: float
    highest: float
    burst: int | None
    refusals: int
    seconds: float

    @property
    def rate(self) -> float:
        """The middle of the bounds."""
        return (self.lowest + self.highest) / 2

    @property
    def confidence(self) -> Confidence:
        """How good the bounds are: they get narrower the longer the chain is."""
        return "high" if self.seconds >= LONG else "medium" if self.seconds >= MEDIUM else "low"


def quota_bounds(calls: Sequence[AuditedCall]) -> list[QuotaBounds]:
    """Return bounds of each class and region that refused at least twice.

    Refusals that adsmock injected say nothing about a quota, so they are left out.
    """
    own = [call for call in calls if call.row is not None and not call.is_broken]
    places = grouped(own, lambda call: (call.region, call.row.quota if call.row else ""))
    return [
        found
        for (region, quota), members in sorted(places.items())
        for found in [_bounds(region, quota, members)]
        if found is not None
    ]


def _bounds(region: str, quota: str, calls: Sequence[AuditedCall]) -> QuotaBounds | None:
    chains = [chain for chain in _chains(calls) if chain[-1].at > chain[0].at]
    if not chains:
        return None
    chain = max(chains, key=lambda each: each[-1].at - each[0].at)
    begin, end = chain[0].at, chain[-1].at
    spent = sum(
        call.weight for call in calls if begin < call.at <= end and call.status != THROTTLED
    )
    most = max(call.weight for call in chain)
    refusals = sum(call.status == THROTTLED for call in calls)
    seconds = end - begin
    return QuotaBounds(
        region,
        quota,
        lowest=max(0.0, (spent - most) / seconds),
        highest=(spent + most) / seconds,
        burst=_burst(calls, spent / seconds),
        refusals=refusals,
        seconds=seconds,
    )


def _chains(calls: Sequence[AuditedCall]) -> Iterator[list[AuditedCall]]:
    """Yield the refusals in groups without long gaps."""
    chain: list[AuditedCall] = []
    for call in calls:
        if call.status != THROTTLED:
            continue
        if chain and call.at - chain[-1].at > GAP:
            yield chain
            chain = []
        chain.append(call)
    if chain:
        yield chain


def _burst(calls: Sequence[AuditedCall], rate: float) -> int | None:
    """Return the weight accepted after a pause, up to the first refusal, without the refill."""
    last = float("-inf")
    for number, first in enumerate(calls):
        if first.at - last >= IDLE:
            spent = 0
            for call in calls[number:]:
                if call.at - first.at > GAP:
                    break
                if call.status == THROTTLED:
                    return max(1, ceil(spent - rate * (call.at - first.at)))
                spent += call.weight
        last = first.at
    return None

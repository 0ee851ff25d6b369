"""The run of a plan on both sides, within a budget of calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from adsmock.harness.client.clock import Sleeper
from adsmock.harness.client.errors import TransportError
from adsmock.harness.fidelity.comparison import THROTTLED, Pair
from adsmock.harness.fidelity.difference import Unchecked
from adsmock.harness.fidelity.exchange import Exchange
from adsmock.harness.fidelity.twin.plan import Step, UnboundError, at
from adsmock.harness.fidelity.twin.side import Side

LONGEST_WAIT = 60.0
"""Seconds: a longer Retry-After ends the run."""

FINAL = frozenset({"COMPLETED", "FAILED", "CANCELLED"})
MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Budget:
    """The most calls to the service in all and per minute."""

    calls: int = 150
    per_minute: int = 60


@dataclass(slots=True)
class TwinRun:
    """What a run brought: pairs, and steps that could not be compared."""

    pairs: list[Pair] = field(default_factory=list)
    unchecked: list[Unchecked] = field(default_factory=list)
    throttled: int = 0
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class Twins:
    """Both sides, the sleeper between calls and the budget of the service."""

    service: Side
    mock: Side
    sleeper: Sleeper
    budget: Budget = Budget()


def run(
    steps: Iterable[Step], twins: Twins, on_step: Callable[[str], None] = lambda _: None
) -> TwinRun:
    """Send every step to both sides, one call after the other.

    A 429 of the service is obeyed once; a second one ends the run.

    Raises:
        SideError: a side gives no token.
    """
    found = TwinRun()
    found.pairs.append(Pair(twins.service.sign_in(), twins.mock.sign_in()))
    for step in steps:
        if found.stopped:
            found.unchecked.append(Unchecked(step.id, step.operation, found.stopped))
            continue
        on_step(step.id)
        for _ in _polls(step, twins.sleeper):
            pair = _pair(step, twins, found)
            if pair is None or _is_final(pair):
                break
    return found


def _polls(step: Step, sleeper: Sleeper) -> Iterator[int]:
    """Yield once for a call, and until the last poll for a job, with pauses."""
    yield 0
    for number in range(1, step.poll.times if step.poll else 1):
        assert step.poll is not None
        sleeper.sleep(step.poll.seconds)
        yield number


def _is_final(pair: Pair) -> bool:
    states = [
        each.body.get("status") if isinstance(each.body, dict) else "FAILED"
        for each in (pair.service, pair.mock)
    ]
    return set(states) <= FINAL


def _pair(step: Step, twins: Twins, found: TwinRun) -> Pair | None:
    """Send one step to both sides; return None where it could not be sent or compared."""
    service, mock, limits = twins.service, twins.mock, twins.budget
    if service.sent >= limits.calls:
        found.stopped = f"the budget of {limits.calls} calls is used up"
        found.unchecked.append(Unchecked(step.id, step.operation, found.stopped))
        return None
    twins.sleeper.sleep(MINUTE / limits.per_minute)
    try:
        theirs = _obeying(step, service, twins.sleeper, found)
        mine = mock.call(step)
    except UnboundError as error:
        reason = f"no earlier reply had a value for {error}"
        found.unchecked.append(Unchecked(step.id, step.operation, reason))
        return None
    except TransportError as error:
        found.unchecked.append(Unchecked(step.id, step.operation, f"no reply: {error}"))
        return None
    for side, exchange in ((service, theirs), (mock, mine)):
        _bind(step, side, exchange)
    pair = Pair(theirs, mine, step.facts)
    found.pairs.append(pair)
    return pair


def _obeying(step: Step, service: Side, sleeper: Sleeper, found: TwinRun) -> Exchange:
    """Call the service; obey one 429, and stop the run at the second."""
    reply = service.call(step)
    if reply.status != THROTTLED:
        return reply
    found.throttled += 1
    text = reply.headers.get("retry-after", "")
    wait = float(text) if text.isdigit() else 1.0
    if found.throttled > 1 or wait > LONGEST_WAIT:
        found.stopped = (
            "the service throttled twice"
            if found.throttled > 1
            else (f"the service asked for a pause of {wait:.0f} s")
        )
        return reply
    sleeper.sleep(wait)
    again = service.call(step)
    if again.status == THROTTLED:
        found.throttled += 1
        found.stopped = "the service throttled twice"
    return again


def _bind(step: Step, side: Side, exchange: Exchange) -> None:
    if not exchange.is_success:
        return
    for name, pointer in step.bind.items():
        value = at(exchange.body, pointer)
        if value is not None:
            side.bound[name] = value

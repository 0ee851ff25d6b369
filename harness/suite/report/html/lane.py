"""Which calls share a lane of the timeline, and the scale of each lane.

A lane is data in seconds from the lane's start; `layout` turns it into positions.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from adsmock.harness.suite.report.html.labels import answer, fault_kind, fault_rule, tone
from adsmock.harness.suite.report.html.timeline import EARLY_TOLERANCE_S, Entry, moment, number

# More would be unreadable; the page says how many are left out.
CHAINS_SHOWN = 12
ROUTES_SHOWN = 16
CALLS_PER_LANE = 120
# No axis is shorter: a timeline of 4 ms says nothing.
SHORTEST_AXIS_S = 0.1


@dataclass(frozen=True, slots=True)
class Dot:
    """One call of a lane; times in seconds from the lane's start.

    `fault` is the kind of the fault, `rule` its name.
    """

    seq: int
    arrive: float
    send: float
    tone: str
    answer: str
    fault: str
    rule: str = ""
    allowed: float | None = None
    early: float = 0.0


@dataclass(frozen=True, slots=True)
class Lane:
    """The calls of one row of the timeline, oldest first, and their common properties.

    `start` is the lane's start in the time of the case.
    """

    method: str
    route: str
    region: str
    start: float
    span: float
    dots: tuple[Dot, ...]
    hidden: int

    @property
    def faults(self) -> tuple[str, ...]:
        """Return the faults of the lane's calls: their names with their kinds."""
        named = (
            f"{dot.rule} ({dot.fault})" if dot.rule and dot.rule != dot.fault else dot.fault
            for dot in self.dots
            if dot.fault
        )
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True, slots=True)
class Group:
    """Lanes of one kind; `hidden` lanes and `grants` successful token grants were left out.

    `kind` is chains (each lane on its own scale), routes, or instant or order: there `span` counts
    calls, not seconds.
    """

    kind: str
    span: float
    lanes: tuple[Lane, ...]
    hidden: int
    grants: int = 0

    def span_of(self, lane: Lane) -> float:
        """Return the length of a lane's scale."""
        return max(SHORTEST_AXIS_S, lane.span) if self.kind == "chains" else self.span


def groups(
    entries: Sequence[Entry],
    timebase: str,
    first: frozenset[int],
    limits: Mapping[int, float],
    named: frozenset[int] = frozenset(),
) -> tuple[Group, ...]:
    """Return the timelines of one case: its chains attempt by attempt, then every call.

    If not all chains fit, those with a seq of `first` (the evidence of broken checks) come first.
    `limits` maps a seq to its earliest compliant arrival where a check found one; it applies where
    the reply before had no `Retry-After`. Successful token grants are left out unless `named`
    (the evidence of all checks) contains one: they are hours apart, and the calls are not.
    """
    ordered = sorted(entries, key=lambda entry: (moment(entry, timebase).arrive, seq_of(entry)))
    grants = _grants(ordered, named)
    ordered = [entry for entry in ordered if seq_of(entry) not in grants]
    chains = [chain for chain in _bundles(ordered, _chain_key) if len(chain) > 1]
    shown = _choose(chains, first)
    origin = moment(ordered[0], timebase).arrive if ordered else 0.0
    lanes = [_chain(chain, timebase, origin, limits) for chain in shown]
    timelines = (
        _group("chains", [lane for lane in lanes if lane.span], len(chains) - len(shown)),
        _instant([lane for lane in lanes if not lane.span]),
        replace(_routes(ordered, timebase), grants=len(grants)),
    )
    return tuple(timeline for timeline in timelines if timeline.lanes)


def _grants(entries: Sequence[Entry], named: frozenset[int]) -> frozenset[int]:
    """Return the successful token grants, unless one is evidence or there is nothing else."""
    found = frozenset(
        seq_of(entry)
        for entry in entries
        if entry.get("operation") == "lwa.token" and tone(entry) == "ok"
    )
    return frozenset() if found & named or len(found) == len(entries) else found


def _instant(instant: Iterable[Lane]) -> Group:
    """Return chains without any duration, in order; one without a failure is left out."""
    lanes = [
        replace(lane, dots=tuple(_placed(dot, place) for place, dot in enumerate(lane.dots)))
        for lane in instant
        if any(dot.tone != "ok" for dot in lane.dots)
    ]
    return Group(
        "instant", max((len(lane.dots) - 1.0 for lane in lanes), default=1.0), tuple(lanes), 0
    )


def seq_of(entry: Entry) -> int:
    """Return the number of an entry in its journal, 0 when it has none."""
    return int(number(entry.get("seq")) or 0)


def _routes(ordered: Sequence[Entry], timebase: str) -> Group:
    """Return one lane per region and route, all on the case's own time axis.

    No Retry-After marks here: the limit of one chain does not apply to another. If the clock did
    not move (a frozen sandbox without waits), the calls are placed in order.
    """
    bundles = _bundles(ordered, _route_key)
    zero = moment(ordered[0], timebase).arrive if ordered else 0.0
    lanes = [_lane(bundle, timebase, zero) for bundle in bundles[:ROUTES_SHOWN]]
    hidden = len(bundles) - len(lanes)
    if len(ordered) < 2 or any(lane.span for lane in lanes):  # noqa: PLR2004 -- an order needs two
        return _group("routes", lanes, hidden)
    place = {seq_of(entry): float(index) for index, entry in enumerate(ordered)}
    placed = [
        replace(lane, dots=tuple(_placed(dot, place[dot.seq]) for dot in lane.dots))
        for lane in lanes
    ]
    return Group("order", float(len(ordered) - 1), tuple(placed), hidden)


def _placed(dot: Dot, place: float) -> Dot:
    return replace(dot, arrive=place, send=place)


def _group(kind: str, lanes: Iterable[Lane], hidden: int) -> Group:
    """Return lanes on the scale of the longest."""
    kept = tuple(lanes)
    return Group(kind, max([SHORTEST_AXIS_S, *(lane.span for lane in kept)]), kept, hidden)


def _choose(chains: Sequence[Sequence[Entry]], first: frozenset[int]) -> list[Sequence[Entry]]:
    """Return the chains that fit, in order of time; those with evidence are chosen first."""

    def rank(index: int) -> tuple[bool, int]:
        return (not any(seq_of(entry) in first for entry in chains[index]), index)

    best = sorted(range(len(chains)), key=rank)[:CHAINS_SHOWN]
    return [chains[index] for index in sorted(best)]


def _bundles(
    entries: Iterable[Entry], key: Callable[[Entry], tuple[str, ...]]
) -> list[list[Entry]]:
    """Return entries of equal key together, in order of first appearance."""
    bundles: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        bundles.setdefault(key(entry), []).append(entry)
    return list(bundles.values())


def _chain_key(entry: Entry) -> tuple[str, ...]:
    """Return the key of attempts at the same work; a call without a chain is alone."""
    chain = entry.get("chain")
    return (str(chain),) if chain else ("", str(seq_of(entry)))


def _route_key(entry: Entry) -> tuple[str, ...]:
    return (str(entry.get("region") or ""), _method(entry), _route(entry))


def _method(entry: Entry) -> str:
    return str(entry.get("method") or "")


def _route(entry: Entry) -> str:
    return str(entry.get("route") or entry.get("path") or "")


def _lane(entries: Sequence[Entry], timebase: str, zero: float) -> Lane:
    """Return the calls of a lane in seconds from `zero`."""
    head = entries[0]
    dots = tuple(_dot(entry, timebase, zero) for entry in entries[:CALLS_PER_LANE])
    span = max(dot.send for dot in dots)
    hidden = len(entries) - len(dots)
    region = str(head.get("region") or "")
    return Lane(_method(head), _route(head), region, 0.0, span, dots, hidden)


def _chain(
    entries: Sequence[Entry], timebase: str, origin: float, limits: Mapping[int, float]
) -> Lane:
    """Return a lane that starts at its first call, with the end of each Retry-After."""
    zero = moment(entries[0], timebase).arrive
    lane = _lane(entries, timebase, zero)
    dots: list[Dot] = []
    for index, dot in enumerate(lane.dots):
        after = seq_of(entries[index + 1]) if index + 1 < len(entries) else None
        allowed = moment(entries[index], timebase).allowed
        allowed = limits.get(after) if allowed is None and after is not None else allowed
        gate = None if allowed is None else max(allowed - zero, dot.send)
        dots.append(replace(dot, allowed=gate, early=_early(dots, dot)))
    span = max(max(dot.send, dot.allowed or 0.0) for dot in dots)
    return replace(lane, start=zero - origin, dots=tuple(dots), span=span)


def _early(before: Sequence[Dot], dot: Dot) -> float:
    """Return by how many seconds a call came before the end of a Retry-After, 0 if it did not."""
    gate = before[-1].allowed if before else None
    early = 0.0 if gate is None else gate - dot.arrive
    return early if early > EARLY_TOLERANCE_S else 0.0


def _dot(entry: Entry, timebase: str, zero: float) -> Dot:
    when = moment(entry, timebase)
    return Dot(
        seq=seq_of(entry),
        arrive=when.arrive - zero,
        send=when.send - zero,
        tone=tone(entry),
        answer=answer(entry),
        fault=fault_kind(entry),
        rule=fault_rule(entry),
    )

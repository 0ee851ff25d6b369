"""Replays: one fault of a round by itself, because an exit code does not say which one it reports.

A program that ignores one failure may end with an exit code other than 0 because of another, of
the same case or of another case in the round.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase

from msgspec.structs import replace

from adsmock.harness.suite.case import Case, Fault
from adsmock.harness.suite.free_run.fault_seconds import seconds_of
from adsmock.harness.suite.free_run.placement import MARK, Placed, Round
from adsmock.harness.suite.free_run.playing import Pass
from adsmock.harness.suite.free_run.traffic import Slot
from adsmock.harness.suite.free_run.work_by_case import distance
from adsmock.harness.suite.journal import CaseRecord, Work

MOST_REPLAYS = 40
"""Replays of a run: about as many as the rounds of a program that does everything."""

NO_LIMIT_LEFT = "--rounds allows no more rounds"
STOPPED = "the run was stopped"
TOO_MANY = f"a run replays at most {MOST_REPLAYS} faults; name fewer cases with --cases"


def parts_of(round_: Round) -> list[Placed]:
    """Return the faults of a round that can be played apart from each other.

    What a rule does to one operation is one part: for all profiles, and with the other rules of its
    case if they are about later attempts of the same call.
    """
    found: list[Placed] = []
    for placed in round_.placed[:1] if round_.is_alone else round_.placed:
        by_key: dict[tuple[str, ...], list[Fault]] = {}
        for fault in placed.faults:
            by_key.setdefault(_key(placed.case, fault), []).append(fault)
        found += [_part(placed, faults) for faults in by_key.values()]
    return found


def _key(case: Case, fault: Fault) -> tuple[str, ...]:
    is_sequence = any(rule.when.get("attempt", 1) != 1 for rule in case.faults)
    rule = "" if is_sequence else fault.id.split(MARK)[1]
    return rule, *(str(fault.match.get(name, "")) for name in ("operation", "path", "region"))


def _part(placed: Placed, faults: Sequence[Fault]) -> Placed:
    slots = tuple(slot for slot in placed.slots if any(_is_on(one, slot) for one in faults))
    seconds = sum(map(seconds_of, faults))
    return Placed(placed.case, tuple(faults), slots, seconds, placed.job_seconds)


def _is_on(fault: Fault, slot: Slot) -> bool:
    """Say whether a fault is on the calls of a slot."""
    match = fault.match
    return (
        any(fnmatchcase(slot.operation, name) for name in match.get("operation", ("*",)))
        and match.get("profileId", {"$profile": slot.profile}) == {"$profile": slot.profile}
        and match.get("path", slot.path) == slot.path
        and (not slot.region or slot.region in match.get("region", (slot.region,)))
    )


def most_replays(rounds: Iterable[Round]) -> int:
    """Return how many replays some rounds can lead to."""
    sizes = (len(parts_of(round_)) for round_ in rounds)
    return min(MOST_REPLAYS, sum(size for size in sizes if size > 1))


def replays_of(round_: Round, played: Pass, work: Sequence[Work]) -> list[Round]:
    """Return a round for each fault whose lost work another fault's failure may excuse.

    ``work`` is what the round can be compared by. A program that the suite stopped has reported
    nothing: only faults of several cases are separated then.
    """
    ending = played.record.ending
    is_shared = len(round_.placed) > 1 and not round_.is_alone
    has_failed = is_shared if ending.timed_out else bool(ending.exit_code)
    lost = [piece for piece in work if piece.is_lost]
    if round_.replay or not has_failed or not lost:
        return []
    parts = parts_of(round_)
    if len(parts) < 2:  # noqa: PLR2004 -- another one is needed
        return []
    hit = [part for part in parts if _is_hit(part, played.met)]
    return [
        Round([part], is_alone=round_.is_alone, replay=part.faults[0].id)
        for part in _suspects(parts, hit, work, lost)
        if any(other is not part for other in hit)
    ]


def _is_hit(part: Placed, met: Mapping[str, int]) -> bool:
    return any(met.get(fault.id) for fault in part.faults)


def _suspects(
    parts: Sequence[Placed], hit: Sequence[Placed], work: Sequence[Work], lost: Sequence[Work]
) -> list[Placed]:
    """Return the faults whose own work is lost, also those that the program never reached.

    What is lost of other calls may be the work of a fault without work of its own, such as that of
    a token or a job.
    """

    def has(part: Placed, pieces: Sequence[Work]) -> bool:
        return any(distance(part, piece) == 0 for piece in pieces)

    own = [part for part in parts if has(part, lost)]
    rest = [piece for piece in lost if all(distance(part, piece) for part in parts)]
    silent = [part for part in hit if rest and not has(part, work)]
    nearest = [min(parts, key=lambda part: distance(part, piece)) for piece in rest]
    found = own + silent or nearest
    return [part for part in parts if any(part is one for one in found)]


def in_turn(replays: Iterable[Round]) -> list[Round]:
    """Return replays so that each case has its first before another has its second."""
    by_case: dict[str, int] = {}
    places: list[tuple[int, Round]] = []
    for round_ in replays:
        case = round_.placed[0].case.id
        by_case[case] = by_case.get(case, 0) + 1
        places.append((by_case[case], round_))
    return [round_ for _, round_ in sorted(places, key=lambda place: place[0])]


def as_replay(record: CaseRecord, round_: Round) -> CaseRecord:
    """Return the record of a replay under the name of its fault."""
    return replace(record, case=round_.replay, replay_of=record.case) if round_.replay else record


def with_open_fault(record: CaseRecord, round_: Round, why: str) -> CaseRecord:
    """Return the record of a case with a fault that was not replayed, and why."""
    fault = round_.replay.partition(MARK)[2]
    return replace(record, not_replayed=(*record.not_replayed, fault), no_replay=why)

"""What a mock saw, for ``exec --summary``: calls by operation, and what went wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from adsmock.mockserver.core.journal import Entry

SHOWN = 20
"""Operations that are listed; the others are counted."""

_THROTTLED = 429
_FAILED = 400
_HAS_ANSWER = frozenset({"complete", "open"})


def lines(entries: Sequence[Entry], *, orphans: int, dropped: int) -> Iterator[str]:
    """Yield the lines of the summary.

    Args:
        entries: the journal of all sandboxes. Faults of Marketing Stream are no calls.
        orphans: calls that belong to no sandbox.
        dropped: calls that the journal no longer contains.
    """
    deliveries = [entry for entry in entries if _is_delivery(entry)]
    entries = [entry for entry in entries if not _is_delivery(entry)]
    yield _headline(entries)
    yield from _table(entries)
    total = len(entries)
    throttled = sum(entry.status == _THROTTLED for entry in entries)
    yield f"  throttled     {throttled} of {total}" + (
        f" ({throttled / total:.1%} of all calls)" if total else ""
    )
    yield f"  retries       {_retries(entries)}"
    yield f"  lost answers  {_by_ending(entries)}"
    yield f"  faults        {_by_fault(entries)}"
    if deliveries:
        yield f"  messages      {_by_message(deliveries)} with a fault"
    if orphans:
        yield f"  of no client  {orphans}: see 'adsmock ctl orphans.get' of a running mock"
    if dropped:
        yield f"  not counted   {dropped} older calls, which the journal dropped"


def _headline(entries: Sequence[Entry]) -> str:
    operations = len({_name(entry) for entry in entries})
    seconds = 0.0
    if entries:
        first = min(entry.t_arrive for entry in entries)
        seconds = max(max(entry.t_arrive, entry.t_end) for entry in entries) - first
    return (
        f"adsmock: {len(entries)} call{'' if len(entries) == 1 else 's'} of {operations} "
        f"operation{'' if operations == 1 else 's'} in {seconds:.1f} s"
    )


def _table(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield one line for each operation, those with the most calls first."""
    statuses: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for entry in entries:
        statuses[_name(entry)][str(entry.status or "no answer")] += 1
    rows = sorted(statuses.items(), key=lambda row: (-row[1].total(), row[0]))
    width = max((len(name) for name, _ in rows[:SHOWN]), default=0)
    for name, counts in rows[:SHOWN]:
        listed = ", ".join(f"{status}: {count}" for status, count in sorted(counts.items()))
        yield f"  {name:<{width}}  {counts.total():>5}  {listed}"
    if rows[SHOWN:]:
        more = sum(counts.total() for _, counts in rows[SHOWN:])
        yield f"  and {len(rows) - SHOWN} more operations with {more} calls"


def _is_delivery(entry: Entry) -> bool:
    return entry.fault is not None and entry.fault.get("point") == "delivery"


def _name(entry: Entry) -> str:
    return entry.operation or f"{entry.method} {entry.path}"


def _retries(entries: Iterable[Entry]) -> int:
    """Return how many calls repeat an equal call that failed or lost its answer."""
    count = 0
    has_failed: dict[str, bool] = {}
    for entry in entries:
        if entry.chain is None:
            continue
        count += has_failed.get(entry.chain, False)
        has_failed[entry.chain] = entry.status >= _FAILED or entry.ended not in _HAS_ANSWER
    return count


def _by_ending(entries: Iterable[Entry]) -> str:
    """Return how many answers did not arrive complete, by how they ended."""
    return _counted(entry.ended for entry in entries if entry.ended not in _HAS_ANSWER)


def _by_fault(entries: Iterable[Entry]) -> str:
    """Return on how many calls a planned fault took effect, by kind."""
    return _counted(entry.fault["kind"] for entry in entries if entry.fault)


def _by_message(deliveries: Iterable[Entry]) -> str:
    """Return how many messages of Marketing Stream a planned fault changed, by kind."""
    return _counted(
        entry.fault["kind"] for entry in deliveries if entry.fault for _ in range(entry.items or 0)
    )


def _counted(words: Iterable[str]) -> str:
    counts = Counter(words)
    listed = ", ".join(f"{word}: {count}" for word, count in sorted(counts.items()))
    return f"{counts.total()} ({listed})" if counts else "0"

"""Batches item by item: what the program sent, what came back, and what it did then."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adsmock.harness.suite.journal import Entry
from adsmock.harness.suite.journal.item import Batch, batch, name_of
from adsmock.harness.suite.report.html.labels import answer, tone
from adsmock.harness.suite.report.html.lane import seq_of
from adsmock.harness.suite.report.html.masking import mask_text
from adsmock.harness.suite.report.html.timeline import Entry as Row

BATCHES_SHOWN = 4
ITEMS_SHOWN = 15
CALLS_SHOWN = 4
ITEM_CHARACTERS = 110
NAME_CHARACTERS = 60
DONE = "not sent again"


@dataclass(frozen=True, slots=True)
class Result:
    """What one call did with one item: a word and its tone; empty where it was not sent."""

    word: str
    tone: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item: its place in the batch, its name, what was sent, its results, what followed."""

    index: int
    name: str
    sent: str
    results: tuple[Result, ...]
    then: str


@dataclass(frozen=True, slots=True)
class BatchView:
    """One batch with failed items, and the later calls that contain an item of it."""

    operation: str
    region: str
    profile: str
    calls: tuple[tuple[int, str], ...]
    items: tuple[ItemView, ...]
    more_items: int
    more_calls: int


@dataclass(frozen=True, slots=True)
class _Write:
    """One call with its items and their natural keys."""

    row: Row
    batch: Batch
    keys: tuple[str, ...]

    @property
    def seq(self) -> int:
        return seq_of(self.row)

    @property
    def has_failed(self) -> bool:
        """Return whether items failed, or the answer that says so was lost."""
        return bool(self.batch.error) or tone(self.row) == "lost"


def batches(entries: Sequence[Row], first: frozenset[int]) -> tuple[BatchView, ...]:
    """Return the batches that did not fully succeed, those with a seq of `first` in front."""
    work: dict[tuple[str, str, str], list[_Write]] = {}
    for row in entries:
        write = _write(row)
        if write is not None:
            key = tuple(str(row.get(name) or "") for name in ("operation", "region", "profileId"))
            work.setdefault((key[0], key[1], key[2]), []).append(write)
    views = [view for key, writes in work.items() for view in _views(key, writes)]
    views.sort(key=lambda view: not any(seq in first for seq, _ in view.calls))
    return tuple(views[:BATCHES_SHOWN])


def _write(row: Row) -> _Write | None:
    """Return a call with its items; None for one that has none or cannot be read."""
    if not isinstance(row.get("request"), Mapping):
        return None
    try:
        sent = batch(Entry.read(dict(row), "monotonic"))
        return _Write(row, sent, sent.keys()) if sent and sent.items else None
    except (TypeError, ValueError, KeyError, AttributeError):
        return None


def _views(key: tuple[str, str, str], writes: Sequence[_Write]) -> Iterator[BatchView]:
    """Yield a view of each call whose items failed, with the later calls of these items."""
    explained: set[int] = set()
    for at, write in enumerate(writes):
        if write.has_failed and write.seq not in explained:
            keys = set(write.keys)
            later = [each for each in writes[at + 1 :] if not keys.isdisjoint(each.keys)]
            explained.update(each.seq for each in later)
            yield _view(key, [write, *later])


def _view(key: tuple[str, str, str], writes: Sequence[_Write]) -> BatchView:
    first = writes[0]
    shown = min(len(writes), CALLS_SHOWN)
    items = [_item(index, writes, shown) for index in range(len(first.keys))]
    # What failed or was sent again says more than what succeeded at once.
    telling = sorted(items, key=lambda item: item.then == DONE)
    kept = sorted(telling[:ITEMS_SHOWN], key=lambda item: item.index)
    return BatchView(
        operation=mask_text(key[0]),
        region=key[1],
        profile=mask_text(key[2]),
        calls=tuple((write.seq, answer(write.row)) for write in writes[:shown]),
        items=tuple(kept),
        more_items=len(items) - len(kept),
        more_calls=len(writes) - shown,
    )


def _item(index: int, writes: Sequence[_Write], shown: int) -> ItemView:
    """Return one item of the first call with its results in all calls."""
    first = writes[0]
    key, item = first.keys[index], first.batch.items[index]
    places = [index, *(_place(write, key) for write in writes[1:])]
    pairs = list(zip(writes, places, strict=True))
    results = [Result("", "") if at is None else _result(write, at) for write, at in pairs]
    later = [write.batch.items[at] for write, at in pairs[1:] if at is not None]
    return ItemView(
        index=index,
        name=_cut(mask_text(name_of(item)), NAME_CHARACTERS),
        sent=_cut(mask_text(_compact(item)), ITEM_CHARACTERS),
        results=tuple(results[:shown]),
        then=_then(results, [write.seq for write in writes]) + _changes(item, later),
    )


def _place(write: _Write, key: str) -> int | None:
    return write.keys.index(key) if key in write.keys else None


def _result(write: _Write, index: int) -> Result:
    """Return what a call did with the item at an index."""
    sent = write.batch
    if index in sent.success:
        return Result("success", "ok")
    if index in sent.error:
        return Result(mask_text(", ".join(sent.errors_of(index))) or "error", "refuse")
    return Result("no result" if sent.answered else answer(write.row), "lost")


def _then(results: Sequence[Result], seqs: Sequence[int]) -> str:
    """Return what the program did with an item after its first result."""
    later = [at for at in range(1, len(results)) if results[at].word]
    is_done = results[0].tone == "ok"
    if not later:
        return DONE if is_done else "left undone: not sent again"
    more = len(later) - 1
    times = "" if not more else " and once more" if more == 1 else f" and {more} more times"
    again = f"sent again in #{seqs[later[0]]}{times}"
    if is_done:
        return f"{again}, although it had succeeded"
    end = {"ok": "succeeded", "lost": "no result"}.get(results[later[-1]].tone, "failed again")
    return f"{again}: {end}"


def _changes(item: Mapping[str, Any], later: Sequence[Mapping[str, Any]]) -> str:
    """Return which members of an item differ in a later call, in words."""
    names = {
        str(name) for each in later for name in {*item, *each} if item.get(name) != each.get(name)
    }
    return f"; changed: {mask_text(', '.join(sorted(names)))}" if names else ""


def _compact(item: Mapping[str, Any]) -> str:
    return json.dumps(item, ensure_ascii=False, separators=(", ", ": "), default=str)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 3]}..."

"""What can be said of replies as a whole: order, pages, references and the course of jobs.

A trait is a name and a value. Where both sides show a trait and the values differ, it is a
difference. A side that cannot show a trait, because it has too few rows, has no value for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from adsmock.contracts.model import Operation
from adsmock.contracts.operation_index import operations
from adsmock.harness.fidelity.difference import Aspect, Difference
from adsmock.harness.fidelity.exchange import Exchange
from adsmock.harness.fidelity.fact_index import facts
from adsmock.harness.fidelity.reply_members import Path

ENOUGH_ROWS = 6
"""Rows after which an order is no chance."""

IMMEDIATE_SECONDS, SHORT_SECONDS = 5.0, 60.0
_TIMES = ("creationDateTime", "lastUpdateDateTime", "lastUpdatedDateTime")


@dataclass(frozen=True, slots=True)
class Trait:
    """One statement about a side: ``value`` is a text without data of an advertiser."""

    aspect: Aspect
    member: str
    value: str
    facts: tuple[str, ...]
    step: str = ""


def compare_traits(
    operation: Operation, service: Sequence[Exchange], mock: Sequence[Exchange]
) -> Iterator[Difference]:
    """Yield the differences between the traits of both sides' replies to one operation."""
    mine = {(row.aspect, row.member, row.step): row for row in traits(operation, service)}
    theirs = {(row.aspect, row.member, row.step): row for row in traits(operation, mock)}
    every = tuple(dict.fromkeys(each.step for each in service))
    for key, one in mine.items():
        other = theirs.get(key)
        if other is not None and other.value != one.value:
            steps = (one.step,) if one.step else every
            yield Difference(
                operation.id, one.aspect, one.member, one.value, other.value, one.facts, steps
            )


def traits(operation: Operation, exchanges: Sequence[Exchange]) -> Iterator[Trait]:
    """Yield every trait that these replies show."""
    done = [each for each in exchanges if each.is_success]
    for each in done:
        yield from _order(operation, each)
        yield from _page(operation, each)
        yield from _references(operation, each)
    yield from _stable_order(operation, done)
    yield from _across_pages(operation, done)
    yield from _job(operation, done)


def rows_of(operation: Operation, body: Any) -> list[dict[str, Any]] | None:
    """Return the entities of a list, None if the body is no list of entities."""
    page = operations().contract(operation).page
    if isinstance(body, dict):
        key = page.key if page else ""
        body = (
            body.get(key)
            if key
            else next((value for value in body.values() if isinstance(value, list)), None)
        )
    if not isinstance(body, list):
        return None
    return [row for row in body if isinstance(row, dict)]


def id_name(operation: Operation) -> str:
    """Return the member with the id of an entity; empty if the contract names none."""
    identity = operations().contract(operation).identity
    return identity.field if identity else ""


def _order(operation: Operation, each: Exchange) -> Iterator[Trait]:
    rows = rows_of(operation, each.body)
    if not rows or len(rows) < ENOUGH_ROWS or operation.verb != "list":
        return
    for name in (id_name(operation), *_TIMES):
        values = [_comparable(row.get(name)) for row in rows]
        if not name or len(set(values)) < len(values) or None in values:
            continue
        ordered = sorted(values, key=str if isinstance(values[0], str) else None)  # type: ignore[arg-type, type-var]  # one type each
        word = "ascending" if values == ordered else "no order"
        word = "descending" if values == ordered[::-1] else word
        yield Trait("order", f"by {name}", word, facts().page(operation), each.step)


def _stable_order(operation: Operation, done: Sequence[Exchange]) -> Iterator[Trait]:
    """Compare the order of the rows that several lists have in common."""
    name = id_name(operation)
    lists = [
        [str(row[name]) for row in rows_of(operation, each.body) or () if name in row]
        for each in done
    ]
    longest = max(lists, key=len, default=[])
    places = {each: place for place, each in enumerate(longest)}
    shared = [[places[each] for each in ids if each in places] for ids in lists]
    shared = [row for row in shared if len(row) >= 2]  # noqa: PLR2004 -- one row has no order
    if len(shared) > 1:
        is_stable = all(row == sorted(row) for row in shared)
        word = "the same in every list" if is_stable else "different from list to list"
        yield Trait("order", "of equal rows", word, facts().page(operation))


def _comparable(value: Any) -> str | int | None:
    if isinstance(value, str) and value.isdigit():
        return int(value)
    return value if isinstance(value, str | int) and not isinstance(value, bool) else None


def _page(operation: Operation, each: Exchange) -> Iterator[Trait]:
    """Compare a page with the size that the request asked for."""
    page = operations().contract(operation).page
    rows = rows_of(operation, each.body)
    if page is None or rows is None or not page.token:
        return
    asked = _asked(each, page.size)
    if not asked:
        return
    row = facts().page(operation)
    size = "kept" if len(rows) <= asked else "exceeded"
    yield Trait("paging", "page size", size, row, each.step)
    token = each.body.get(page.token) if isinstance(each.body, dict) else None
    total = each.body.get(page.total) if isinstance(each.body, dict) and page.total else None
    if isinstance(total, int) and not _token_sent(each, page.token):
        rest = "further rows" if total > len(rows) else "no further rows"
        yield Trait("paging", rest, "with token" if token else "without token", row, each.step)


def _asked(each: Exchange, size: str) -> int:
    sent = each.request.get(size) if isinstance(each.request, dict) else dict(each.query).get(size)
    text = str(sent)
    return int(text) if text.isdigit() else 0


def _token_sent(each: Exchange, token: str) -> bool:
    sent = each.request if isinstance(each.request, dict) else dict(each.query)
    return bool(sent.get(token))


def _across_pages(operation: Operation, done: Sequence[Exchange]) -> Iterator[Trait]:
    """Compare a page that was asked for by a token with the page before it."""
    page, name = operations().contract(operation).page, id_name(operation)
    if page is None or not name:
        return
    for before, after in pairwise(done):
        token = before.body.get(page.token) if isinstance(before.body, dict) else None
        if not token or not _token_sent(after, page.token):
            continue
        first = {str(row.get(name)) for row in rows_of(operation, before.body) or ()}
        second = [str(row.get(name)) for row in rows_of(operation, after.body) or ()]
        row = facts().page(operation)
        news = "new" if first.isdisjoint(second) else "repeated"
        yield Trait("paging", "rows of the next page", news, row, after.step)
        if page.total:
            same = before.body.get(page.total) == after.body.get(page.total)
            yield Trait(
                "paging",
                "total on the next page",
                "equal" if same else "different",
                row,
                after.step,
            )


def _references(operation: Operation, each: Exchange) -> Iterator[Trait]:
    """Find where a reply repeats the ids that the request named."""
    asked = set(_ids(each.request)) | {value for _, value in each.query if value.isdigit()}
    asked |= {part for part in each.path.split("/") if part.isdigit()}
    rows = rows_of(operation, each.body)
    bodies = rows if rows is not None else [each.body]
    if not asked or not bodies:
        return
    for name in {key for row in bodies if isinstance(row, dict) for key in row}:
        values = {str(row[name]) for row in bodies if isinstance(row, dict) and name in row}
        if name.endswith("Id"):
            is_kept = values <= asked
            path: Path = (name,)
            kept = "as asked" if is_kept else "other ids"
            yield Trait("reference", name, kept, facts().member(operation, path), each.step)


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _ids(each)
    elif isinstance(value, list):
        for each in value:
            yield from _ids(each)
    elif isinstance(value, str) and value.isdigit() and len(value) > 3:  # noqa: PLR2004 -- ids are longer than counts
        yield value


def _job(operation: Operation, done: Sequence[Exchange]) -> Iterator[Trait]:
    """Describe the course of one job: its states in order, and how long it took."""
    states = [
        (str(each.body["status"]), each.started)
        for each in done
        if isinstance(each.body, dict) and isinstance(each.body.get("status"), str)
    ]
    contract = operations().contract(operation)
    if contract.shape not in {"job", "report"} or not states:
        return
    row = facts().member(operation, ("status",))
    if operation.verb == "create":
        yield Trait("job-state", "status", f"begins {states[0][0]}", row)
        return
    ends = [row for row in states if row[0] in {"COMPLETED", "FAILED"}]
    began, ended = states[0][1], (ends or states[-1:])[0][1]
    if ends:
        yield Trait("job-state", "status", f"ends {ends[0][0]}", row)
    if began is None or ended is None or (not ends and ended - began < SHORT_SECONDS):
        return
    yield Trait("job-time", "status", _class(ended - began), facts().operation(operation))


def _class(seconds: float) -> str:
    if seconds < IMMEDIATE_SECONDS:
        return "immediate"
    return "within a minute" if seconds < SHORT_SECONDS else "longer than a minute"

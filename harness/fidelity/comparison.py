"""The comparison of pairs, and the class of every ledger row after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from adsmock.contracts import ledger
from adsmock.contracts.model import Operation
from adsmock.contracts.operation_index import operations
from adsmock.contracts.reads import is_read
from adsmock.harness.fidelity.compare_members import compare_members, confirmed_members
from adsmock.harness.fidelity.compare_reply import compare_reply, refusal_kind
from adsmock.harness.fidelity.difference import Difference, Standing, Unchecked
from adsmock.harness.fidelity.exchange import FIRST_ERROR, Exchange
from adsmock.harness.fidelity.fact_index import facts
from adsmock.harness.fidelity.traits import compare_traits, rows_of
from adsmock.harness.fidelity.variation import with_switch

THROTTLED = 429
FIRST_SERVER_ERROR = 500
NOT_ALLOWED = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class Pair:
    """The same request at the service and at the mock, with both replies.

    ``facts`` are ledger rows that this request shows besides those of its members.
    """

    service: Exchange
    mock: Exchange
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was compared: the differences, what could not be checked, the class of each row.

    ``standings`` has a class for every row of the ledger that is not unseen.
    """

    differences: tuple[Difference, ...]
    unchecked: tuple[Unchecked, ...]
    standings: dict[str, Standing]
    touchable: frozenset[str]
    pairs: int

    @property
    def drift(self) -> tuple[Difference, ...]:
        """The differences that no switch covers."""
        return tuple(row for row in self.differences if not row.switch)

    @property
    def variations(self) -> tuple[Difference, ...]:
        """The differences that a switch of the mock covers."""
        return tuple(row for row in self.differences if row.switch)

    def rows(self, standing: Standing) -> list[str]:
        """Return the ledger rows of a class, in the order of the ledger."""
        return [row.id for row in ledger.rows() if self.standings.get(row.id, "unseen") == standing]

    @property
    def touched_share(self) -> float:
        """Share of the ledger that a capture of reads and errors can touch at all."""
        return len(self.touchable) / len(ledger.rows())

    @property
    def confirmed_share(self) -> float:
        """Share of the ledger that this comparison confirmed."""
        return len(self.rows("confirmed")) / len(ledger.rows())


def compare(pairs: Sequence[Pair], skipped: Sequence[Unchecked] = ()) -> Comparison:
    """Compare the service's replies with the mock's.

    Args:
        pairs: the same requests at both.
        skipped: what the caller could not send.
    """
    unchecked = list(skipped)
    usable: list[Pair] = []
    for pair in pairs:
        reason = _unusable(pair)
        if reason:
            unchecked.append(Unchecked(pair.service.step, _name(pair.service), reason))
        else:
            usable.append(pair)
    found = [with_switch(row, wants) for row, wants in _differences(usable)]
    differences = _merged(found)
    unchecked += _empty(usable)
    return Comparison(
        tuple(differences),
        tuple(unchecked),
        _standings(usable, differences, unchecked),
        touchable_rows(),
        len(usable),
    )


@cache
def touchable_rows() -> frozenset[str]:
    """Return the ledger rows that a capture of reads and errors can touch."""
    return frozenset(facts().touchable(row for row in operations().all() if is_read(row)))


def operation_of(exchange: Exchange) -> Operation | None:
    """Return the operation of an exchange, None if no contract describes it."""
    return operations().find(exchange.method, exchange.path, exchange.request)


def _unusable(pair: Pair) -> str:
    """Return why a pair says nothing about fidelity; empty if it does."""
    service, mock = pair.service, pair.mock
    if service.status == THROTTLED and mock.status != THROTTLED:
        return "the service throttled the call"
    if service.status >= FIRST_SERVER_ERROR and not service.wants:
        return f"the service failed with {service.status}"
    if service.status in NOT_ALLOWED and mock.is_success:
        return f"the account may not make this call ({service.status})"
    if mock.status == THROTTLED and service.status != THROTTLED:
        return "the mock throttled the call"
    return ""


def _empty(pairs: Sequence[Pair]) -> Iterator[Unchecked]:
    """Yield the lists whose members could not be compared, because a side has no rows."""
    for pair in pairs:
        operation = operation_of(pair.service)
        if operation is None or operation.verb != "list" or not pair.service.is_success:
            continue
        empty = [
            name
            for name, each in (("service", pair.service), ("mock", pair.mock))
            if rows_of(operation, each.body) == []
        ]
        if empty:
            reason = f"the {' and the '.join(empty)} returned an empty list"
            yield Unchecked(pair.service.step, operation.id, reason)


def _name(exchange: Exchange) -> str:
    operation = operation_of(exchange)
    return operation.id if operation else f"{exchange.method} {exchange.path}"


def _differences(pairs: Sequence[Pair]) -> Iterator[tuple[Difference, str]]:
    """Yield each difference with the refusal that its request asked for."""
    groups: dict[str, list[Pair]] = {}
    for pair in pairs:
        operation = operation_of(pair.service)
        for found in compare_reply(operation, pair.service, pair.mock):
            named = (*found.facts[:1], *pair.facts, *found.facts[1:])
            yield replace(found, facts=tuple(dict.fromkeys(named))), pair.service.wants
        if operation is not None and pair.service.is_success and pair.mock.is_success:
            groups.setdefault(operation.id, []).append(pair)
    for group in groups.values():
        operation = operation_of(group[0].service)
        assert operation is not None
        mine, theirs = [pair.service for pair in group], [pair.mock for pair in group]
        steps = tuple(dict.fromkeys(pair.service.step for pair in group))
        bodies = [each.body for each in mine], [each.body for each in theirs]
        for found in compare_members(operation, *bodies, steps):
            yield found, ""
        for found in compare_traits(operation, mine, theirs):
            yield found, ""


def _merged(found: Iterable[Difference]) -> list[Difference]:
    """Return differences once each, with the steps of all of them."""
    rows: dict[tuple[str, ...], Difference] = {}
    for one in found:
        key = (one.operation, one.aspect, one.member, one.service, one.mock, one.fact)
        known = rows.get(key)
        steps = (*known.steps, *one.steps) if known else one.steps
        rows[key] = replace(one, steps=tuple(dict.fromkeys(steps)))
    return list(rows.values())


def _standings(
    pairs: Sequence[Pair], differences: Sequence[Difference], unchecked: Sequence[Unchecked]
) -> dict[str, Standing]:
    """Return the class of each row: a drift outweighs a variation, that a confirmation."""
    known = {row.id for row in ledger.rows()}
    by_id = {row.id: row for row in operations().all()}
    found: dict[str, Standing] = {}
    for skipped in unchecked:
        operation = by_id.get(skipped.operation)
        found |= dict.fromkeys(facts().operation(operation) if operation else (), "unchecked")
    found |= dict.fromkeys(_confirmed(pairs), "confirmed")
    shown = {row for pair in pairs for row in pair.facts}
    for is_covered in (True, False):
        for one in differences:
            if bool(one.switch) == is_covered:
                rows = {*one.facts[:1], *(row for row in one.facts if row in shown)}
                found |= dict.fromkeys(rows, "variation" if is_covered else "drift")
    return {row: standing for row, standing in found.items() if row in known}


def _confirmed(pairs: Sequence[Pair]) -> Iterator[str]:
    """Yield the rows that the service's replies showed as the mock's did."""
    groups: dict[str, list[Pair]] = {}
    for pair in pairs:
        if pair.service.status != pair.mock.status:
            continue
        yield from pair.facts
        operation = operation_of(pair.service)
        if pair.service.status >= FIRST_ERROR:
            yield from facts().refusal(operation, refusal_kind(operation, pair.mock))[:1]
        elif operation is not None and pair.service.is_success:
            groups.setdefault(operation.id, []).append(pair)
            yield from _confirmed_by(operation, pair)
    for group in groups.values():
        operation = operation_of(group[0].service)
        assert operation is not None
        mine = [pair.service.body for pair in group]
        for path in confirmed_members(mine, [pair.mock.body for pair in group]):
            if facts().has_member(operation, path):
                yield from facts().member(operation, path)


def _confirmed_by(operation: Operation, pair: Pair) -> Iterator[str]:
    """Yield the rows about one successful call: operation, parameters, page and headers."""
    yield from facts().operation(operation)
    for name in _sent(pair.service):
        yield from facts().parameter(operation, name)
    if rows_of(operation, pair.service.body) and rows_of(operation, pair.mock.body):
        yield from facts().page(operation)
    for name in set(pair.service.headers) & set(pair.mock.headers):
        yield from facts().header(None, name)


def _sent(exchange: Exchange) -> list[str]:
    """Return the names that a request gave: members of its body and its query."""
    body = list(exchange.request) if isinstance(exchange.request, dict) else []
    return [*body, *(name for name, _ in exchange.query)]

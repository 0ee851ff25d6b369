"""Bodies of multi-status replies (207): one row for each item, joined from rendered bytes.

Source: campaign management reference 2.5 (observed: both arrays always present, ``error`` before
``success``, members sorted, ``cause`` empty without a location).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from operator import itemgetter
from typing import Any

import orjson

from adsmock.contracts.model import Contract, Identity
from adsmock.contracts.reply_row import ReplyRow
from adsmock.mockserver.core.ids import as_number
from adsmock.mockserver.core.outcome import Failure, Outcome, Success

Order = Callable[[tuple[Iterable[Any], ...]], tuple[Iterable[Any], ...]]
"""Sorts the columns entity, id and index by name."""
Shape = Callable[[Contract, list[Outcome], bool, str], bytes]


def render(
    contract: Contract, outcomes: list[Outcome], *, wants_entities: bool, verb: str = ""
) -> bytes:
    """Return the body of a 207 in the shape of the contract, after ``verb``."""
    return SHAPES[contract.shape](contract, outcomes, wants_entities, verb)


def _keyed(contract: Contract, outcomes: list[Outcome], wants_entities: bool, verb: str) -> bytes:
    assert contract.identity is not None
    plain, rich, order = _templates(contract.identity.success, contract.representation)
    name = contract.identity.success
    errors: list[bytes] = []
    done: list[Any] = outcomes
    if set(map(type, outcomes)) != {Success}:  # most batches succeed as a whole
        errors = [_error_row(contract, each) for each in outcomes if isinstance(each, Failure)]
        done = [each for each in outcomes if isinstance(each, Success)]
    indexes, ids, bodies = zip(*done, strict=True) if done else ((), (), ())
    if wants_entities and None not in bodies:
        columns = order((bodies, map(str.encode, ids), indexes))
        successes = list(map(rich.__mod__, zip(*columns, strict=True)))
    elif contract.brief and verb in {"create", "update"} and None not in bodies:
        columns = order((_briefs(contract, bodies), map(str.encode, ids), indexes))
        successes = list(map(rich.__mod__, zip(*columns, strict=True)))
    else:
        successes = [plain % _plain_parts(name, found, index) for index, found, _ in done]
    parts = (contract.envelope.encode(), b",".join(errors), b",".join(successes))
    return b'{"%b":{"error":[%b],"success":[%b]}}' % parts


def _briefs(contract: Contract, bodies: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the few members of each entity that a row shows unasked."""
    for body in bodies:
        whole = orjson.loads(body)
        yield orjson.dumps({name: whole[name] for name in contract.brief if name in whole})


def _array(contract: Contract, outcomes: list[Outcome], wants_entities: bool, _: str) -> bytes:
    rows = [
        outcome.body
        if wants_entities and isinstance(outcome, Success) and outcome.body is not None
        else row(contract, outcome)
        for outcome in outcomes
    ]
    return b"[%b]" % b",".join(rows)


def row(contract: Contract, outcome: Outcome) -> bytes:
    """Return one row of an array reply.

    Source: campaign management reference 4 (observed: code and id of successes, code and
    description of failures).
    """
    words, identity = contract.row, contract.identity
    assert words is not None
    assert identity is not None
    if isinstance(outcome, Success):
        form = b'{"%b":%b,"%b":"%b"}' if identity.type == "int64" else b'{"%b":"%b","%b":"%b"}'
        names = (identity.success.encode(), words.code.encode())
        return form % (names[0], outcome.id.encode(), names[1], words.success.encode())
    return orjson.dumps(_refused(contract, words, outcome), option=orjson.OPT_SORT_KEYS)


def _refused(contract: Contract, words: ReplyRow, outcome: Failure) -> dict[str, Any]:
    """Return the flat row of a refused item."""
    identity = contract.identity
    assert identity is not None
    line: dict[str, Any] = {
        words.code: words.codes.get(outcome.kind, words.refused),
        words.description: outcome.message,
    }
    if words.names_id and outcome.named:
        line |= _named(identity, outcome.named)
    if words.detail:
        error = {"message": outcome.message, "reason": outcome.reason}
        where = {"location": outcome.location, "trigger": outcome.trigger}
        error |= {name: text for name, text in where.items() if text}
        line[words.detail] = [{words.wrapper: error}]
    return line


def _named(identity: Identity, named: str) -> dict[str, Any]:
    """Return the id of an item, or nothing if the family cannot show it."""
    if identity.type != "int64":
        return {identity.success: named}
    number = as_number(named)
    return {} if number is None else {identity.success: number}


def _split(contract: Contract, outcomes: list[Outcome], wants_entities: bool, verb: str) -> bytes:
    """Write flat rows in two arrays, each with the index of its item.

    A success also has its entity, where the operation shows it.

    Source: OpenAPI SponsoredBrands 3.0 (documented: names); amzn/ads-advanced-tools-docs issue
    360 (observed: both arrays are present, and the members of a refusal).
    """
    words, identity = contract.row, contract.identity
    assert words is not None
    assert identity is not None
    failed, done = words.arrays[verb]
    rows: dict[str, list[dict[str, Any]]] = {failed: [], done: []}
    for outcome in outcomes:
        place = {words.index: outcome.index}
        if isinstance(outcome, Failure):
            rows[failed].append(_refused(contract, words, outcome) | place)
        else:
            found = int(outcome.id) if identity.type == "int64" else outcome.id
            row = {identity.success: found} | place
            if wants_entities and outcome.body is not None:
                row[contract.representation] = orjson.loads(outcome.body)
            rows[done].append(row)
    return orjson.dumps(rows, option=orjson.OPT_SORT_KEYS)


def _plain_parts(id_name: str, found: str, index: int) -> tuple[bytes | int, bytes | int]:
    return (found.encode(), index) if id_name < "index" else (index, found.encode())


def _unified(contract: Contract, outcomes: list[Outcome], _: bool, __: str) -> bytes:
    """Write both arrays without an envelope; a refusal's kind is the family's own code.

    Source: OpenAPI AdsAPIv1 (documented); amzn/ads-advanced-tools-docs issue 492 (observed: an
    empty ``partialSuccess``, and all arrays always present).
    """
    errors: list[bytes] = []
    successes: list[bytes] = []
    name = contract.representation.encode()
    for outcome in outcomes:
        if isinstance(outcome, Failure):
            error = {"code": outcome.kind, "message": outcome.message}
            if outcome.location:
                error["fieldLocation"] = outcome.location
            row = {"errors": [error], "index": outcome.index}
            errors.append(orjson.dumps(row, option=orjson.OPT_SORT_KEYS))
        else:
            successes.append(b'{"index":%d,"%b":%b}' % (outcome.index, name, outcome.body or b"{}"))
    parts = b",".join(errors), b",".join(successes)
    return b'{"error":[%b],"partialSuccess":[],"success":[%b]}' % parts


def _versions(contract: Contract, outcomes: list[Outcome], _: bool, __: str) -> bytes:
    """Write both arrays in the envelope of creatives; a success has the ids of ad and version.

    Source: OpenAPI SponsoredBrands 4.0 of 2026-08 (documented: the members).
    """
    errors = [_error_row(contract, each) for each in outcomes if isinstance(each, Failure)]
    successes = [
        orjson.dumps(orjson.loads(each.body or b"{}") | {"index": each.index})
        for each in outcomes
        if isinstance(each, Success)
    ]
    parts = b",".join(errors), b",".join(successes)
    return b'{"creatives":{"error":[%b],"success":[%b]}}' % parts


@lru_cache(maxsize=256)
def _templates(id_name: str, entity_name: str) -> tuple[bytes, bytes, Order]:
    """Return the row without and with the entity, and the order of the latter's parts."""
    forms = {entity_name: b"%b", id_name: b'"%b"', "index": b"%d"}
    names = (entity_name, id_name, "index")
    order = tuple(sorted(range(len(names)), key=lambda place: names[place]))

    def row(members: list[str]) -> bytes:
        inner = b",".join(b'"%b":%b' % (name.encode(), forms[name]) for name in members)
        return b"{%b}" % inner

    rich = row([names[place] for place in order])
    return row(sorted(names[1:])), rich, itemgetter(*order)


def _error_row(contract: Contract, failure: Failure) -> bytes:
    error_type, key = contract.item_error_names(failure.kind, contract.selectors)
    cause: dict[str, Any] = {}
    if failure.location and not failure.is_bare:
        cause["location"] = _location(contract, failure)
        if failure.trigger is not None:
            cause["trigger"] = failure.trigger
    value = {"cause": cause, "message": failure.message, "reason": failure.reason}
    if failure.extra and key == failure.kind and not failure.is_bare:
        value.update(failure.extra)
    row = {
        "errors": [{"errorType": error_type, "errorValue": {key: value}}],
        "index": failure.index,
    }
    return orjson.dumps(row, option=orjson.OPT_SORT_KEYS)


def _location(contract: Contract, failure: Failure) -> str:
    """Return the location of an error; families with coarse codes start at the item itself.

    Source: campaign management reference 3.1 (documented sample).
    """
    if not contract.item_codes:
        return failure.location
    return failure.location.replace(f"$.{contract.envelope}[{failure.index}]", "$", 1)


SHAPES: dict[str, Shape] = {
    "keyed": _keyed,
    "array": _array,
    "split": _split,
    "unified": _unified,
    "versions": _versions,
}
"""Renderers by ``Contract.shape``. A family with another shape adds its function here."""

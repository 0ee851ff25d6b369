"""Stored entities as records of another model, by the rows of a view.

Knows conversions. Must not know which resources there are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from mockserver.catalog.view import EXPRESSIONS, SAID_AS, Row, View
from mockserver.core.clock import iso
from mockserver.core.store import Entity, Store

Tables = dict[str, list[Entity]]
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Frame:
    """What a record needs beside its entity.

    The profile's currency, the contract's words, and for models that name them the profile's
    time zone and country.
    """

    currency: str
    words: dict[str, Any]
    timezone: str = ""
    country: str = ""


def snapshot(views: tuple[View, ...], store: Store, profile_id: str) -> Tables:
    """Return every entity that the views and their parents need, as they stand now."""
    names = {view.resource for view in views}
    names |= {parent.resource for view in views for parent in view.parents}
    return {name: store.table(profile_id, name).all() for name in sorted(names)}


def records(views: tuple[View, ...], tables: Tables, frame: Frame) -> Iterator[Record]:
    """Yield the records of a snapshot, resource by resource, in order of creation."""
    states = {name: {each.id: each.state for each in table} for name, table in tables.items()}
    for view in views:
        for entity in tables[view.resource]:
            yield _record(view, entity, frame, states)


def _record(view: View, entity: Entity, frame: Frame, states: dict[str, dict[str, str]]) -> Record:
    source = orjson.loads(entity.body)
    record: Record = {}
    for row in view.rows:
        value = CONVERSIONS[row.by](row, source, entity, frame)
        if value is not None:
            put(record, row.to, value)
    reasons = _reasons(view, entity, states)
    record["deliveryStatus"] = "NOT_DELIVERING" if reasons else "DELIVERING"
    if reasons:
        record["deliveryReasons"] = reasons
    return record


def _reasons(view: View, entity: Entity, states: dict[str, dict[str, str]]) -> list[str]:
    """Name what keeps an entity from serving, parents first."""
    chain = [
        (prefix, states[parent.resource].get(parent_id, ""))
        for prefix, parent, parent_id in zip(
            view.parent_reasons, view.parents, entity.parents, strict=False
        )
    ]
    chain.append((view.reason, entity.state))
    return [f"{prefix}_{state}" for prefix, state in chain if state in {"PAUSED", "ARCHIVED"}]


def dig(source: Any, dotted: str) -> Any:
    """Return a dotted member, None where it is missing; a digit is a place in an array."""
    for part in dotted.split("."):
        if isinstance(source, dict):
            source = source.get(part)
        elif isinstance(source, list) and part.isdecimal() and int(part) < len(source):
            source = source[int(part)]
        else:
            return None
    return source


def put(record: Any, dotted: str, value: Any) -> None:
    """Write a dotted member; what is missing on the way is made, an array where a digit says so."""
    *path, last = dotted.split(".")
    for part, after in zip(path, (*path, last)[1:], strict=True):
        record = _step(record, part, [] if after.isdecimal() else {})
    if isinstance(record, list):
        record.append(value)
    else:
        record[last] = value


def _step(record: Any, part: str, fresh: Any) -> Any:
    if isinstance(record, dict):
        return record.setdefault(part, fresh)
    if int(part) == len(record):
        record.append(fresh)
    return record[int(part)]


def _copy(row: Row, source: Any, _: Entity, __: Frame) -> Any:
    return dig(source, row.source)


def _table(row: Row, source: Any, _: Entity, __: Frame) -> Any:
    return row.value.get(dig(source, row.source))


def _pairs(row: Row, source: Any, _: Entity, __: Frame) -> Any:
    tags = dig(source, row.source)
    return [{"key": key, "value": value} for key, value in tags.items()] if tags else None


def _currency(row: Row, source: Any, _: Entity, frame: Frame) -> Any:
    return None if dig(source, row.source) is None else frame.currency


def _products(_: Row, source: Any, __: Entity, ___: Frame) -> Any:
    return [
        {"productIdType": kind, "productId": source[member]}
        for kind, member in (("ASIN", "asin"), ("SKU", "sku"))
        if source.get(member)
    ]


def _word(row: Row, source: Any, _: Entity, frame: Frame) -> Any:
    return frame.words[row.value].get(dig(source, row.source))


_CAPITAL = re.compile(r"(?<=[a-z])([A-Z])")
"""Where a word begins in a type that is spelled in small letters."""


def _parts(expression: Any) -> Iterator[Record]:
    """Yield the parts of an expression, and those that stand in the value of another."""
    for part in expression or ():
        value = part.get("value")
        if isinstance(value, list):
            yield {**part, "value": None}
            yield from _parts(value)
        else:
            yield part


def _meaning(part: Record, frame: Frame) -> tuple[str, str | None, str | None]:
    """Return (target type, match type, member for the value) of one expression part."""
    kind = _CAPITAL.sub(r"_\1", part.get("type", "")).upper()
    automatic = frame.words["automatic_matches"].get(kind)
    return ("AUTO", automatic, None) if automatic else EXPRESSIONS.get(kind, ("", None, None))


def _target_type(row: Row, source: Any, _: Entity, frame: Frame) -> Any:
    kinds = [_meaning(part, frame)[0] for part in _parts(dig(source, row.source))]
    return next(filter(None, kinds), None)


def _expression(row: Row, source: Any, _: Entity, frame: Frame) -> Any:
    details: Record = {}
    for part in _parts(dig(source, row.source)):
        kind, match, member = _meaning(part, frame)
        if match:
            details[SAID_AS.get(kind, "matchType")] = match
        if member:
            details[member] = part.get("value")
    return details


def _text(row: Row, source: Any, _: Entity, __: Frame) -> Any:
    """Return an id as text, whatever it is in its own family."""
    found = dig(source, row.source)
    return None if found is None else str(found)


def _day(row: Row, source: Any, _: Entity, __: Frame) -> Any:
    """Return a day that is written without hyphens with them."""
    found = dig(source, row.source)
    return f"{found[:4]}-{found[4:6]}-{found[6:]}" if found else None


def _asins(row: Row, source: Any, _: Entity, __: Frame) -> Any:
    found = dig(source, row.source)
    return [{"productIdType": "ASIN", "productId": each} for each in found] if found else None


CONVERSIONS: dict[str, Callable[[Row, Any, Entity, Frame], Any]] = {
    "copy": _copy,
    "constant": lambda row, *_: row.value,
    "table": _table,
    "word": _word,
    "pairs": _pairs,
    "currency": _currency,
    "created": lambda _, __, entity, ___: iso(entity.created),
    "updated": lambda _, __, entity, ___: iso(entity.updated),
    "products": _products,
    "text": _text,
    "day": _day,
    "asins": _asins,
    "state": lambda _, __, entity, ___: entity.state,
    "target_type": _target_type,
    "expression": _expression,
}

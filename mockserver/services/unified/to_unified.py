"""Convert native entities to unified records."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from adsmock.contracts.iso8601 import format_utc, parse_time
from adsmock.mockserver.catalog.member_view import MemberRow
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.services.unified.dotted_path import dig, put
from adsmock.mockserver.services.unified.targeting_expression import details_of, flattened, kind_of

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ConversionContext:
    """What a conversion needs besides the entity: facts of the profile, words of the contract."""

    currency: str
    words: dict[str, Any]
    timezone: str = ""
    country: str = ""


def record_of(
    rows: Iterable[MemberRow], source: Record, entity: Entity, conversion: ConversionContext
) -> Record:
    """Return the unified record of a native entity, by rows."""
    record: Record = {}
    for row in rows:
        value = TO_UNIFIED[row.by](row, source, entity, conversion)
        if value is not None:
            put(record, row.to, value)
    return record


def _copy(row: MemberRow, source: Any, *_: Any) -> Any:
    return dig(source, row.source)


def _table(row: MemberRow, source: Any, *_: Any) -> Any:
    return row.value.get(dig(source, row.source))


def _pairs(row: MemberRow, source: Any, *_: Any) -> Any:
    tags = dig(source, row.source)
    return [{"key": key, "value": value} for key, value in tags.items()] if tags else None


def _currency(row: MemberRow, source: Any, _: Entity, conversion: ConversionContext) -> Any:
    return None if dig(source, row.source) is None else conversion.currency


def _asins(row: MemberRow, source: Any, *_: Any) -> Any:
    found = dig(source, row.source)
    return [{"productIdType": "ASIN", "productId": each} for each in found] if found else None


def _within(row: MemberRow, source: Any, *_: Any) -> Any:
    parts = flattened(dig(source, row.source))
    return next((part.get("value") for part in parts if part.get("type") == row.value), None)


def _rows(row: MemberRow, source: Any, entity: Entity, conversion: ConversionContext) -> Any:
    found = dig(source, row.source)
    return [record_of(row.value, each, entity, conversion) for each in found] if found else None


def _day(row: MemberRow, source: Any, _: Entity, conversion: ConversionContext) -> Any:
    text = dig(source, row.source)
    if text is None:
        return None
    return _moment_of(text + row.value, conversion.timezone)


@lru_cache(maxsize=1_024)
def _moment_of(text: str, timezone: str) -> str:
    """Return a local time with its offset: a page has few different days."""
    return parse_time(text, ZoneInfo(timezone)).isoformat(timespec="milliseconds")


def _marketplaces(row: MemberRow, _: Any, __: Entity, conversion: ConversionContext) -> Any:
    return [row.value.get(conversion.country, conversion.country)]


def _product(row: MemberRow, source: Any, _: Entity, __: ConversionContext) -> Any:
    named = [(kind, source[member]) for kind, member in row.value if source.get(member)]
    if not named:
        return None
    product = {"productIdType": named[0][0], "productId": named[0][1]}
    if len(named) > 1:
        product |= {"resolvedProductIdType": named[1][0], "resolvedProductId": named[1][1]}
    return product


def _group(row: MemberRow, source: Any, _: Entity, __: ConversionContext) -> Any:
    pairs, allowed = row.value
    if source.get(pairs[0][1]) not in allowed:
        return None
    return {shown: source[native] for shown, native in pairs if native in source}


def _branch(row: MemberRow, source: Any, entity: Entity, conversion: ConversionContext) -> Any:
    for branch in row.value:
        member, word = branch.mark
        if dig(source, member) == word:
            return {branch.member: record_of(branch.rows, source, entity, conversion)}
    return None


TO_UNIFIED: dict[str, Callable[[MemberRow, Any, Entity, ConversionContext], Any]] = {
    "asins": _asins,
    "if_present": lambda row, source, _, __: None if dig(source, row.source) is None else row.value,
    "branch": _branch,
    "constant": lambda row, *_: row.value,
    "copy": _copy,
    "created": lambda _, __, entity, ___: format_utc(entity.created),
    "currency": _currency,
    "day": _day,
    "group": _group,
    "moment": _copy,
    "marketplace": _marketplaces,
    "id": lambda row, source, *_: (
        None if (found := dig(source, row.source)) is None else str(found)
    ),
    "parent": lambda row, _, entity, __: entity.parents[row.value],
    "part_kind": lambda row, source, *_: kind_of(row.value, dig(source, row.source)),
    "pairs": _pairs,
    "parts": lambda row, source, *_: details_of(row.value, dig(source, row.source)),
    "product": _product,
    "rows": _rows,
    "native_constant": lambda *_: None,
    "short_day": _day,
    "shown": _copy,
    "table": _table,
    "read_table": _table,
    "updated": lambda _, __, entity, ___: format_utc(entity.updated),
    "within": _within,
}

"""Conversions of the unified model in both directions, by the names that rows give.

Knows how a native value becomes a unified one and back. Must not know which resources or members
there are.

Glossary
    forward  native entity to unified record.
    back     unified item to native item; what is absent stays absent, null stays null.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from mockserver.catalog.unified.face import Branch
from mockserver.catalog.view import Row
from mockserver.core.store import Entity
from mockserver.services.unified.part import PartError, details_of, expression_of, kind_of
from mockserver.services.view import CONVERSIONS, Frame, dig, put

Record = dict[str, Any]

_ABSENT: Final = object()
_NOTHING: Final = object()
"""What a conversion back returns when the native side has no member for the value."""


class Unsayable(Exception):
    """A value of an item has no native counterpart.

    ``member`` is the dotted unified member; ``kind`` and ``reason`` are the item error.
    """

    def __init__(self, member: str, kind: str, reason: str, message: str) -> None:
        super().__init__(message)
        self.member = member
        self.kind = kind
        self.reason = reason
        self.message = message


def record_of(rows: Iterable[Row], source: Record, entity: Entity, frame: Frame) -> Record:
    """Return the unified record of a native entity, by rows."""
    record: Record = {}
    for row in rows:
        value = FORWARD[row.by](row, source, entity, frame)
        if value is not None:
            put(record, row.to, value)
    return record


def item_of(rows: Iterable[Row], given: Record, frame: Frame) -> Record:
    """Return the native item that a unified item stands for, by rows.

    Raises:
        Unsayable: a value has no native counterpart.
    """
    native: Record = {}
    for row in rows:
        convert = BACK.get(row.by)
        if convert is None:
            continue
        value = find(given, row.to) if row.to else None
        if value is _ABSENT:
            continue
        found = convert(row, value, frame)
        if found is _NOTHING:
            continue
        if row.source:
            put(native, row.source, found)
        else:
            native |= found
    return native


def find(given: Any, dotted: str) -> Any:
    """Return a dotted member, None below a null, a mark of its own where it is absent."""
    for part in dotted.split("."):
        if given is None:
            return None
        if isinstance(given, dict):
            given = given.get(part, _ABSENT)
        elif isinstance(given, list) and part.isdecimal() and int(part) < len(given):
            given = given[int(part)]
        else:
            return _ABSENT
        if given is _ABSENT:
            return _ABSENT
    return given


def _rows(row: Row, source: Any, entity: Entity, frame: Frame) -> Any:
    found = dig(source, row.source)
    return [record_of(row.value, each, entity, frame) for each in found] if found else None


def _day(row: Row, source: Any, _: Entity, frame: Frame) -> Any:
    text = dig(source, row.source)
    if text is None:
        return None
    moment = datetime.combine(date.fromisoformat(text), time.fromisoformat(row.value[1:]))
    return moment.replace(tzinfo=ZoneInfo(frame.timezone)).isoformat(timespec="milliseconds")


def _home(row: Row, _: Any, __: Entity, frame: Frame) -> Any:
    return [row.value.get(frame.country, frame.country)]


def _product(row: Row, source: Any, _: Entity, __: Frame) -> Any:
    named = [(kind, source[member]) for kind, member in row.value if source.get(member)]
    if not named:
        return None
    product = {"productIdType": named[0][0], "productId": named[0][1]}
    if len(named) > 1:
        product |= {"resolvedProductIdType": named[1][0], "resolvedProductId": named[1][1]}
    return product


def _group(row: Row, source: Any, _: Entity, __: Frame) -> Any:
    pairs, allowed = row.value
    if source.get(pairs[0][1]) not in allowed:
        return None
    return {shown: source[native] for shown, native in pairs if native in source}


def _branch(row: Row, source: Any, entity: Entity, frame: Frame) -> Any:
    for branch in row.value:
        member, word = branch.mark
        if dig(source, member) == word:
            return {branch.member: record_of(branch.rows, source, entity, frame)}
    return None


def _beside(row: Row, source: Any, _: Entity, __: Frame) -> Any:
    return None if dig(source, row.source) is None else row.value


def _never(*_: Any) -> Any:
    return None


FORWARD: dict[str, Callable[[Row, Any, Entity, Frame], Any]] = {
    **CONVERSIONS,
    "beside": _beside,
    "branch": _branch,
    "day": _day,
    "group": _group,
    "home": _home,
    "id": lambda row, source, *_: (
        None if (found := dig(source, row.source)) is None else str(found)
    ),
    "parent": lambda row, _, entity, __: entity.parents[row.value],
    "part_kind": lambda row, source, *_: kind_of(row.value, dig(source, row.source)),
    "parts": lambda row, source, *_: details_of(row.value, dig(source, row.source)),
    "product": _product,
    "rows": _rows,
    "said": _never,
    "short_day": _day,
    "shown": CONVERSIONS["copy"],
    "told": CONVERSIONS["table"],
}


def _back_table(row: Row, value: Any, _: Frame) -> Any:
    if value is None:
        return None
    for native, shown in row.value.items():
        if shown == value:
            return native
    raise Unsayable(
        row.to, "unsupportedOperationError", "UNSUPPORTED_OPERATION", f"{value} is not supported"
    )


def _back_rows(row: Row, value: Any, frame: Frame) -> Any:
    return None if value is None else [item_of(row.value, each, frame) for each in value]


def _back_day(row: Row, value: Any, frame: Frame) -> Any:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise Unsayable(row.to, "dateError", "INVALID_DATE", "The date is not valid") from None
    zone = ZoneInfo(frame.timezone)
    local = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
    return local.date().isoformat()


def _back_home(row: Row, value: Any, frame: Frame) -> Any:
    if value and value != [row.value.get(frame.country, frame.country)]:
        raise Unsayable(
            row.to,
            "applicableMarketplacesError",
            "APPLICABLE_MARKETPLACES_MISMATCH_ERROR",
            "The profile does not sell there",
        )
    return _NOTHING


def _back_product(row: Row, value: Any, _: Frame) -> Any:
    members = dict(row.value)
    return {members[value["productIdType"]]: value["productId"]}


def _back_branch(row: Row, value: Any, frame: Frame) -> Any:
    if value is None:
        return {}
    found = [branch for branch in row.value if _takes(branch, value)]
    members = {branch.member for branch in found}
    if len(members) != 1:
        kind, reason = (
            ("malformedValueError", "TOO_LONG")
            if members
            else ("missingValueError", "MISSING_VALUE")
        )
        raise Unsayable(row.to, kind, reason, "Exactly one of its members must be given")
    branch = found[0]
    try:
        native = item_of(branch.rows, value[branch.member], frame)
    except Unsayable as error:
        error.member = f"{row.to}.{branch.member}.{error.member}"
        raise
    put(native, *branch.mark)
    return native


def _takes(branch: Branch, value: Any) -> bool:
    settings = value.get(branch.member)
    return settings is not None and (
        not branch.needs or any(settings.get(name) for name in branch.needs)
    )


def _back_parts(row: Row, value: Any, _: Frame) -> Any:
    try:
        return expression_of(row.value, value)
    except PartError as error:
        raise Unsayable(
            row.to,
            "targetingClauseSetupError",
            "TARGETING_EXPRESSION_INVALID_VALUE",
            str(error),
        ) from None


def _back_id(_: Row, value: Any, __: Frame) -> Any:
    """Families with numbers for ids keep a text that is no number: no entity has it."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value


BACK: dict[str, Callable[[Row, Any, Frame], Any]] = {
    "asins": lambda _, value, __: (
        None if value is None else [each["productId"] for each in value if each.get("productId")]
    ),
    "branch": _back_branch,
    "copy": lambda _, value, __: value,
    "day": _back_day,
    "group": lambda row, value, _: {
        native: value[shown] for shown, native in row.value[0] if shown in value
    },
    "home": _back_home,
    "id": _back_id,
    "pairs": lambda _, value, __: (
        None if value is None else {each["key"]: each["value"] for each in value}
    ),
    "parts": _back_parts,
    "product": _back_product,
    "rows": _back_rows,
    "said": lambda row, _, __: row.value,
    "short_day": lambda row, value, frame: (
        None if value is None else _back_day(row, value, frame).replace("-", "")
    ),
    "table": _back_table,
}

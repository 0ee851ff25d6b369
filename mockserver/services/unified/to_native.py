"""Convert unified items to native ones. What is absent stays absent, null stays null."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from adsmock.contracts.iso8601 import parse_time
from adsmock.mockserver.catalog.member_view import MemberRow
from adsmock.mockserver.catalog.unified.mapping import Branch
from adsmock.mockserver.services.unified.dotted_path import put
from adsmock.mockserver.services.unified.targeting_expression import PartError, expression_of
from adsmock.mockserver.services.unified.to_unified import ConversionContext, Record

_ABSENT: Final = object()
_NOTHING: Final = object()
"""The result of a conversion whose value has no native member."""


class NotConvertible(Exception):
    """A value of an item has no native counterpart.

    ``member`` is the dotted unified member; ``kind`` and ``reason`` are the item error.
    """

    def __init__(self, member: str, kind: str, reason: str, message: str) -> None:
        super().__init__(message)
        self.member = member
        self.kind = kind
        self.reason = reason
        self.message = message


def item_of(rows: Iterable[MemberRow], given: Record, conversion: ConversionContext) -> Record:
    """Return the native item of a unified item, by rows.

    Raises:
        Unsayable: a value has no native counterpart.
    """
    native: Record = {}
    for row in rows:
        convert = TO_NATIVE.get(row.by)
        if convert is None:
            continue
        value = find(given, row.to) if row.to else None
        if value is _ABSENT:
            continue
        found = convert(row, value, conversion)
        if found is _NOTHING:
            continue
        if row.source:
            put(native, row.source, found)
        else:
            native |= found
    return native


def find(given: Any, dotted: str) -> Any:
    """Return a dotted member, None below a null, a marker if it is absent."""
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


def _table(row: MemberRow, value: Any, _: ConversionContext) -> Any:
    if value is None:
        return None
    for native, shown in row.value.items():
        if shown == value:
            return native
    raise NotConvertible(
        row.to, "unsupportedOperationError", "UNSUPPORTED_OPERATION", f"{value} is not supported"
    )


def _rows(row: MemberRow, value: Any, conversion: ConversionContext) -> Any:
    return None if value is None else [item_of(row.value, each, conversion) for each in value]


def _date(row: MemberRow, value: Any, conversion: ConversionContext) -> Any:
    """Return the day of a time in the profile's time zone; midnight in UTC means its date.

    So today at 00:00Z is today in every marketplace. The documents name only the format; assumed.
    """
    if value is None:
        return None
    local = _local(row, value, conversion)
    utc = local.astimezone(UTC)
    return (utc if utc.time() == time.min else local).date().isoformat()


def _time(row: MemberRow, value: Any, conversion: ConversionContext) -> Any:
    """Return a time as it was given; without an offset it is in the profile's time zone."""
    if value is None:
        return None
    local = _local(row, value, conversion)
    return value if _WHOLE.fullmatch(value) else local.isoformat(timespec="milliseconds")


_WHOLE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
"""A time in the format ``date-time``."""


def _local(row: MemberRow, value: str, conversion: ConversionContext) -> datetime:
    """Return a time in the profile's time zone."""
    zone = ZoneInfo(conversion.timezone)
    try:
        return parse_time(value, zone).astimezone(zone)
    except (ValueError, OverflowError):  # before year 1 in the profile's zone
        raise NotConvertible(row.to, "dateError", "INVALID_DATE", "The date is not valid") from None


def _marketplaces(row: MemberRow, value: Any, conversion: ConversionContext) -> Any:
    if value and value != [row.value.get(conversion.country, conversion.country)]:
        raise NotConvertible(
            row.to,
            "applicableMarketplacesError",
            "APPLICABLE_MARKETPLACES_MISMATCH_ERROR",
            "The profile does not sell there",
        )
    return _NOTHING


def _product(row: MemberRow, value: Any, _: ConversionContext) -> Any:
    members = dict(row.value)
    return {members[value["productIdType"]]: value["productId"]}


def _branch(row: MemberRow, value: Any, conversion: ConversionContext) -> Any:
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
        raise NotConvertible(row.to, kind, reason, "Exactly one of its members must be given")
    branch = found[0]
    try:
        native = item_of(branch.rows, value[branch.member], conversion)
    except NotConvertible as error:
        error.member = f"{row.to}.{branch.member}.{error.member}"
        raise
    put(native, *branch.mark)
    return native


def _takes(branch: Branch, value: Any) -> bool:
    settings = value.get(branch.member)
    return settings is not None and (
        not branch.needs or any(settings.get(name) for name in branch.needs)
    )


def _parts(row: MemberRow, value: Any, _: ConversionContext) -> Any:
    try:
        return expression_of(row.value, value)
    except PartError as error:
        raise NotConvertible(
            row.to,
            "targetingClauseSetupError",
            "TARGETING_EXPRESSION_INVALID_VALUE",
            str(error),
        ) from None


def _id(_: MemberRow, value: Any, __: ConversionContext) -> Any:
    """Return an id as a number; a text that is not a number stays, and no entity has it."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value


TO_NATIVE: dict[str, Callable[[MemberRow, Any, ConversionContext], Any]] = {
    "asins": lambda _, value, __: (
        None if value is None else [each["productId"] for each in value if each.get("productId")]
    ),
    "branch": _branch,
    "copy": lambda _, value, __: value,
    "day": _date,
    "group": lambda row, value, _: {
        native: value[shown] for shown, native in row.value[0] if shown in value
    },
    "marketplace": _marketplaces,
    "id": _id,
    "pairs": lambda _, value, __: (
        None if value is None else {each["key"]: each["value"] for each in value}
    ),
    "moment": _time,
    "parts": _parts,
    "product": _product,
    "rows": _rows,
    "native_constant": lambda row, _, __: row.value,
    "short_day": lambda row, value, conversion: (
        None if value is None else _date(row, value, conversion).replace("-", "")
    ),
    "table": _table,
}

"""Unified items as native ones: conversions by the names that rows give.

Knows how a unified value becomes a native one; what is absent stays absent, null stays null. Must
not know which resources or members there are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from adsmock.contracts.iso8601 import parse_time
from adsmock.mockserver.catalog.member_view import MemberRow
from adsmock.mockserver.catalog.unified.mapping import Branch
from adsmock.mockserver.services.unified.dotted_path import put
from adsmock.mockserver.services.unified.targeting_expression import PartError, expression_of
from adsmock.mockserver.services.unified.to_unified import Frame, Record

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


def item_of(rows: Iterable[MemberRow], given: Record, frame: Frame) -> Record:
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


def _back_table(row: MemberRow, value: Any, _: Frame) -> Any:
    if value is None:
        return None
    for native, shown in row.value.items():
        if shown == value:
            return native
    raise Unsayable(
        row.to, "unsupportedOperationError", "UNSUPPORTED_OPERATION", f"{value} is not supported"
    )


def _back_rows(row: MemberRow, value: Any, frame: Frame) -> Any:
    return None if value is None else [item_of(row.value, each, frame) for each in value]


def _back_day(row: MemberRow, value: Any, frame: Frame) -> Any:
    return None if value is None else _local(row, value, frame).date().isoformat()


def _back_moment(row: MemberRow, value: Any, frame: Frame) -> Any:
    """Return a moment as it was given; one without an offset is the profile's."""
    if value is None:
        return None
    local = _local(row, value, frame)
    return value if _WHOLE.fullmatch(value) else local.isoformat(timespec="milliseconds")


_WHOLE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
"""A moment as the format ``date-time`` writes it."""


def _local(row: MemberRow, value: str, frame: Frame) -> datetime:
    """Return a moment in the profile's time zone."""
    zone = ZoneInfo(frame.timezone)
    try:
        return parse_time(value, zone).astimezone(zone)
    except (ValueError, OverflowError):  # before the first day there is, by the profile's zone
        raise Unsayable(row.to, "dateError", "INVALID_DATE", "The date is not valid") from None


def _back_home(row: MemberRow, value: Any, frame: Frame) -> Any:
    if value and value != [row.value.get(frame.country, frame.country)]:
        raise Unsayable(
            row.to,
            "applicableMarketplacesError",
            "APPLICABLE_MARKETPLACES_MISMATCH_ERROR",
            "The profile does not sell there",
        )
    return _NOTHING


def _back_product(row: MemberRow, value: Any, _: Frame) -> Any:
    members = dict(row.value)
    return {members[value["productIdType"]]: value["productId"]}


def _back_branch(row: MemberRow, value: Any, frame: Frame) -> Any:
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


def _back_parts(row: MemberRow, value: Any, _: Frame) -> Any:
    try:
        return expression_of(row.value, value)
    except PartError as error:
        raise Unsayable(
            row.to,
            "targetingClauseSetupError",
            "TARGETING_EXPRESSION_INVALID_VALUE",
            str(error),
        ) from None


def _back_id(_: MemberRow, value: Any, __: Frame) -> Any:
    """Families with numbers for ids keep a text that is no number: no entity has it."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value


BACK: dict[str, Callable[[MemberRow, Any, Frame], Any]] = {
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
    "moment": _back_moment,
    "parts": _back_parts,
    "product": _back_product,
    "rows": _back_rows,
    "said": lambda row, _, __: row.value,
    "short_day": lambda row, value, frame: (
        None if value is None else _back_day(row, value, frame).replace("-", "")
    ),
    "table": _back_table,
}

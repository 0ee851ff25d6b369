"""Names with a date, a time or another long number, which may differ in each pass."""

from __future__ import annotations

import json
import re

DIGITS = "<digits>"
"""Replaces a number that may differ in each pass."""

_TIME = r"\d\d?[:h]\d\d(?:[:m]\d\d)?"
_DATE = r"(?:\d{4}[-./_]\d\d(?:[-./_]\d\d)?|\d\d[-./]\d\d[-./](?:\d{4}|\d\d))"
_TIME_OF_DATE = r"(?:[T_ -]\d\d[-:._]?\d\d(?:[-:._]?\d\d)?(?!\d))?"

STAMP = re.compile(
    rf"(?<!\d)(?:{_DATE}{_TIME_OF_DATE}|{_TIME}|\d{{4,}})(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?(?!\d)"
)
"""A date, a time, or at least four digits: 190542, 1905, seconds since 1970, the number of a run.

A shorter number, as in "Group 2", distinguishes names of one pass.
"""


def pattern_of(work_name: str, kind: str) -> str:
    """Return a name of a piece of work with ``DIGITS`` in each place that may differ.

    A change has an entity and its new values: of those only a name is text that a program composes.
    """
    if kind != "changed":
        return STAMP.sub(DIGITS, work_name)
    entity, space, values = work_name.partition(" {")
    entity = entity if entity.isdigit() else STAMP.sub(DIGITS, entity)
    return entity + space + _with_pattern(values)


def _with_pattern(values: str) -> str:
    """Return new values in JSON, without their first bracket, with the pattern of a name."""
    try:
        new = json.loads("{" + values)
    except ValueError:
        return values
    if "name" not in new:
        return values
    return json.dumps(new | {"name": STAMP.sub(DIGITS, str(new["name"]))}, sort_keys=True)[1:]


def is_pattern(name: str) -> bool:
    """Say whether a name of work is a pattern."""
    return DIGITS in name

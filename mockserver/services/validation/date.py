"""Checks of the first and the last day of an entity, in the profile's time zone.

Days are ``YYYY-MM-DD`` or ``YYYYMMDD``, and compare as text.
Source: campaign management reference 2.6 (documented: the reasons). Assumed: when a start day
becomes read-only, and the order of the checks.
"""

from __future__ import annotations

from adsmock.contracts.iso8601 import is_date
from adsmock.mockserver.catalog.resource import Rule
from adsmock.mockserver.core.outcome import Failure
from adsmock.mockserver.services.validation.rule_context import RuleContext
from adsmock.mockserver.services.validation.validation_context import (
    Candidate,
    Check,
    Item,
    ValidationContext,
    with_batch_check,
)


def dates(rule: Rule, rule_context: RuleContext) -> Check:
    """Return the check of both days.

    In this order: the days are real, an ended entity is extended, a start that has passed is
    unchanged, the start is not past, the end is not past, the end is not before the start.
    """
    begins: str = rule.settings["begins"]
    ends: str = rule.settings["ends"]
    kind = next(field.type for field in rule_context.contract.fields if field.name == begins)
    is_compact = kind == "day"

    def check(candidate: Candidate, validation: ValidationContext) -> Failure | None:
        given = candidate.given
        start, end = given.get(begins), given.get(ends)
        today = validation.day(kind)
        before = candidate.before
        if before is None and _follow(today, start, end, is_compact):
            return None  # nearly every create
        if before is not None and start is end is None and (before.get(ends) or today) >= today:
            return None  # nearly every update
        found = (
            _unreal(start, begins, is_compact)
            or _unreal(end, ends, is_compact)
            or _history(candidate, today, begins, ends)
            or _past(candidate, today, begins, ends)
            or _inverse(candidate, begins, ends)
        )
        if found is None:
            return None
        member, reason = found
        return rule_context.refuse(
            candidate.index, "dateError", reason, member=member, value=given.get(member)
        )

    def check_batch(items: list[Item], validation: ValidationContext) -> bool:
        today = validation.day(kind)
        days = {(item.get(begins), item.get(ends)) for item in items}  # a batch has few of them
        return all(_follow(today, start, end, is_compact) for start, end in days)

    return with_batch_check(check, check_batch)


def _follow(today: str, start: str | None, end: str | None, is_compact: bool) -> bool:
    """Say whether the days of a new entity are real, in order, and not past."""
    if start is not None and (start < today or not is_date(start, compact=is_compact)):
        return False
    return end is None or (end >= (start or today) and is_date(end, compact=is_compact))


def _unreal(day: str | None, member: str, is_compact: bool) -> tuple[str, str] | None:
    if day is None or is_date(day, compact=is_compact):
        return None
    return member, "INVALID_DATE"


def _history(candidate: Candidate, today: str, begins: str, ends: str) -> tuple[str, str] | None:
    """Return the member and reason of an invalid change to days that have passed."""
    before, given = candidate.before, candidate.given
    if before is None:
        return None
    stored_end = before.get(ends)
    if stored_end is not None and stored_end < today and ends not in given:
        return ends, "UPDATING_ENDED_CAMPAIGN_WITHOUT_EXTENSION"
    stored_start, start = before.get(begins), given.get(begins)
    if start is not None and start != stored_start and (stored_start or today) <= today:
        return begins, "UPDATING_READ_ONLY_START_DATE"
    return None


def _past(candidate: Candidate, today: str, begins: str, ends: str) -> tuple[str, str] | None:
    before = candidate.before or {}
    for member, reason in (
        (begins, "START_DATE_EARLIER_THAN_TODAY"),
        (ends, "END_DATE_EARLIER_THAN_TODAY"),
    ):
        day = candidate.given.get(member)
        # An unchanged start is no change; an end that has passed extends nothing.
        is_change = member == ends or day != before.get(member)
        if day is not None and day < today and is_change:
            return member, reason
    return None


def _inverse(candidate: Candidate, begins: str, ends: str) -> tuple[str, str] | None:
    start, end = candidate.whole.get(begins), candidate.whole.get(ends)
    if start is None or end is None or start <= end:
        return None
    return (ends if candidate.given.get(ends) else begins), "START_DATE_AFTER_END_DATE"

"""Checks of text: length, number of words, characters."""

from __future__ import annotations

import re
from collections.abc import Callable

from adsmock.contracts.model import Rule
from adsmock.mockserver.core.outcome import Failure
from adsmock.mockserver.services.validation.normalize import batch_getter, getter
from adsmock.mockserver.services.validation.rule_context import RuleContext
from adsmock.mockserver.services.validation.validation_context import (
    Candidate,
    Check,
    Item,
    ValidationContext,
    with_batch_check,
)

_CAUSELESS = {"PATTERN_NOT_MATCHED"}
"""Reasons whose cause is empty. Source: campaign management reference 2.5 (observed)."""

_ENDLESS = float("inf")

Predicate = Callable[[str], object]


def text(rules: tuple[Rule, ...], rule_context: RuleContext) -> Check:
    """Return the check of one member by all its rows, in their order.

    One function for all rows: every item needs it, and a valid text then costs one call.
    """
    read, read_all = getter(rules[0].field), batch_getter(rules[0].field)
    rows = [(_PREDICATES[rule.check](rule), rule) for rule in rules]
    is_valid, are_valid = _single_test(rules), _batch_test(rules)

    def check(candidate: Candidate, _validation: ValidationContext) -> Failure | None:
        value: str | None = read(candidate.given)
        if value is None or is_valid(value):
            return None
        return refuse(candidate, value)

    def check_batch(items: list[Item], _validation: ValidationContext) -> bool:
        return are_valid(read_all(items))

    def refuse(candidate: Candidate, value: str) -> Failure:
        rule = next(rule for holds, rule in rows if not holds(value))
        return rule_context.refuse(
            candidate.index,
            rule.error,
            rule.reason,
            member=None if rule.reason in _CAUSELESS else rule.field,
            value=value,
            message=rule.message,
        )

    return with_batch_check(check, check_batch)


def _single_test(rules: tuple[Rule, ...]) -> Callable[[str], bool]:
    """Return the test of a text against all rows at once."""
    low, high = _bounds(rules)
    others = tuple(_PREDICATES[rule.check](rule) for rule in rules if rule.check != "length")

    def is_valid(value: str) -> bool:
        if not low <= len(value.strip()) <= len(value) <= high:
            return False
        for holds in others:  # noqa: SIM110 -- a generator costs as much again (measured)
            if not holds(value):
                return False
        return True

    return is_valid


def _batch_test(rules: tuple[Rule, ...]) -> Callable[[list[str]], bool]:
    """Return the test of many texts against all rows, row by row."""
    low, high = _bounds(rules)
    is_trimmed = any(rule.pattern == _TRIMMED for rule in rules)
    rest = [rule for rule in rules if rule.check != "length" and rule.pattern != _TRIMMED]
    patterns = [rule.pattern or "" for rule in rest]
    alphabets = [re.compile(each).fullmatch for each in patterns if is_alphabet(each)]
    others = [_PREDICATES[rule.check](rule) for rule in rest if not is_alphabet(rule.pattern or "")]

    def are_valid(values: list[str]) -> bool:
        trimmed = list(map(str.strip, values))
        if is_trimmed and trimmed != values:
            return False
        if max(map(len, values), default=0) > high or min(map(len, trimmed), default=low) < low:
            return False
        if alphabets:
            joined = "".join(values)
            for matches in alphabets:
                if not matches(joined):
                    return False
        return all([all(map(holds, values)) for holds in others])  # noqa: C419 -- few, and mostly true

    return are_valid


def is_alphabet(pattern: str) -> bool:
    """Say whether a pattern only names the allowed characters: then joined texts match it too."""
    return _ALPHABET.fullmatch(pattern) is not None


_ALPHABET = re.compile(r"\[(?:[^\]\\]|\\.)+\]\*")
"""One set of characters, any number of times."""
_TRIMMED = r"(?s)(?!\s).*(?<!\s)"
"""The contracts' pattern for no white space at either end; a batch is tested without it."""


def _bounds(rules: tuple[Rule, ...]) -> tuple[float, float]:
    """Return the minimum and maximum length that all rows allow."""
    lengths = [rule for rule in rules if rule.check == "length"]
    low = max((rule.minimum or 0 for rule in lengths), default=0)
    high = min((rule.maximum or _ENDLESS for rule in lengths), default=_ENDLESS)
    return low, high


def _length(rule: Rule) -> Predicate:
    """Return the test of a length. White space alone counts as empty."""
    low, high = _bounds((rule,))
    return lambda value: low <= len(value.strip()) and len(value) <= high


def _words(rule: Rule) -> Predicate:
    most = rule.maximum or 0
    return lambda value: len(value.split()) <= most


_PREDICATES: dict[str, Callable[[Rule], Predicate]] = {
    "length": _length,
    "words": _words,
    "pattern": lambda rule: re.compile(rule.pattern or "").fullmatch,
}

CHECKS = frozenset(_PREDICATES)
"""The checks of contract rows about text."""

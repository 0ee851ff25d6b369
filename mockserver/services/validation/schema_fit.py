"""Check that an item fits its contract, where a violation fails the item and not the call.

Source: campaign management reference 4 (observed: a value outside its set fails its item, with
the set in the text). Assumed: the other texts, and that a missing member fails its item.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import jsonschema_rs
import orjson

from adsmock.contracts.schema import Direction, entity
from adsmock.mockserver.core.outcome import Failure
from adsmock.mockserver.services.validation.rule_context import RuleContext
from adsmock.mockserver.services.validation.validation_context import (
    Candidate,
    Check,
    ValidationContext,
)

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def fits(verb: Direction, rule_context: RuleContext) -> Check:
    """Return the check that an item fits the schema of its contract.

    The schema is compiled at the first item, so that it does not slow the start.
    """

    @cache
    def validator() -> Any:
        return jsonschema_rs.validator_for(entity(rule_context.contract, verb, numbers=True))

    def check(candidate: Candidate, _validation: ValidationContext) -> Failure | None:
        given = candidate.given
        if candidate.stored is not None and rule_context.contract.identity is not None:
            given = {rule_context.contract.identity.field: int(candidate.stored.id), **given}
        if validator().is_valid(given):
            return None
        error = next(iter(validator().iter_errors(given)))
        path = [str(step) for step in error.instance_path]
        kind = error.kind
        if kind.name == "required":
            path = [*path, kind.property]
        error_kind, reason, text = _VIOLATIONS.get(kind.name, _OTHER)
        member = next((step for step in reversed(path) if not step.isdigit()), "")
        return rule_context.refuse(
            candidate.index,
            error_kind,
            reason,
            member=".".join(path),
            value=None if kind.name == "required" else error.instance,
            message=f"{_spoken(member)} {text(kind)}".replace("{", "{{").replace("}", "}}"),
        )

    return check


def _spoken(member: str) -> str:
    """Return a member's name as the start of a sentence: ``Start date``."""
    return _WORD.sub(" ", member).capitalize() or "Item"


def _among(kind: Any) -> str:
    options = kind.options
    values = orjson.loads(options) if isinstance(options, str) else options
    return f"must be one of [{', '.join(str(each) for each in values if each is not None)}]"


def _bound(words: str) -> Callable[[Any], str]:
    return lambda kind: f"must {words} {kind.limit}"


_OTHER: tuple[str, str, Callable[[Any], str]] = (
    "malformedValueError",
    "PATTERN_NOT_MATCHED",
    lambda _: "is invalid",
)
_VIOLATIONS: dict[str, tuple[str, str, Callable[[Any], str]]] = {
    "required": ("missingValueError", "MISSING_VALUE", lambda _: "is required"),
    "enum": ("rangeError", "INVALID_ENUM_VALUE", _among),
    "minimum": ("rangeError", "TOO_LOW", _bound("be at least")),
    "maximum": ("rangeError", "TOO_HIGH", _bound("be at most")),
    "minLength": ("malformedValueError", "TOO_SHORT", _bound("have a length of at least")),
    "maxLength": ("malformedValueError", "TOO_LONG", _bound("have a length of at most")),
    "minItems": ("rangeError", "TOO_LOW", _bound("have at least this many values:")),
    "maxItems": ("rangeError", "TOO_HIGH", _bound("have at most this many values:")),
}
"""Kind of item error, reason and wording by keyword of the schema."""

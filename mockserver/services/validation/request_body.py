"""Checks of a whole request body: JSON within the limits, then the contract's schema.

A violation refuses the whole call with 400, in the wording of the real API's service framework;
business rules fail single items later.

Source: campaign management reference 2.7 (observed: the enum wording with a 1-based member
path; the other wordings are assumed by analogy with the same framework).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import jsonschema_rs
import orjson

from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.json_shape import count_values, is_deeper, is_shallow
from adsmock.mockserver.core.limits import Limits
from adsmock.mockserver.core.schema_errors import MAX_ERRORS, SchemaError, first_errors
from adsmock.mockserver.services.validation.coerce import coerce_types
from adsmock.mockserver.services.validation.nulls import drop_nulls

_LONGEST_VALUE = 120
_BAD = 400


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Marker of a body that is not JSON, or exceeds a limit; ``message`` then says which."""

    message: str | None = None


_NOT_JSON: Final = Unreadable()


def parse(raw: bytes, limits: Limits) -> Any:
    """Return the JSON value of ``raw``, ``{}`` for an empty body, or a marker if it is not JSON.

    A body with too many values is not parsed.
    """
    if not raw or raw.isspace():
        return {}
    most, levels = limits.json_values, limits.json_depth
    if len(raw) > most and count_values(raw) > most:
        return Unreadable(f"Could not parse JSON: it has more than {most} values")
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return _NOT_JSON
    if not is_shallow(raw, levels) and is_deeper(value, levels):
        return Unreadable(f"Could not parse JSON: it is nested deeper than {levels} levels")
    return value


def is_readable(body: Any) -> bool:
    """Say whether ``parse`` found JSON within the limits."""
    return not isinstance(body, Unreadable)


def check_readable(body: Any, kind: str = "malformed", status: int = _BAD) -> None:
    """Refuse a body that ``parse`` could not read.

    Raises:
        ApiError: it is not JSON within the limits.
    """
    if isinstance(body, Unreadable):
        raise ApiError(kind, status, message=body.message)


SchemaOf = Callable[[str], dict[str, Any] | None]
"""The schema for an operation's id, None where there is none."""


class Validators:
    """Compiled schemas by operation id, each made when its operation is first called.

    ``schema_of`` gives the schema of an operation's bodies, None where any body is valid.
    Operations in ``elsewhere`` validate their own bodies; operations in ``unprocessable`` answer
    422 to an invalid body. ``exact_of`` gives the schema of bodies that need no normalization, None
    where it saves nothing: most bodies fit it, and are then validated once instead of twice.
    ``null_of`` gives the schema that says where null has a meaning; other nulls are dropped.
    Operations in ``coerced`` take text for numbers and booleans. ``missing`` has the text of an
    operation that words a missing member in its own way, with ``{members}`` for their names.
    Source: campaign management reference 1.5 (observed on an older family).
    """

    __slots__ = (
        "_coerced",
        "_elsewhere",
        "_exact",
        "_exact_of",
        "_made",
        "_missing",
        "_null_of",
        "_nulls",
        "_schema_of",
        "_unprocessable",
    )

    def __init__(
        self,
        schema_of: SchemaOf,
        elsewhere: frozenset[str] = frozenset(),
        unprocessable: frozenset[str] = frozenset(),
        exact_of: SchemaOf = lambda _: None,
        *,
        null_of: SchemaOf = lambda _: None,
        coerced: frozenset[str] = frozenset(),
        missing: dict[str, str] | None = None,
    ) -> None:
        self._coerced = coerced
        self._missing = missing or {}
        self._null_of = null_of
        self._nulls: dict[str, dict[str, Any]] = {}
        self._exact: dict[str, Any] = {}
        self._exact_of = exact_of
        self._elsewhere = elsewhere
        self._unprocessable = unprocessable
        self._schema_of = schema_of
        self._made: dict[str, Any] = {}

    def check(self, operation: str, body: Any) -> bool:
        """Validate a body, and say whether it needs no normalization.

        Raises:
            ApiError: the body is not JSON or does not fit the operation's schema.
        """
        made, is_read = self._exact, not isinstance(body, Unreadable)
        exact = made[operation] if operation in made else self._make(operation, made)
        if exact is not None and is_read and exact.is_valid(body):
            return True
        if operation not in self._elsewhere:
            made = self._made
            validator = made[operation] if operation in made else self._make(operation, made)
            if is_read:
                drop_nulls(body, self._documented(operation))
            if not is_read or not (validator is None or validator.is_valid(body)):
                self._coerce_or_refuse(operation, body, validator)
        return False

    def _coerce_or_refuse(self, operation: str, body: Any, validator: Any) -> None:
        kind, status = "invalid", _BAD
        if operation in self._unprocessable:
            kind, status = "unprocessable", 422
        check_readable(body, "malformed" if status == _BAD else kind, status)
        if operation in self._coerced and self._coerce(operation, body, validator):
            return
        text = self._missing.get(operation)
        members = missing_members(validator, body) if text else ""
        message = text.replace("{members}", members) if text and members else ""
        raise ApiError(kind, status, message=message or sentence(validator, body))

    def _coerce(self, operation: str, body: Any, validator: Any) -> bool:
        """Coerce a body in place, and say whether it fits then."""
        typed = coerce_types(body, self._schema_of(operation) or {})
        if not validator.is_valid(typed):
            return False
        if isinstance(body, dict):
            body.update(typed)
        else:
            body[:] = typed
        return True

    def _documented(self, operation: str) -> dict[str, Any]:
        if operation not in self._nulls:
            self._nulls[operation] = self._null_of(operation) or {}
        return self._nulls[operation]

    def _make(self, operation: str, made: dict[str, Any]) -> Any:
        schema_of = self._exact_of if made is self._exact else self._schema_of
        schema = schema_of(operation)
        made[operation] = None if schema is None else jsonschema_rs.validator_for(schema)
        return made[operation]


def missing_members(validator: Any, body: Any) -> str:
    """Return the missing members of a body, each with the names above it: ``a b, a c``."""
    return ", ".join(
        " ".join(map(str, (*found.path, found.error.kind.property)))
        for found in first_errors(validator, body)
        if found.error.kind.name == "required"
    )


def sentence(validator: Any, body: Any) -> str:
    """Return the service framework's message for a body that does not fit."""
    texts: dict[str, None] = {}
    for error in first_errors(validator, body):
        texts[_violation(error, body)] = None
        if len(texts) == MAX_ERRORS:
            break
    if not texts:
        texts[_UNNAMED] = None
    count = len(texts)
    noun = "error" if count == 1 else "errors"
    return f"{count} validation {noun} detected: {'; '.join(texts)}"


def _violation(found: SchemaError, body: Any) -> str:
    path, error = list(found.path), found.error
    kind = error.kind
    wording = _WORDINGS.get(kind.name, _other)
    if kind.name == "required":
        where = _member(path, kind.property)
        return f"Value null at '{where}' failed to satisfy constraint: Member must not be null"
    if kind.name == "enum" and path and isinstance(path[-1], int):
        whole = _at(body, path[:-1])
        return (
            f"Value '{_shown(whole)}' at '{_member(path[:-1])}' failed to satisfy constraint: "
            f"Member must satisfy constraint: [{wording(kind)}]"
        )
    shown = "" if kind.name in _SIZES else f" '{_shown(error.instance)}'"
    return f"Value{shown} at '{_member(path)}' failed to satisfy constraint: {wording(kind)}"


def _enum(kind: Any) -> str:
    options = kind.options
    values = orjson.loads(options) if isinstance(options, str) else options
    return f"Member must satisfy enum value set: [{', '.join(map(str, values))}]"


def _other(kind: Any) -> str:
    return f"Member must satisfy {kind.name}"


def _limit(words: str) -> Callable[[Any], str]:
    return lambda kind: f"Member must have {words} {kind.limit}"


_WORDINGS: dict[str, Callable[[Any], str]] = {
    "enum": _enum,
    "type": lambda kind: f"Member must be of type {' or '.join(map(str, kind.types))}",
    "maxItems": _limit("length less than or equal to"),
    "minItems": _limit("length greater than or equal to"),
    "maxLength": _limit("length less than or equal to"),
    "minLength": _limit("length greater than or equal to"),
    "maximum": _limit("value less than or equal to"),
    "minimum": _limit("value greater than or equal to"),
    "pattern": lambda kind: f"Member must satisfy regular expression pattern: {kind.pattern}",
}

_SIZES = {"maxItems", "minItems"}
_UNNAMED = "Value at 'requestBody' failed to satisfy constraint: Member must satisfy its schema"
"""The text for a body whose parts are all valid on their own."""


def _member(path: list[Any], name: str | None = None) -> str:
    """Return a member path as the framework writes it: ``campaigns.1.member.state``."""
    parts = [f"{part + 1}.member" if isinstance(part, int) else str(part) for part in path]
    if name is not None:
        parts.append(name)
    return ".".join(parts) or "requestBody"


def _at(body: Any, path: list[Any]) -> Any:
    for part in path:
        body = body[part]
    return body


def _shown(value: Any) -> str:
    if isinstance(value, list):
        text = f"[{', '.join(map(str, value[:_LONGEST_VALUE]))}]"
    elif isinstance(value, str):
        text = value
    else:
        text = orjson.dumps(value).decode()
    return text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "…"

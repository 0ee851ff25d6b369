"""Validation of requests: the body against its version's form, the query against its parameters.

Source: amzn/ads-advanced-tools-docs issue 408 (observed: 422 for a body of a wrong form).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import jsonschema_rs

from adsmock.contracts.loader import form_fields
from adsmock.contracts.model import Contract, Field, Parameter, Version
from adsmock.contracts.schema import form_body
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.validation.coerce import coerce_types
from adsmock.mockserver.services.validation.request_body import sentence

_FORMS = 256
_UNPROCESSABLE = 422


def check_request(context: RequestContext, version: Version) -> None:
    """Check body and query against the version.

    Raises:
        ApiError: 422 where the document declares it, else 400.
    """
    declared = _UNPROCESSABLE in context.operation.statuses
    kind, status = ("unprocessable", _UNPROCESSABLE) if declared else ("invalid", 400)
    for row in context.operation.parameters:
        if row.place != "path" and (
            text := _parameter_error(row, context.parameters.get(row.name))
        ):
            raise ApiError("invalid", 400, message=text)
    if version.takes:
        validator = _validator(_Form(context.contract, version.takes))
        if not validator.is_valid(context.body) and context.contract.coerces:
            context.body = coerce_types(
                context.body, form_body(context.contract, version.takes, numbers=True)
            )
        if not validator.is_valid(context.body):
            raise ApiError(kind, status, message=sentence(validator, context.body))


def check_unmixed(context: RequestContext, unmixed: tuple[str, ...]) -> None:
    """Refuse rows of kinds that no request may mix.

    Source: guide on quirks of anthonyblazejack/amazon-ads-py (observed: 422 for bids of keywords
    and ASINs together; the text is assumed).

    Raises:
        ApiError: 422, the rows are mixed.
    """
    member, name, *prefixes = unmixed
    kinds = [str(row.get(name, "")) for row in context.body.get(member) or ()]
    found = [each for each in prefixes if any(kind.startswith(each) for kind in kinds)]
    if len(found) > 1:
        text = f"{member} must not mix {' and '.join(found)} types"
        raise ApiError("unprocessable", _UNPROCESSABLE, message=text)


def _parameter_error(row: Parameter, value: str | None) -> str:
    """Return the error of a query parameter, empty for a valid one."""
    if value is None:
        return f"Parameter {row.name} is required" if row.required else ""
    if row.enum and not _named(value) <= _named(*row.enum):
        return f"Parameter {row.name} must be one of {', '.join(row.enum)}"
    if row.type == "boolean" and value.lower() not in {"true", "false"}:
        return f"Parameter {row.name} must be a boolean"
    if row.type in {"integer", "int32", "int64"}:
        most = row.maximum or 2**31 - 1
        if not value.isdecimal() or len(value) > len(str(most)) or not 0 < int(value) <= most:
            return f"Parameter {row.name} must be a number between 1 and {most}"
    return ""


def _named(*values: str) -> set[str]:
    return {part.strip() for value in values for part in value.split(",")}


class _Form:
    """A form of a contract as a key of a cache."""

    __slots__ = ("contract", "name")

    def __init__(self, contract: Contract, name: str) -> None:
        self.contract, self.name = contract, name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Form) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple[str, str]:
        return self.contract.name, self.name


@lru_cache(maxsize=_FORMS)
def _validator(form: _Form) -> Any:
    return jsonschema_rs.validator_for(form_body(form.contract, form.name, numbers=True))


def given(context: RequestContext, version: Version) -> dict[str, Any]:
    """Return the members of the body that the version defines; others are ignored."""
    if not version.takes or not isinstance(context.body, dict):
        return {}
    rows = _rows(_Form(context.contract, version.takes))
    if len(rows) == 1 and not rows[0].name:
        rows = tuple(row for each in (rows[0], *rows[0].others) for row in each.fields)
    known = {row.name for row in rows}
    return {name: value for name, value in context.body.items() if name in known}


def shown(value: Any, contract: Contract, name: str) -> Any:
    """Return the members of a value that the form ``name`` has, with at most its item count."""
    rows = _rows(_Form(contract, name))
    if len(rows) == 1 and not rows[0].name:
        return _shown(value, rows[0])
    return _members(value, rows)


@lru_cache(maxsize=_FORMS)
def _rows(form: _Form) -> tuple[Field, ...]:
    return form_fields(form.contract, form.name)


def _shown(value: Any, row: Field) -> Any:
    if row.others:
        return value
    if row.type == "object" and isinstance(value, dict):
        return _members(value, row.fields)
    if row.type == "array" and row.items is not None:
        return [_shown(item, row.items) for item in value[: row.max_items]]
    return value


def _members(value: dict[str, Any], rows: tuple[Field, ...]) -> dict[str, Any]:
    return {row.name: _shown(value[row.name], row) for row in rows if row.name in value}

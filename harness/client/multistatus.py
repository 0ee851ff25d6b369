"""Parse multi-status replies (207) into one outcome per item.

Formats: ``{envelope: {"success": [...], "error": [...]}}``, with rows matched to items by their
``index`` alone; the same without the envelope; bare arrays, with rows in the order of the items;
and the single answer of a call without a batch.
Source: Sponsored Products 3.0, multi-status replies (documented).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .api import Contract, ReplyRow

RETRYABLE = frozenset({"throttledError", "internalServerError"})
"""Item errors that may not occur again. Source: WAF, handle 207 responses (documented)."""

UNCERTAIN = frozenset({"internalServerError", "unanswered"})
"""Item errors that leave open whether the item was done (own interpretation)."""

_BARE = "unified"
"""The shape of replies whose two arrays have no envelope."""

UNANSWERED = "unanswered"
"""Our own error kind for an item that the reply does not mention."""


@dataclass(frozen=True, slots=True)
class ItemError:
    """One reason why an item failed. ``kind`` is the wire's ``errorType``."""

    kind: str
    reason: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one item. ``index`` is its place in the caller's list."""

    index: int
    id: str | None = None
    entity: Mapping[str, Any] | None = None
    errors: tuple[ItemError, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether the item was written."""
        return not self.errors

    @property
    def is_retryable(self) -> bool:
        """Whether a retry may succeed: every error of the item is transient."""
        return bool(self.errors) and all(
            error.kind in RETRYABLE or error.kind == UNANSWERED for error in self.errors
        )

    @property
    def is_uncertain(self) -> bool:
        """Whether the item may have been written although it is reported as failed."""
        return any(error.kind in UNCERTAIN for error in self.errors)

    def has_error(self, kind: str) -> bool:
        """Return whether one of the errors is of this kind."""
        return any(error.kind == kind for error in self.errors)


def partition(document: Any, contract: Contract, count: int) -> list[Outcome]:
    """Return one outcome per item of a batch, in the order of the items.

    An item that the reply does not mention gets the error ``unanswered``. Rows without a valid
    index are ignored; of two rows for one item, the success counts.
    """
    if contract.row is not None and contract.row.arrays:
        return _flat(document, contract, contract.row, count)
    if contract.row is not None:
        return _aligned(document, contract, contract.row, count)
    if contract.batch_maximum is None:
        return [_single(document, contract)]
    answer: Any = document
    if contract.shape != _BARE:
        answer = document.get(contract.envelope) if isinstance(document, dict) else None
    answer = answer if isinstance(answer, dict) else {}
    outcomes: dict[int, Outcome] = {}
    for row in _rows(answer.get("success"), count):
        outcomes[row["index"]] = _success(row, contract)
    for row in _rows(answer.get("error"), count):
        outcomes.setdefault(row["index"], _failure(row, contract.item_kinds))
    return [outcomes.get(place, _missing(place)) for place in range(count)]


def _single(document: Any, contract: Contract) -> Outcome:
    """Return the outcome of a call that takes one item and answers with its id."""
    if not isinstance(document, dict) or contract.identity is None:
        return _missing(0)
    found = document.get(contract.identity.success)
    return _missing(0) if found is None else Outcome(0, id=str(found), entity=document)


def _missing(place: int) -> Outcome:
    error = ItemError(UNANSWERED, message="the reply does not mention this item")
    return Outcome(place, errors=(error,))


def _aligned(document: Any, contract: Contract, row_format: ReplyRow, count: int) -> list[Outcome]:
    """Return the outcomes of rows in the order of the items; a single row may have no array."""
    rows = [document] if isinstance(document, dict) else document
    rows = rows if isinstance(rows, list) else []
    kinds = {code: kind for kind, code in row_format.codes.items()}
    outcomes = [_missing(place) for place in range(count)]
    for place, row in enumerate(rows[:count]):
        if not isinstance(row, dict):
            continue
        code = str(row.get(row_format.code, row_format.success))
        if code == row_format.success:
            found = row.get(contract.identity.success) if contract.identity else None
            outcomes[place] = Outcome(place, id=None if found is None else str(found))
        else:
            texts = str(row.get(row_format.description, ""))
            error = ItemError(kinds.get(code, "unnamedError"), code, texts)
            outcomes[place] = Outcome(place, errors=(error,))
    return outcomes


def _flat(document: Any, contract: Contract, row_format: ReplyRow, count: int) -> list[Outcome]:
    """Return the outcomes of flat rows in two arrays, each with the index of its item."""
    if not isinstance(document, dict) or not any(map(document.get, _names(row_format))):
        return _aligned(document, contract, row_format, count)
    rows = [_missing(place) for place in range(count)]
    for name in _names(row_format):
        for row in _placed(document.get(name), row_format.index, count):
            (found,) = _aligned(row, contract, row_format, 1)
            rows[row[row_format.index]] = replace(found, index=row[row_format.index])
    return rows


def _names(row_format: ReplyRow) -> list[str]:
    """Return the names of all arrays, refusals before successes."""
    pairs = row_format.arrays.values()
    return [*dict.fromkeys(pair[0] for pair in pairs), *dict.fromkeys(pair[1] for pair in pairs)]


def _placed(rows: Any, index: str, count: int) -> Iterator[dict[str, Any]]:
    for row in rows if isinstance(rows, list) else []:
        place = row.get(index) if isinstance(row, dict) else None
        if isinstance(place, int) and 0 <= place < count:
            yield row


def _rows(rows: Any, count: int) -> Iterator[dict[str, Any]]:
    return _placed(rows, "index", count)


def _success(row: dict[str, Any], contract: Contract) -> Outcome:
    entity = row.get(contract.representation)
    entity = entity if isinstance(entity, dict) else None
    found = row.get(contract.identity.success) if contract.identity else None
    if found is None and entity is not None and contract.identity:
        found = entity.get(contract.identity.field)
    return Outcome(row["index"], id=None if found is None else str(found), entity=entity)


def _failure(row: dict[str, Any], kinds: Mapping[str, str]) -> Outcome:
    errors = [_error(error, kinds) for error in row.get("errors") or [] if isinstance(error, dict)]
    # A failure without an error is a failure too.
    return Outcome(row["index"], errors=tuple(errors) or (ItemError("unnamedError"),))


def _error(error: dict[str, Any], kinds: Mapping[str, str]) -> ItemError:
    if "errorType" not in error and "code" in error:
        code = str(error["code"])
        return ItemError(kinds.get(code, code), code, str(error.get("message", "")))
    kind = str(error.get("errorType", "unnamedError"))
    value = error.get("errorValue")
    detail = next(iter(value.values()), None) if isinstance(value, dict) else None
    detail = detail if isinstance(detail, dict) else {}
    texts = str(detail.get("reason", "")), str(detail.get("message", ""))
    return ItemError(kinds.get(kind, kind), *texts)

"""Whether work is settled: written, or refused so that no retry can change it."""

from __future__ import annotations

from typing import Any

from adsmock.harness.suite.journal import CaseView, Entry
from adsmock.harness.suite.journal.item import DUPLICATE, batch, own_id

Lost = tuple[list[str], int]
"""The lost pieces of a task, and the number of all its pieces."""

TRANSIENT = frozenset({"throttledError", "internalServerError"})
"""Transient item errors. Source: WAF, handle 207 responses (documented)."""

TRANSIENT_STATUSES = frozenset({401, 408, 425, 429})
"""Refusals that a later attempt can turn into a success."""

FIRST_REFUSAL, FIRST_BREAKDOWN = 400, 500


def is_final(call: Entry, errors: tuple[str, ...]) -> bool:
    """Say whether a call, or the item with these errors, failed so that no retry can fix it."""
    if errors:
        return DUPLICATE in errors or not set(errors) <= TRANSIENT
    is_refusal = FIRST_REFUSAL <= call.status < FIRST_BREAKDOWN
    return is_refusal and call.status not in TRANSIENT_STATUSES


def agrees(wanted: Any, shown: Any) -> bool:
    """Say whether a value has everything that is wanted; it may have further members.

    An id is equal as text and as number.
    """
    if isinstance(wanted, dict):
        return isinstance(shown, dict) and all(
            agrees(value, shown.get(name)) for name, value in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(shown, list)
            and len(wanted) == len(shown)
            and all(map(agrees, wanted, shown))
        )
    return bool(wanted == shown) or (shown is not None and str(wanted) == str(shown))


def written_ids(view: CaseView, profile: str, resource: str) -> set[str]:
    """Return the ids in updates that were written or refused for good."""
    calls = view.of_operation(f"{resource}.update")
    return {each for call in calls if call.profile_id == profile for each in updated_ids(call)}


def updated_ids(call: Entry) -> set[str]:
    """Return the ids in one update that were written or refused for good."""
    done: set[str] = set()
    sent = batch(call)
    for index, item in enumerate(sent.items if sent else ()):
        assert sent is not None
        errors = sent.errors_of(index) if index in sent.error else ()
        if (call.committed and not errors) or index in sent.success or is_final(call, errors):
            done.add(own_id(call.operation.removesuffix(".update"), item))
    return done

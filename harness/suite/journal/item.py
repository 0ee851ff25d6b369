"""The items of a batch and the result of each, from request and reply."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from adsmock.contracts.loader import load
from adsmock.harness.suite.journal.entry import Entry

NATURAL: dict[str, tuple[str, ...]] = {
    "campaigns": ("name",),
    "adGroups": ("campaignId", "name"),
    "productAds": ("campaignId", "adGroupId", "sku", "asin"),
    "keywords": ("campaignId", "adGroupId", "keywordText", "matchType"),
    "negativeKeywords": ("campaignId", "adGroupId", "keywordText", "matchType"),
    "campaignNegativeKeywords": ("campaignId", "keywordText", "matchType"),
    "targetingClauses": ("campaignId", "adGroupId", "expressionType", "expression"),
    "negativeTargetingClauses": ("campaignId", "adGroupId", "expression"),
    "campaignNegativeTargetingClauses": ("campaignId", "expression"),
}
"""The members that identify an entity before it has an id.

Source: developer notes, uniqueness of entities; documented.
"""


DUPLICATE = "duplicateValueError"
"""The error of an item that exists already (documented)."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The items of one write and the rows of its 207, by index.

    ``answered`` is false when no readable 207 reached the client; both maps are empty then. Items
    of an update are the same work only if all their members are equal.
    """

    envelope: str
    items: tuple[dict[str, Any], ...]
    answered: bool
    success: dict[int, dict[str, Any]]
    error: dict[int, dict[str, Any]]
    is_update: bool = False

    def key(self, index: int) -> str:
        """Return the natural key of one item; of an update, all its members."""
        item = self.items[index]
        return _text(item) if self.is_update else natural_key(self.envelope, item)

    def entity(self, index: int) -> str:
        """Return what the item is about: the ids of an update, else its natural key."""
        item = self.items[index]
        ids = {name: value for name, value in item.items() if name.endswith("Id")}
        return _text(ids) if self.is_update and ids else self.key(index)

    def keys(self) -> tuple[str, ...]:
        """Return the natural keys of all items, in order."""
        return tuple(self.key(index) for index in range(len(self.items)))

    def errors_of(self, index: int) -> tuple[str, ...]:
        """Return the error kinds of one item."""
        return tuple(str(error.get("errorType")) for error in self.error[index].get("errors", ()))


def natural_key(envelope: str, item: dict[str, Any]) -> str:
    """Return a key that is equal for items of the same entity; of an update, all its members."""
    values = [item.get(name) for name in NATURAL.get(envelope, ())]
    known = values if any(value is not None for value in values) else item
    return _text(known)


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def name_of(item: dict[str, Any]) -> str:
    """Return a readable name of the item."""
    for key in ("name", "keywordText", "sku", "asin"):
        if item.get(key):
            return str(item[key])
    return json.dumps(item, sort_keys=True)


def own_id(resource: str, item: dict[str, Any]) -> str:
    """Return the own id of an item: by its contract, else the first member that is one.

    An item without an id has its name instead.
    """
    contract = load().by_name.get(resource)
    if contract is not None and contract.identity and contract.identity.field in item:
        return str(item[contract.identity.field])
    return next((str(value) for name, value in item.items() if name.endswith("Id")), name_of(item))


def batch(entry: Entry) -> Batch | None:
    """Return the batch of a write, or None when the call has none."""
    if not isinstance(entry.request, dict):
        return None
    lists = [key for key, value in entry.request.items() if isinstance(value, list)]
    if len(lists) != 1:
        return None
    envelope = lists[0]
    items = tuple(item for item in entry.request[envelope] if isinstance(item, dict))
    rows = entry.reply.get(envelope) if isinstance(entry.reply, dict) else None
    answered = entry.is_success and isinstance(rows, dict)
    success = _rows(rows, "success", len(items)) if answered else {}
    error = _rows(rows, "error", len(items)) if answered else {}
    is_update = entry.operation.endswith(".update")
    return Batch(envelope, items, answered, success, error, is_update)


def _rows(rows: Any, key: str, size: int) -> dict[int, dict[str, Any]]:
    found = {row.get("index"): row for row in rows.get(key, ()) if isinstance(row, dict)}
    return {index: row for index, row in found.items() if isinstance(index, int) and index < size}

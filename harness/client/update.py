"""Update entities: with ids of the right JSON type, and amounts calculated in decimals.

Source: developer notes, ids are text in one family and numbers in another, amounts have the
decimals of their currency (documented).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from .api import Api, Contract
from .call import Call
from .multistatus import ItemError, Outcome
from .pager import Pager
from .sender import Sender
from .writer import Writer

NUMBER = "int64"
"""The type of ids that are JSON numbers on the wire; all others are text."""

DONE = "SUCCESS"


class Updater:
    """Updates entities by the rules of their contract."""

    def __init__(self, api: Api, sender: Sender, pager: Pager, writer: Writer) -> None:
        self._api = api
        self._sender = sender
        self._pager = pager
        self._writer = writer

    def update(
        self, resource: str, profile: str, items: Sequence[Mapping[str, Any]]
    ) -> list[Outcome]:
        """Update entities, each identified by its id; return one outcome per item, in order."""
        contract = self._api.contract(resource)
        typed = [self.typed(contract, item) for item in items]
        if contract.batch_maximum is not None:
            return self._writer.write("update", resource, profile, typed)
        return self._update_bare(resource, profile, typed)

    def modify(
        self,
        resource: str,
        profile: str,
        filters: Mapping[str, Any] | None = None,
        members: Mapping[str, Any] | None = None,
        raises: Mapping[str, float] | None = None,
    ) -> list[Outcome]:
        """Set new values, or add to amounts, in all entities that match the filters.

        ``raises`` maps the path of an amount (``bid``, ``budget.budget``) to what is added to it.
        """
        contract = self._api.contract(resource)
        identity = contract.identity
        assert identity is not None, "what can be updated has an id"
        items = []
        for entity in self._pager.items(resource, profile, filters):
            item = {identity.field: entity[identity.field], **(members or {})}
            for path, amount in (raises or {}).items():
                item |= self._raised(contract, entity, path, amount)
            items.append(item)
        return self.update(resource, profile, items) if items else []

    def typed(self, contract: Contract, item: Mapping[str, Any]) -> dict[str, Any]:
        """Return the item with ids of the JSON type that its family uses."""
        wire = dict(item)
        for name, value in item.items():
            if name in contract.id_types:
                wire[name] = int(value) if contract.id_types[name] == NUMBER else str(value)
        return wire

    def add(self, value: float, amount: float) -> float:
        """Return the decimal sum: 0.1 and 0.2 are 0.3."""
        total = Decimal(str(value)) + Decimal(str(amount))
        return int(total) if total == total.to_integral_value() else float(total)

    def _raised(
        self, contract: Contract, entity: Mapping[str, Any], path: str, amount: float
    ) -> dict[str, Any]:
        """Return the member with the new amount, and the parts that an update must repeat."""
        name, _, inner = path.partition(".")
        if not inner:
            return {name: self.add(entity[name], amount)}
        kept = {key: value for key, value in entity[name].items() if key in contract.parts[name]}
        return {name: kept | {inner: self.add(kept[inner], amount)}}

    def _update_bare(
        self, resource: str, profile: str, items: list[dict[str, Any]]
    ) -> list[Outcome]:
        """Update a family with bare arrays in request and reply."""
        operation = self._api.operation(f"{resource}.update")
        region = self._sender.router.region_of(profile)
        rows = self._sender.send(Call(operation, region, profile, items)).json
        rows = rows if isinstance(rows, list) else []
        return [_outcome(place, rows) for place in range(len(items))]


def _outcome(place: int, rows: list[Any]) -> Outcome:
    """Return the outcome of one item in a bare array: the row at its place."""
    row = rows[place] if place < len(rows) and isinstance(rows[place], dict) else {}
    if row.get("code") == DONE:
        return Outcome(place)
    return Outcome(place, errors=(ItemError(str(row.get("code", "unanswered"))),))

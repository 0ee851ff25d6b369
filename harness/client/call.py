"""One call as the program means it: an operation, a place, a body.

Knows contracts. Must not know hosts, tokens or headers; the sender adds them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from adsmock.harness.client.errors import Misuse
from adsmock.harness.client.retry.context import Kind, Lane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from adsmock.contracts.contract_set import ContractSet
    from adsmock.contracts.model import Contract, Operation

_ACCEPTED = 202


@dataclass(frozen=True, slots=True)
class Call:
    """What to do, where, for whom. ``accept`` overrides the operation's own reply type."""

    operation: Operation
    region: str
    profile: str | None = None
    body: Any = None
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    accept: str = ""
    costly: bool = False
    """Whether it starts work that the service throttles hardest, such as a report."""

    @property
    def kind(self) -> Kind:
        """What a repeated attempt of this call would do.

        A create makes entities, each time anew. One that answers 202 starts a job, and a job too
        many costs a slot but changes nothing.
        """
        if self.costly:
            return Kind.COSTLY
        if self.operation.verb == "create" and self.operation.success != _ACCEPTED:
            return Kind.CREATE
        return Kind.READ if self.operation.verb in {"list", "get"} else Kind.REPEATABLE

    @property
    def lane(self) -> Lane:
        """Where this call is paced and paused, and what it costs there."""
        asks_extended = isinstance(self.body, dict) and self.body.get("includeExtendedDataFields")
        row = self.operation
        weight = row.extended_weight if asks_extended else row.weight
        return Lane(self.region, row.id, row.quota, weight)


class Book:
    """The contracts, asked by operation id and by resource."""

    def __init__(self, catalogue: ContractSet) -> None:
        self.catalogue = catalogue

    def operation(self, operation_id: str) -> Operation:
        """Return an operation, or raise Misuse for an id that no contract has."""
        try:
            return self.catalogue.operations[operation_id]
        except KeyError:
            raise Misuse(f"unknown operation {operation_id}") from None

    def contract(self, resource: str) -> Contract:
        """Return the contract of a resource, or raise Misuse for one that does not exist.

        Where a resource is created in several ways, each is named after it: ``sb.ads.video``.
        """
        contracts = self.catalogue.by_name
        found = contracts.get(resource)
        if found is None and f"{resource}.create" in self.catalogue.operations:
            found = contracts.get(resource.rpartition(".")[0])
        if found is None:
            raise Misuse(f"unknown resource {resource}")
        return found

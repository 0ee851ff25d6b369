"""Everything the path of a call needs, made once at start.

Knows what is compiled from contracts and catalog. Must not know calls.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from contracts.form import Contract
from contracts.outline import outline
from contracts.record import Catalogue
from contracts.schema import request_body
from mockserver.catalog.storage import STORAGE, STORAGE_CONTRACT
from mockserver.core.metrics import Metrics
from mockserver.core.sandbox import Sandbox
from mockserver.core.sandboxes import Sandboxes
from mockserver.services.account import SandboxRequest, make_sandbox
from mockserver.services.body import Validators
from mockserver.services.plan import Plan, compile_plans
from mockserver.services.unified.model import Models
from mockserver.stages.region import Hosts
from mockserver.stages.version import Calendar

SELF_JUDGING = frozenset({"single", "generic"})
"""Shapes that judge their bodies themselves: a form, and what an OpenAPI document describes."""


@dataclass(slots=True)
class World:
    """One server's sandboxes and what was compiled for them.

    ``nobody`` stands in for the sandbox of a call that belongs to none: no quotas, no faults,
    the orphan journal. ``storage_url`` is where finished files are served.
    """

    sandboxes: Sandboxes
    book: Catalogue
    nobody: Sandbox
    hosts: Hosts
    calendar: Calendar
    validators: Validators
    plans: dict[str, Plan]
    models: Models
    contracts: dict[str, Contract]
    metrics: Metrics = field(default_factory=Metrics)
    storage_url: str = ""

    @classmethod
    def build(cls, sandboxes: Sandboxes, book: Catalogue, storage_url: str = "") -> World:
        """Compile routes, validators and plans."""
        contracts = {
            operation.id: contract
            for contract in book.contracts.values()
            for operation in contract.operations
        }
        schemas = {
            name: schema
            for name, contract in contracts.items()
            if contract.shape not in SELF_JUDGING
            and (schema := request_body(contract, book.operations[name])) is not None
        }
        by_item = {name for name in schemas if _judges_items(contracts[name])}
        schemas = {
            name: outline(schema) if name in by_item else schema for name, schema in schemas.items()
        }
        described = frozenset(name for name, one in contracts.items() if one.shape == "generic")
        plans = compile_plans(book)
        return cls(
            sandboxes=sandboxes,
            book=book,
            nobody=_nobody(sandboxes, book),
            hosts=Hosts(book.regions),
            calendar=Calendar(book),
            validators=Validators(schemas, described, _unprocessable(book, by_item)),
            plans=plans,
            models=Models(book, plans),
            contracts=contracts | {STORAGE.id: STORAGE_CONTRACT},
            storage_url=storage_url,
        )


UNPROCESSABLE = 422


def _judges_items(contract: Contract) -> bool:
    return contract.row is not None and contract.row.judged == "item"


def _unprocessable(book: Catalogue, names: set[str]) -> frozenset[str]:
    return frozenset(name for name in names if UNPROCESSABLE in book.operations[name].statuses)


def _nobody(sandboxes: Sandboxes, book: Catalogue) -> Sandbox:
    elsewhere = Sandboxes(source=sandboxes.source)
    nobody = make_sandbox(elsewhere, book, SandboxRequest(id="nobody", profiles=()))
    nobody.throttle.quotas.clear()
    nobody.journal = sandboxes.orphans
    return nobody

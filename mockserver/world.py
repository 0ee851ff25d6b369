"""Everything the path of a call needs, made once at start.

Knows what is compiled from contracts and catalog. Must not know calls.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from adsmock.contracts.exact import exact_body
from adsmock.contracts.form import Contract, Operation
from adsmock.contracts.outline import outline
from adsmock.contracts.record import Catalogue
from adsmock.contracts.schema import request_body
from adsmock.mockserver.catalog.storage import STORAGE, STORAGE_CONTRACT
from adsmock.mockserver.core.metrics import Metrics
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.core.sandboxes import Sandboxes
from adsmock.mockserver.services.account import SandboxRequest, make_sandbox
from adsmock.mockserver.services.body import Validators
from adsmock.mockserver.services.plan import Plans
from adsmock.mockserver.stages.region import Hosts
from adsmock.mockserver.stages.version import Calendar

if TYPE_CHECKING:
    from adsmock.mockserver.services.unified.model import Models

SELF_JUDGING = frozenset({"single", "generic", "advice"})
"""Shapes that judge their bodies themselves: a form, what an OpenAPI document describes, and what
has versions."""


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
    plans: Plans
    contracts: dict[str, Contract]
    metrics: Metrics = field(default_factory=Metrics)
    storage_url: str = ""
    _models: Models | None = None

    @classmethod
    def build(cls, sandboxes: Sandboxes, book: Catalogue, storage_url: str = "") -> World:
        """Compile routes; validators and plans are made when they are first needed."""
        contracts = {
            operation.id: contract
            for contract in book.contracts.values()
            for operation in contract.operations
        }
        described = frozenset(name for name, one in contracts.items() if one.shape == "generic")
        known = contracts | {STORAGE.id: STORAGE_CONTRACT}
        return cls(
            sandboxes=sandboxes,
            book=book,
            nobody=_nobody(sandboxes, book),
            hosts=Hosts(book.regions),
            calendar=Calendar(book, partial(_past, book, known)),
            validators=Validators(
                partial(_schema, contracts, book.operations),
                described,
                _unprocessable(book, contracts),
                partial(_exact, contracts, book.operations),
            ),
            plans=Plans(book),
            contracts=known,
            storage_url=storage_url,
        )

    @property
    def models(self) -> Models:
        """The unified models, imported when the first call needs one."""
        if self._models is None:
            from adsmock.mockserver.services.unified.model import Models  # noqa: PLC0415 -- 25 modules

            self._models = Models(self.book, self.plans)
        return self._models


UNPROCESSABLE = 422


def _past(book: Catalogue, known: dict[str, Contract]) -> tuple[Operation, ...]:
    """Return what retired paths did before their day, and make their contracts ``known``."""
    from adsmock.contracts import past  # noqa: PLC0415 -- hardly a clock stands that early
    from adsmock.mockserver.services.generic.describe import with_documents  # noqa: PLC0415 -- as above
    from adsmock.mockserver.services.generic.past import document  # noqa: PLC0415 -- as above

    whole = with_documents(book, [document(past.load())])
    added = [whole.contracts[name] for name in whole.contracts.keys() - book.contracts.keys()]
    known |= {row.id: contract for contract in added for row in contract.operations}
    return tuple(row for contract in added for row in contract.operations)


def _schema(
    contracts: dict[str, Contract], operations: dict[str, Operation], name: str
) -> dict[str, Any] | None:
    """Return the schema that an operation's bodies have to fit, None where any will do."""
    contract = contracts.get(name)
    if contract is None or contract.shape in SELF_JUDGING:
        return None
    schema = request_body(contract, operations[name])
    return outline(schema) if schema is not None and _judges_items(contract) else schema


def _exact(
    contracts: dict[str, Contract], operations: dict[str, Operation], name: str
) -> dict[str, Any] | None:
    """Return the schema of bodies that can be taken as they are, where that spares a look."""
    contract = contracts.get(name)
    if contract is None or contract.shape != "keyed" or _judges_items(contract):
        return None
    operation = operations[name]
    return exact_body(contract, operation) if operation.verb in _SHAPED else None


_SHAPED = frozenset({"create", "update"})
"""Verbs whose items lose what is unknown."""


def _judges_items(contract: Contract) -> bool:
    return contract.row is not None and contract.row.judged == "item"


def _unprocessable(book: Catalogue, contracts: dict[str, Contract]) -> frozenset[str]:
    return frozenset(
        name
        for name, contract in contracts.items()
        if _judges_items(contract)
        and contract.shape not in SELF_JUDGING
        and UNPROCESSABLE in book.operations[name].statuses
        and book.operations[name].request
    )


def _nobody(sandboxes: Sandboxes, book: Catalogue) -> Sandbox:
    elsewhere = Sandboxes(source=sandboxes.source)
    nobody = make_sandbox(elsewhere, book, SandboxRequest(id="nobody", profiles=()))
    nobody.throttle.quotas.clear()
    nobody.journal = sandboxes.orphans
    return nobody

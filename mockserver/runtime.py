"""Everything that the pipeline needs, created once at start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from adsmock.contracts.contract_set import ContractSet
from adsmock.contracts.exact_schema import exact_body
from adsmock.contracts.lenient_schema import lenient_schema
from adsmock.contracts.loader import load
from adsmock.contracts.model import Contract, Operation
from adsmock.contracts.schema import request_body
from adsmock.mockserver.catalog.aws import AWS_CONTRACT, AWS_OPERATIONS
from adsmock.mockserver.catalog.storage import STORAGE_CONTRACT
from adsmock.mockserver.core.limits import Limits
from adsmock.mockserver.core.metrics import Metrics
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.core.sandboxes import Sandboxes
from adsmock.mockserver.render.gateway import Gateway
from adsmock.mockserver.services.sandboxes.create import SandboxRequest, make_sandbox
from adsmock.mockserver.services.validation.request_body import Validators
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResources
from adsmock.mockserver.stages.region import Hosts
from adsmock.mockserver.stages.version import Calendar

if TYPE_CHECKING:
    from adsmock.mockserver.services.durable.data_directory import DataDirectory
    from adsmock.mockserver.services.unified.model import Models

SELF_VALIDATING = frozenset({"single", "generic", "advice"})
"""Shapes whose verbs validate the body: forms, operations of OpenAPI documents, and those with
versions."""


@dataclass(slots=True)
class Runtime:
    """One server's sandboxes and what was compiled for them.

    ``nobody`` is the sandbox of calls that belong to none: without quotas and faults, and with the
    orphan journal. ``storage_url`` is where finished files are served.
    """

    sandboxes: Sandboxes
    contract_set: ContractSet
    nobody: Sandbox
    hosts: Hosts
    calendar: Calendar
    validators: Validators
    resources: CompiledResources
    contracts: dict[str, Contract]
    gateway: Gateway
    metrics: Metrics = field(init=False)
    storage_url: str = ""
    data: DataDirectory | None = None
    """Where state survives the process; None without a data directory."""
    _models: Models | None = None

    def __post_init__(self) -> None:
        self.metrics = self.sandboxes.metrics

    @classmethod
    def build(
        cls, sandboxes: Sandboxes, contract_set: ContractSet, storage_url: str = ""
    ) -> Runtime:
        """Compile routes; validators and compiled resources are created at first use."""
        contracts = {
            operation.id: contract
            for contract in contract_set.by_name.values()
            for operation in contract.operations
        }
        described = frozenset(
            name for name, contract in contracts.items() if contract.shape == "generic"
        )
        known = contracts | {row.id: STORAGE_CONTRACT for row in STORAGE_CONTRACT.operations}
        known |= dict.fromkeys(AWS_OPERATIONS, AWS_CONTRACT)
        return cls(
            sandboxes=sandboxes,
            contract_set=contract_set,
            nobody=_orphan_sandbox(sandboxes, contract_set),
            hosts=Hosts(contract_set.regions),
            calendar=Calendar(contract_set, partial(_past, contract_set, known)),
            validators=Validators(
                partial(_schema, contracts, contract_set.operations),
                described,
                _unprocessable(contract_set, contracts),
                partial(_exact, contracts, contract_set.operations),
                null_of=partial(_strict, contracts, contract_set.operations),
                coerced=frozenset(name for name, row in contracts.items() if row.coerces),
                missing=_missing(contracts),
            ),
            resources=CompiledResources(contract_set),
            contracts=known,
            gateway=Gateway(contract_set),
            storage_url=storage_url,
        )

    @property
    def limits(self) -> Limits:
        """The limits on what callers may send."""
        return self.sandboxes.capacity.limits

    @property
    def models(self) -> Models:
        """The unified models, imported when the first call needs one."""
        if self._models is None:
            from adsmock.mockserver.services.unified.model import Models  # noqa: PLC0415 -- 25 modules

            self._models = Models(self.contract_set, self.resources)
        return self._models


UNPROCESSABLE = 422


def _past(contract_set: ContractSet, known: dict[str, Contract]) -> tuple[Operation, ...]:
    """Return the operations of retired paths, and add their contracts to ``known``."""
    from adsmock.contracts import retired_paths  # noqa: PLC0415 -- few clocks start that early
    from adsmock.mockserver.services.generic.operations import with_documents  # noqa: PLC0415 -- as above
    from adsmock.mockserver.services.generic.retired import document  # noqa: PLC0415 -- as above

    whole = with_documents(contract_set, [document(retired_paths.load())])
    added = [whole.by_name[name] for name in whole.by_name.keys() - contract_set.by_name.keys()]
    known |= {row.id: contract for contract in added for row in contract.operations}
    return tuple(row for contract in added for row in contract.operations)


def _schema(
    contracts: dict[str, Contract], operations: dict[str, Operation], name: str
) -> dict[str, Any] | None:
    """Return the schema of an operation's bodies, None where any body is valid."""
    schema = _strict(contracts, operations, name)
    if schema is None or not _validates_items(contracts[name]):
        return schema
    return lenient_schema(schema)


def _strict(
    contracts: dict[str, Contract], operations: dict[str, Operation], name: str
) -> dict[str, Any] | None:
    """Return the documented schema of an operation's bodies, None where any body is valid."""
    contract = contracts.get(name)
    if contract is None or contract.shape in SELF_VALIDATING:
        return None
    return request_body(contract, operations[name])


def _exact(
    contracts: dict[str, Contract], operations: dict[str, Operation], name: str
) -> dict[str, Any] | None:
    """Return the schema of bodies that need no further normalization, if that saves time."""
    contract = contracts.get(name)
    if contract is None or contract.shape != "keyed" or _validates_items(contract):
        return None
    operation = operations[name]
    return exact_body(contract, operation) if operation.verb in _SHAPED else None


_SHAPED = frozenset({"create", "update"})
"""Verbs that drop unknown members of items."""


def _validates_items(contract: Contract) -> bool:
    return contract.row is not None and contract.row.judged == "item"


def _unprocessable(contract_set: ContractSet, contracts: dict[str, Contract]) -> frozenset[str]:
    return frozenset(
        name
        for name, contract in contracts.items()
        if _validates_items(contract)
        and contract.shape not in SELF_VALIDATING
        and UNPROCESSABLE in contract_set.operations[name].statuses
        and contract_set.operations[name].request
    )


def _missing(contracts: dict[str, Contract]) -> dict[str, str]:
    """Return the texts about missing members of the contracts that have their own."""
    texts = {name: contract.extra.get("texts", {}) for name, contract in contracts.items()}
    return {name: row["required"] for name, row in texts.items() if "required" in row}


def _orphan_sandbox(sandboxes: Sandboxes, contract_set: ContractSet) -> Sandbox:
    others = Sandboxes(source=sandboxes.source)
    nobody = make_sandbox(others, contract_set, SandboxRequest(id="nobody", profiles=()))
    nobody.throttle.quotas.clear()
    nobody.journal, nobody.redactor = sandboxes.orphans, sandboxes.redactor
    return nobody


def with_files(files: Sequence[str]) -> ContractSet:
    """Return the contracts, extended by what the OpenAPI documents ``files`` describe.

    Raises:
        DocumentError: a file cannot be served.
    """
    if not files:
        return load()
    from adsmock.mockserver.services.generic.document import read  # noqa: PLC0415 -- an option
    from adsmock.mockserver.services.generic.operations import with_documents  # noqa: PLC0415 -- as above

    return with_documents(load(), map(read, files))

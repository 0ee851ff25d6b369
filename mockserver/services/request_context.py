"""The input of every handler: one operation with its body, sandbox and profile."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from adsmock.contracts.contract_set import Lwa
from adsmock.contracts.model import Contract, Operation
from adsmock.mockserver.catalog.resource import Resource
from adsmock.mockserver.core.aws_request import AwsRequest
from adsmock.mockserver.core.sandbox import Principal, Profile, Sandbox
from adsmock.mockserver.core.sandboxes import Sandboxes
from adsmock.mockserver.core.selected_fault import SelectedFault
from adsmock.mockserver.services.verbs.compiled_resource import CompiledResource

if TYPE_CHECKING:
    from adsmock.mockserver.services.unified.model import Model


@dataclass(slots=True)
class RequestContext:
    """One operation to serve.

    ``body`` is parsed and fits the contract, ``raw`` are its bytes; ``is_exact`` says that it needs
    no normalization; ``parameters`` are path and query parameters;
    ``now`` is sandbox time; ``fault`` is one for items or jobs; ``wants_entities`` says
    that the client asked for whole entities in the reply; ``accept`` is the Accept header as sent,
    ``media`` the negotiated type, ``sent`` the body's own type without parameters, in lower case
    (empty without a body); ``base_url`` is the URL of downloads; ``can_wait`` says that the result
    may be ``Later``.
    """

    operation: Operation
    contract: Contract
    body: Any
    principal: Principal
    region: str
    sandbox: Sandbox
    sandboxes: Sandboxes
    now: float
    lwa: Lwa
    resource: Resource | None = None
    compiled: CompiledResource | None = None
    model: Model | None = None
    parameters: dict[str, str] = field(default_factory=dict)
    fault: SelectedFault | None = None
    wants_entities: bool = False
    accept: str = ""
    media: str = ""
    sent: str = ""
    raw: bytes = b""
    base_url: str = ""
    is_exact: bool = False
    can_wait: bool = False
    aws: AwsRequest | None = None
    """The call, if it is to SQS or SNS."""

    @property
    def profile(self) -> Profile:
        """The advertiser's profile; operations without a scope have none."""
        if self.principal.profile is None:
            raise LookupError(f"{self.operation.id} has no scope")
        return self.principal.profile

"""Where a call arrived and who sent it, as far as the call itself says."""

from __future__ import annotations

from dataclasses import dataclass, field

from adsmock.mockserver.core.aws_request import AwsRequest
from adsmock.mockserver.core.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call arrived. ``path`` has no prefix; ``sandbox_id`` comes from the host or path."""

    region: str
    path: str
    via: str
    is_storage: bool = False
    sandbox_id: str | None = None
    is_aws: bool = False
    prefix: str = ""
    """The start of the path that names a sandbox."""


@dataclass(slots=True)
class Caller:
    """What a call says about who sent it.

    ``token_state`` is absent, malformed (no scheme), unknown, expired, revoked, foreign (another
    client's) or valid. ``form`` holds the token endpoint's parameters, secrets included: it
    must not reach the journal unhashed.
    """

    sandbox: Sandbox | None
    via: str
    token: str | None = None
    token_state: str = "absent"
    client_id: str | None = None
    scope: str | None = None
    form: dict[str, str] = field(default_factory=dict)
    file: tuple[str, ...] = ()
    """An opened download signature: job id, number, expiry."""
    aws: AwsRequest | None = None
    """A call to SQS or SNS."""
    token_name: str | None = None
    """The token's fingerprint, for the journal."""

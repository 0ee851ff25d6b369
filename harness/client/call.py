"""One call before it becomes a request: the sender adds host, token and headers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .api import Operation
from .retry.context import Kind, RateLimitKey

_ACCEPTED = 202


@dataclass(frozen=True, slots=True)
class Call:
    """An operation with its region, profile and body. ``accept`` overrides its reply type."""

    operation: Operation
    region: str
    profile: str | None = None
    body: Any = None
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    accept: str = ""
    costly: bool = False
    """Whether the call starts work that the service throttles most, such as a report."""
    idempotent: bool = False
    """Whether the body has a token by which the service recognizes a repeated create."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers of this call alone, such as those that name an account of Marketing Cloud."""
    names_profile: bool = False
    """Whether the call names its profile where the operation leaves that open."""

    @property
    def kind(self) -> Kind:
        """What a repeated attempt of this call would do.

        A repeated create makes further entities. A create that answers 202 starts a job: one job
        too many takes a slot but changes nothing.
        """
        if self.costly:
            return Kind.COSTLY
        if self.idempotent:
            return Kind.REPEATABLE
        if self.operation.verb == "create" and self.operation.success != _ACCEPTED:
            return Kind.CREATE
        return Kind.READ if self.operation.verb in {"list", "get"} else Kind.REPEATABLE

    @property
    def limit_key(self) -> RateLimitKey:
        """The rate limit that this call counts against, and its weight there."""
        row = self.operation
        return RateLimitKey(self.region, row.id, row.quota, row.weight_of(self.body))

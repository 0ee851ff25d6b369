"""One call as the program means it: an operation, a place, a body.

Knows contracts. Must not know hosts, tokens or headers; the sender adds them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .retry.context import Kind, Lane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .api import Operation

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
        row = self.operation
        return Lane(self.region, row.id, row.quota, row.weight_of(self.body))

"""What a partner declares about an integration, as a frozen value.

Source: ``contracts/meta/manifest.schema.json``. A declaration says when a wait may end and what an
integration does not do; it never loosens a MUST.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from adsmock.harness.structs import convert

Member = Literal["verbs", "resources", "regions", "ad_products", "report_types", "datasets"]
"""The members that limit what the integration does; without one there is no limit."""


class Start(Struct, frozen=True):
    """How the integration is started: by one of ``command``, ``adapter`` and ``free``."""

    command: str | None = None
    adapter: str | None = None
    free: str | None = None
    through_proxy: bool = False
    timeout_seconds: float | None = None


class Timeouts(Struct, frozen=True):
    """Its own time limits."""

    backlog_seconds: float | None = None


class Recovery(Struct, frozen=True):
    """Its objectives after an outage: time until work flows again, and writes it may lose."""

    rto_seconds: float | None = None
    rpo_writes: int | None = None


class NotApplicable(Struct, frozen=True):
    """A case or check that has nothing to judge, and why."""

    id: str
    reason: str


class Manifest(Struct, frozen=True):
    """The declarations that a verdict or a run reads; the schema has more, for people.

    ``workers`` is how many calls it makes at once, each worker with a token cache of its own.
    ``concurrent_calls`` is the most calls that it makes at once, whatever its token caches are.
    """

    name: str = ""
    start: Start = Start()
    verbs: frozenset[str] | None = None
    resources: frozenset[str] | None = None
    regions: frozenset[str] | None = None
    ad_products: frozenset[str] | None = None
    report_types: frozenset[str] | None = None
    datasets: frozenset[str] | None = None
    workers: int = 1
    concurrent_calls: int | None = None
    timeouts: Timeouts = Timeouts()
    estimated_calls_per_hour: float | None = None
    recovery: Recovery = Recovery()
    not_applicable: tuple[NotApplicable, ...] = ()

    @property
    def absent(self) -> dict[str, str]:
        """Return the reasons by case or check that is declared not applicable."""
        return {each.id: each.reason for each in self.not_applicable}

    def excludes(self, member: Member, value: str) -> bool:
        """Return whether a member is declared and does not include the value."""
        included: frozenset[str] | None = getattr(self, member)
        return included is not None and value not in included


NOTHING_DECLARED = Manifest()


def declared(values: Mapping[str, Any] | None) -> Manifest:
    """Return the manifest written in ``values``, which fit its schema."""
    return NOTHING_DECLARED if values is None else convert(values, Manifest)

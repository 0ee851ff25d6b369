"""Clients that are wrong on purpose, and the check that must catch each of them.

A case that catches no broken client proves nothing; a broken client that nothing catches shows a
hole in the suite. Knows names and check ids. Must not know how checks work.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from harness.mutants import clients

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.client import AdsClient


@dataclass(frozen=True, slots=True)
class Mutant:
    """One broken client.

    ``defect`` says what it does wrong; ``kills`` names the checks that must fail for it; no
    other check may. ``factory`` takes the arguments of ``AdsClient``.
    """

    name: str
    defect: str
    kills: tuple[str, ...]
    factory: type[AdsClient]


_ROWS = (
    Mutant(
        "noscope",
        "leaves the scope header out of every third advertiser call",
        ("A01.headers",),
        clients.NoScope,
    ),
    Mutant(
        "stale-token",
        "answers a 401 by sending again with the refused token",
        ("A03.refresh",),
        clients.StaleToken,
    ),
    Mutant(
        "other-region",
        "asks the hosts of other regions when its own is dark",
        ("G01.region",),
        clients.OtherRegion,
    ),
    Mutant(
        "no-retry-after",
        "ignores Retry-After; its own backoff is right",
        ("T01.early",),
        clients.NoRetryAfter,
    ),
    Mutant(
        "constant-backoff",
        "waits about one second before every retry; honours Retry-After",
        ("T03.growth",),
        clients.ConstantBackoff,
    ),
    Mutant(
        "retry-4xx",
        "repeats requests that were refused as wrong",
        ("E02.once",),
        clients.Retry4xx,
    ),
    Mutant(
        "blind-create",
        "sends a create again after a lost answer, even when told that it exists",
        ("N03.once",),
        clients.BlindCreate,
    ),
    Mutant(
        "resend-batch",
        "sends a whole batch again for one throttled item",
        ("B01.only-failed",),
        clients.ResendBatch,
    ),
    Mutant("first-page", "takes the first page for the list", ("P01.pages",), clients.FirstPage),
    Mutant("dead-url", "repeats an expired download address", ("X03.fresh",), clients.DeadUrl),
    Mutant(
        "old-version",
        "keeps calling a version that is shut off",
        ("V01.stops",),
        clients.OldVersion,
    ),
    Mutant(
        "orphan-children",
        "creates ad groups below a campaign that failed",
        ("C01.orphans",),
        clients.OrphanChildren,
    ),
)

MUTANTS: Mapping[str, Mutant] = MappingProxyType({row.name: row for row in _ROWS})
"""All broken clients by name."""

__all__ = ["MUTANTS", "Mutant"]

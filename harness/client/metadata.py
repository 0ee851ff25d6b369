"""Names and settings of all entities, from exports that run at most twice a day.

Source: WAF, campaign management: exports for metadata in bulk; guides/exports, overview: once or
twice a day (documented).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .clock import Clock
from .errors import AdsError
from .export import Exporter, ExportRequest

Records = list[dict[str, Any]]

KINDS = ("campaigns", "adGroups", "targets", "ads")

FRESH = 12 * 3600.0
"""Seconds for which records are used again: two exports a day."""


@dataclass(frozen=True, slots=True)
class _Copy:
    records: Records
    taken: float


class Metadata:
    """The metadata of profiles, in memory."""

    fresh = FRESH

    def __init__(self, exporter: Exporter, clock: Clock) -> None:
        self._exporter = exporter
        self._clock = clock
        self._copies: dict[tuple[str, str], _Copy] = {}

    def sync(self, profile: str) -> dict[str, Records]:
        """Return the records of every kind, from exports that are at most ``fresh`` seconds old.

        Raises:
            AdsError: an export failed; the records of the others are kept.
        """
        now = self._clock.now()
        stale = [kind for kind in KINDS if not self._is_fresh(profile, kind, now)]
        results = self._exporter.gather([ExportRequest(kind, profile) for kind in stale])
        troubles: list[AdsError] = []
        for kind, result in zip(stale, results, strict=True):
            if isinstance(result, AdsError):
                troubles.append(result)
            else:
                self._copies[profile, kind] = _Copy(result, now)
        if troubles:
            raise troubles[0]
        return {kind: self._copies[profile, kind].records for kind in KINDS}

    def _is_fresh(self, profile: str, kind: str, now: float) -> bool:
        copy = self._copies.get((profile, kind))
        return copy is not None and now - copy.taken < self.fresh

    def name(self, rows: Records, profile: str) -> Records:
        """Return report rows with the names of their campaigns and ad groups.

        A report repeats a name in every row and does not follow its changes; an export has it once.
        """
        records = self.sync(profile)
        names = {
            field: {str(record[field]): record["name"] for record in records[kind]}
            for kind, field in (("campaigns", "campaignId"), ("adGroups", "adGroupId"))
        }
        return [row | self._names(row, names) for row in rows]

    @staticmethod
    def _names(row: dict[str, Any], names: dict[str, dict[str, str]]) -> dict[str, str]:
        return {
            f"{field.removesuffix('Id')}Name": known[str(row[field])]
            for field, known in names.items()
            if str(row.get(field)) in known
        }

"""Evidence about the ledger: reports of comparisons with the service, and what they say together.

A report names ledger rows and the shapes that differ, and no value of an advertiser. Its form is
``meta/evidence.schema.json``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from adsmock.contracts import ledger
from adsmock.contracts.bounded_file import JSON_BYTES, BoundError, parse_json, read_text
from adsmock.contracts.model import Status

SCHEMA = Path(__file__).with_name("meta") / "evidence.schema.json"
FILES = "*evidence*.json"
"""The pattern of the names of reports."""
VERSION = 1


class EvidenceError(ValueError):
    """A file that is no evidence; the message names the file, the place and the reason."""


@dataclass(frozen=True, slots=True)
class RowEvidence:
    """What captures say about one ledger row: ``<date> <hash>`` of each, by its class."""

    id: str
    status: Status
    confirmed: tuple[str, ...] = ()
    drift: tuple[str, ...] = ()
    variation: tuple[str, ...] = ()

    @property
    def is_disputed(self) -> bool:
        """Whether one capture confirms the row and another contradicts it."""
        return bool(self.confirmed and self.drift)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Several reports together. ``unknown`` are rows that this version does not have."""

    reports: int
    rows: tuple[RowEvidence, ...]
    unknown: tuple[str, ...] = ()
    differences: tuple[Mapping[str, Any], ...] = field(default=())

    def totals(self) -> dict[str, dict[str, int]]:
        """Return for each status: rows, confirmed, drift, and rows that no capture touched."""
        counts = ledger.counts()
        found: dict[str, dict[str, int]] = {}
        for status, rows in counts.items():
            seen = [row for row in self.rows if row.status == status]
            confirmed = sum(bool(row.confirmed and not row.drift) for row in seen)
            drift = sum(bool(row.drift) for row in seen)
            touched = sum(bool(row.confirmed or row.drift or row.variation) for row in seen)
            found[status] = {
                "rows": rows,
                "confirmed": confirmed,
                "drift": drift,
                "unseen": rows - touched,
            }
        return found


@cache
def ledger_version() -> str:
    """Return a short digest of the ledger: reports of equal ledgers compare row by row."""
    text = "\n".join(f"{row.id}\t{row.says}" for row in ledger.rows())
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read(path: Path) -> dict[str, Any]:
    """Return one report.

    Raises:
        EvidenceError: the file is no report; names the place.
        OSError: it cannot be read.
    """
    try:
        document = parse_json(read_text(path, JSON_BYTES))
    except BoundError as error:
        raise EvidenceError(f"{path}: {error}: use evidence.json of a report") from None
    found = next(iter(_validator().iter_errors(document)), None)
    if found is not None:
        place = "/".join(map(str, found.instance_path)) or "the document"
        raise EvidenceError(
            f"{path}: {place}: {found.message}: use evidence.json of 'adsmock twin' or 'replay'"
        )
    checked: dict[str, Any] = document
    return checked


def merge(reports: Iterable[Mapping[str, Any]]) -> Evidence:
    """Return what reports say together; the same capture counts once."""
    known = {row.id: row for row in ledger.rows()}
    found: dict[str, dict[str, set[str]]] = {}
    seen: set[str] = set()
    differences: list[Mapping[str, Any]] = []
    for report in reports:
        if report["capture"] in seen:
            continue
        seen.add(report["capture"])
        source = f"{report['captured']} {report['capture'][:12]}"
        differences += report["differences"]
        for name, standing in report["rows"].items():
            found.setdefault(name, {}).setdefault(standing, set()).add(source)
    rows = tuple(
        RowEvidence(
            name,
            known[name].status,
            *(tuple(sorted(by.get(word, ()))) for word in ("confirmed", "drift", "variation")),
        )
        for name, by in sorted(found.items())
        if name in known
    )
    unknown = tuple(sorted(set(found) - set(known)))
    return Evidence(len(seen), rows, unknown, tuple(differences))


@cache
def _validator() -> Any:
    return jsonschema_rs.validator_for(json.loads(SCHEMA.read_text("utf-8")))

"""Claims about a journal: the number of matching calls, and the most similar other calls."""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.control.journal_filter import Difference, differences
from adsmock.mockserver.control.request import ControlRequest
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.journal import Entry
from adsmock.mockserver.services.faults.schema import OperationGlobs, parse_match

_SHOWN = 5
"""Calls listed for a claim that does not hold: the most similar first, then the latest."""


def run(request: ControlRequest) -> Any:
    """Return whether the number of matching calls is within ``min`` and ``max``."""
    body, journal = request.body, request.sandbox.journal
    low, high = body.get("min", 1), body.get("max")
    if high is not None and high < low:
        raise SetupError(f"max is {high}, less than min {low}: use at least min", pointer="/max")
    parse_match(body["match"], OperationGlobs(request.contract_set))
    judged = [
        (entry, differences(entry, body["match"])) for entry in journal.rows(body.get("cursor", 0))
    ]
    hits = [row for row in judged if not row[1]]
    holds = low <= len(hits) and (high is None or len(hits) <= high)
    return {
        "holds": holds,
        "count": len(hits),
        "min": low,
        "max": high,
        "dropped": journal.dropped,
        "similar": [] if holds else _similar(judged if len(hits) < low else hits, len(hits) < low),
    }


def _similar(
    judged: list[tuple[Entry, list[Difference]]], are_missing: bool
) -> list[dict[str, Any]]:
    rows = [row for row in judged if bool(row[1]) is are_missing]
    rows.sort(key=lambda row: (len(row[1]), -row[0].seq))
    return [
        {
            "seq": entry.seq,
            "method": entry.method,
            "path": entry.path,
            "operation": entry.operation,
            "region": entry.region,
            "profileId": entry.profile_id,
            "status": entry.status,
            "differs": differs,
        }
        for entry, differs in rows[:_SHOWN]
    ]

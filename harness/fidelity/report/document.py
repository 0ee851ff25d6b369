"""drift.json: the complete comparison; evidence.json: the part that can be given away."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import orjson

from adsmock import __version__
from adsmock.contracts import ledger
from adsmock.contracts.evidence import VERSION, ledger_version
from adsmock.harness.fidelity.comparison import Comparison, Pair
from adsmock.harness.fidelity.difference import Difference
from adsmock.harness.fidelity.shape import shape_of

_FREE_TEXT = frozenset({"error-text", "error-form"})
"""Aspects whose description of the service may quote its words."""

_ID = re.compile(r"/(?=[^/]*\d)[^/]{6,}")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class CaptureFacts:
    """Where a comparison came from: the kind of run, its time and a hash of what was captured."""

    kind: Literal["twin", "replay"]
    source: str
    seconds: float
    capture: str

    @classmethod
    def of(
        cls, kind: Literal["twin", "replay"], source: str, seconds: float, pairs: Iterable[Pair]
    ) -> CaptureFacts:
        """Return the facts of a capture; its hash covers times, requests and shapes."""
        rows = [
            (
                pair.service.step,
                pair.service.status,
                pair.service.started,
                sorted("/".join(path) for path in shape_of([pair.service.body])),
            )
            for pair in pairs
        ]
        return cls(kind, source, seconds, hashlib.sha256(orjson.dumps(rows)).hexdigest())

    @property
    def day(self) -> str:
        """The date of the capture in UTC."""
        return datetime.fromtimestamp(self.seconds, UTC).date().isoformat()


def render(found: Comparison, capture: CaptureFacts) -> dict[str, Any]:
    """Return drift.json."""
    rows = {row.id: row for row in ledger.rows()}
    standings = {name: found.standings[name] for name in rows if name in found.standings}
    return {
        "adsmock": __version__,
        "kind": capture.kind,
        "source": capture.source,
        "captured": capture.day,
        "capture": capture.capture,
        "ledger": ledger_version(),
        "verdict": verdict(found),
        "pairs": found.pairs,
        "shares": {
            "touchable": round(found.touched_share, 4),
            "confirmed": round(found.confirmed_share, 4),
        },
        "totals": {
            "ledger": len(rows),
            "touchable": len(found.touchable),
            **{word: len(found.rows(word)) for word in ("confirmed", "drift", "variation")},
            "unchecked": len(found.rows("unchecked")),
            "unseen": len(rows) - len(standings),
        },
        "confirmedByStatus": _by_status(found),
        "drift": [_difference(row) for row in found.drift],
        "variations": [_difference(row) for row in found.variations],
        "unchecked": [asdict(row) for row in found.unchecked],
        "rows": standings,
    }


def evidence(found: Comparison, capture: CaptureFacts) -> dict[str, Any]:
    """Return evidence.json: rows and shapes, no names, no texts, no steps."""
    return {
        "evidence": VERSION,
        "adsmock": __version__,
        "kind": capture.kind,
        "ledger": ledger_version(),
        "captured": capture.day,
        "capture": capture.capture,
        "pairs": found.pairs,
        "rows": dict(sorted(found.standings.items())),
        "differences": [
            {
                "operation": _ID.sub("/{id}", row.operation)[:_LONGEST],
                "aspect": row.aspect,
                "member": row.member[:_LONGEST],
                "service": "another text" if row.aspect in _FREE_TEXT else row.service[:_LONGEST],
                "mock": row.mock[:_LONGEST],
                "facts": list(row.facts),
                "switch": row.switch,
            }
            for row in found.differences
        ],
    }


def verdict(found: Comparison) -> str:
    """Return ``drift``, ``equal`` or ``nothing compared``."""
    if found.drift:
        return "drift"
    return "equal" if found.pairs else "nothing compared"


def _difference(row: Difference) -> dict[str, Any]:
    return asdict(row) | {"says": row.says, "fact": row.fact}


def _by_status(found: Comparison) -> dict[str, dict[str, int]]:
    """Return for each status of the ledger how many rows were confirmed, of how many."""
    counts: dict[str, dict[str, int]] = {}
    for row in ledger.rows():
        cell = counts.setdefault(row.status, {"rows": 0, "confirmed": 0})
        cell["rows"] += 1
        cell["confirmed"] += found.standings.get(row.id) == "confirmed"
    return counts

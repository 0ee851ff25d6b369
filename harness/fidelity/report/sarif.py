"""drift.sarif (SARIF 2.1.0): one result for each difference, one rule for each ledger row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adsmock.contracts import ledger

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def render(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the SARIF document of drift.json; a variation is a note with a suppression."""
    says = {row.id: f"{row.says} ({row.status}: {row.source})" for row in ledger.rows()}
    rows = [*document["drift"], *document["variations"]]
    names = list(dict.fromkeys(_rule_of(row) for row in rows))
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "adsmock",
                        "version": document["adsmock"],
                        "rules": [
                            {"id": name, "shortDescription": {"text": says.get(name, name)}}
                            for name in names
                        ],
                    }
                },
                "automationDetails": {"id": f"adsmock/{document['kind']}/"},
                "results": [_result(row, names) for row in rows],
            }
        ],
    }


def _rule_of(row: Mapping[str, Any]) -> str:
    return str(row["fact"] or row["operation"])


def _result(row: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    name = _rule_of(row)
    result: dict[str, Any] = {
        "ruleId": name,
        "ruleIndex": names.index(name),
        "level": "note" if row["switch"] else "error",
        "message": {"text": row["says"]},
        "locations": [
            {"logicalLocations": [{"fullyQualifiedName": name, "kind": "member"}]},
        ],
        "partialFingerprints": {
            "adsmockDrift/v1": "/".join((row["operation"], row["aspect"], row["member"]))
        },
    }
    if row["switch"]:
        reason = f"the switch {row['switch']} of the mock covers it"
        result["suppressions"] = [{"kind": "external", "justification": reason}]
    return result

"""Journal rows and case records, built from few words."""

from typing import Any

from adsmock.harness.suite.case import Case, load
from adsmock.harness.suite.journal import CaseRecord, Ending, FaultCount

PROFILES = (
    {"profileId": "11", "region": "NA", "countryCode": "US"},
    {"profileId": "22", "region": "EU", "countryCode": "UK"},
    {"profileId": "33", "region": "FE", "countryCode": "JP"},
)
HOME = {"NA": "11", "EU": "22", "FE": "33"}
CLIENT = "amzn1.application-oa2-client.test"
SENT = 0.001

PATHS = {
    "campaigns": "/sp/campaigns",
    "adGroups": "/sp/adGroups",
    "keywords": "/sp/keywords",
}


def call(operation: str, at: float, status: int = 200, **more: Any) -> dict[str, Any]:
    """Return one row: ``at`` is seconds after the start, on both clocks."""
    region = more.pop("region", "NA")
    took = more.pop("took", SENT)
    resource, _, verb = operation.removeprefix("sp.").partition(".")
    path = PATHS.get(resource, f"/{resource}") + ("/list" if verb == "list" else "")
    row = {
        "operation": operation,
        "method": "POST",
        "path": path,
        "region": region,
        "clientId": CLIENT,
        "profileId": HOME[region],
        "token": "tok-1",
        "tokenState": "valid",
        "chain": operation + region,
        "status": status,
        "retryAfter": None,
        "fault": None,
        "committed": False,
        "ended": "complete",
        "request": {},
        "reply": {},
        "tArrive": 500 + at,
        "tSend": 500 + at + took,
        "tEnd": 500 + at + took + SENT,
        "cArrive": 1782907200 + at,
        "cSend": 1782907200 + at + took,
        "cEnd": 1782907200 + at + took + SENT,
    }
    return row | more


def met(fault: str, kind: str = "http") -> dict[str, str]:
    return {"id": fault, "kind": kind, "point": "before"}


def grant(at: float, token: str = "tok-2", **more: Any) -> dict[str, Any]:
    return call(
        "lwa.token", at, profileId=None, token=None, tokenState="absent", chain=f"lwa{at}", **more
    )


def batch(envelope: str, *items: dict[str, Any]) -> dict[str, Any]:
    return {envelope: list(items)}


def outcomes(
    envelope: str, success: dict[int, str], error: dict[int, str] | None = None
) -> dict[str, Any]:
    """Return a 207: ids by index, error kinds by index."""
    id_field = {"campaigns": "campaignId", "adGroups": "adGroupId", "keywords": "keywordId"}
    return {
        envelope: {
            "success": [{"index": i, id_field[envelope]: name} for i, name in success.items()],
            "error": [
                {"index": i, "errors": [{"errorType": kind, "errorValue": {kind: {}}}]}
                for i, kind in (error or {}).items()
            ],
        }
    }


def tasks_of(case: str) -> tuple[dict[str, Any], ...]:
    """Return the tasks of a case with the id of the first profile of each named region."""
    return tuple({"verb": one.verb, "args": resolved(one.args)} for one in load()[case].tasks)


def resolved(value: Any) -> Any:
    """Return the arguments of a task with profile ids in place of references."""
    if isinstance(value, list):
        return [resolved(member) for member in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"$profile"}:
        return HOME[value["$profile"].partition(".")[0]]
    return {name: resolved(member) for name, member in value.items()}


def record(case: str, *rows: dict[str, Any], **more: Any) -> CaseRecord:
    """Return the record of a case; which faults were met is read from the rows."""
    found: Case = load()[case]
    numbered = tuple(row | {"seq": number} for number, row in enumerate(rows, 1))
    counts = {fault.id: 0 for fault in found.faults}
    for row in rows:
        if row["fault"]:
            counts[row["fault"]["id"]] += 1
    facts: dict[str, Any] = {
        "case": case,
        "version": found.version,
        "timebase": "sandbox",
        "entries": len(numbered),
        "client_id": CLIENT,
        "profiles": PROFILES,
        "faults": tuple(
            FaultCount(fault.id, fault.kind, counts[fault.id]) for fault in found.faults
        ),
        "tasks": tuple({"verb": task.verb, "args": task.args} for task in found.tasks),
        "created": {},
        "ending": Ending(),
        "rows": numbered,
    }
    return CaseRecord(**(facts | more))

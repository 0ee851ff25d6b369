"""Golden journals of the checks of a program over several days."""

from typing import Any

from adsmock.harness.suite.journal import CaseRecord
from tests.unit.harness.suite.journal_rows import call, record

DAY = 86_400
NOON = "2023-06-28T12:00:00Z"
SHIFT = 1687953600 - 1782907200
"""Seconds from the usual start of a journal to noon of 2023-06-28."""


def at_noon(operation: str, day: int, status: int = 200, **more: Any) -> dict[str, Any]:
    """Return a call soon after noon of a day, which is 0 for 2023-06-28."""
    row = call(operation, day * DAY + more.pop("at", 1), status, **more)
    row["chain"] = f"{operation}{day}{row['tArrive']}"
    return row | {name: row[name] + SHIFT for name in ("cArrive", "cSend", "cEnd")}


def listed(day: int, status: int = 200, **more: Any) -> dict[str, Any]:
    return at_noon("sp.campaigns.list", day, status, token=f"tok-{day}", **more)


def requested(day: int, status: int = 200) -> dict[str, Any]:
    return at_noon("reporting.create", day, status, at=2, token=f"tok-{day}")


def exported(day: int, status: int = 200, **more: Any) -> dict[str, Any]:
    own = {"profileId": "22", "region": "EU", "at": 3}
    return at_noon("exports.campaigns.create", day, status, **(own | more))


def days(*rows: dict[str, Any], **more: Any) -> CaseRecord:
    return record("DY01", *rows, **more)


def synced(*rows: dict[str, Any], **more: Any) -> CaseRecord:
    """Return the record of a program that has to read the metadata of a profile each day."""
    task = {"verb": "sync_metadata", "args": {"profile": "22"}}
    return days(*rows, tasks=(task,) * 4, **more)


def old(day: int, status: int = 200) -> dict[str, Any]:
    path = {"path": "/v2/sp/campaigns", "method": "GET", "request": None}
    return at_noon("", day, status, **path)


def work() -> dict[str, CaseRecord]:
    refused = {"tokenState": "expired"}
    lost = (listed(day, 401, **refused) for day in (1, 2, 3))
    return {
        "PASS": days(*(listed(day) for day in range(4))),
        "FAIL": days(listed(0), *lost),
        "UNPROVEN": days(listed(0, 403), listed(1, 403)),
    }


def tokens() -> dict[str, CaseRecord]:
    expired = [
        listed(1, 401, at=second, tokenState="expired") | {"token": "tok-0"} for second in (1, 5, 9)
    ]
    return {
        "PASS": days(*(listed(day) for day in range(4))),
        "WARN": days(listed(0), *expired, listed(2), listed(3)),
        "UNPROVEN": days(listed(0), listed(1)),
    }


def versions() -> dict[str, CaseRecord]:
    profiles = at_noon("profiles.list", 0, path="/v2/profiles"), at_noon("profiles.list", 1)
    return {
        "PASS": days(old(0), listed(0), listed(1), listed(2)),
        "FAIL": days(old(0), listed(0), old(2, 404), listed(2), old(3, 404), listed(3)),
        "UNPROVEN": days(*profiles),
    }


def restated() -> dict[str, CaseRecord]:
    lists = [listed(day) for day in range(4)]
    return {
        "PASS": days(lists[0], requested(0), *lists[1:3], requested(2), lists[3]),
        "WARN": days(lists[0], requested(0), *lists[1:]),
        "UNPROVEN": days(*lists),
    }


def metadata() -> dict[str, CaseRecord]:
    lists = [listed(day) for day in range(4)]
    return {
        "PASS": synced(lists[0], exported(0), *lists[1:3], exported(2), lists[3]),
        "WARN": synced(lists[0], exported(0), *lists[1:]),
        "UNPROVEN": synced(*lists),
    }


SAMPLES = {
    "DY01.work": work(),
    "DY01.tokens": tokens(),
    "DY01.versions": versions(),
    "DY01.restated": restated(),
    "DY01.metadata": metadata(),
}

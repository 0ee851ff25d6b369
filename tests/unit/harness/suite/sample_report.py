"""Golden journals of the checks that look at reports."""

from collections.abc import Sequence
from typing import Any

from adsmock.harness.suite.journal import CaseRecord, Ending
from tests.unit.harness.suite.journal_rows import call, met, record, tasks_of
from tests.unit.harness.suite.sample_write import download

FIRST = "8c30e3bf-c635-4254-ac00-fde1ea0879de"
SECOND = "1a20e3bf-c635-4254-ac00-fde1ea0879de"
VERSION = "application/vnd.createasyncreportrequest.v3+json"
Rows = list[dict[str, Any]]


def create(at: float, status: int = 200, *days: str, **more: Any) -> dict[str, Any]:
    """Return one creation; ``days`` are its first and last day."""
    first, last = days or ("2026-06-01", "2026-06-14")
    columns = more.pop("columns", ["campaignId", "clicks"])
    body = {
        "startDate": first,
        "endDate": last,
        "configuration": {"reportTypeId": "spCampaigns", "columns": columns},
    }
    plain = {
        "headers": {"content-type": VERSION},
        "request": body,
        "reply": {"reportId": FIRST, "status": "PENDING"},
        "path": "/reporting/reports",
        "chain": f"create-{first}-{last}",
    }
    return call("reporting.create", at, status, **(plain | more))


def look(at: float, status: str, report: str = FIRST, **more: Any) -> dict[str, Any]:
    path = f"/reporting/reports/{report}"
    plain = {"path": path, "chain": path, "reply": {"reportId": report, "status": status}}
    return call("reporting.get", at, **(plain | more))


def looks(gaps: Sequence[float], last: str = "COMPLETED") -> Rows:
    """Return looks at one report after each of the gaps; the last sees its end."""
    at, found = 1.0, []
    for number, gap in enumerate(gaps, 1):
        at += gap
        found.append(look(at, last if number == len(gaps) else "PROCESSING", took=0.0))
    return found


def r01() -> dict[str, CaseRecord]:
    bare = create(1, headers={"content-type": "application/json"})
    return {
        "PASS": record("R01", create(1), look(9, "COMPLETED")),
        "FAIL": record("R01", bare, look(9, "COMPLETED")),
        "UNPROVEN": record("R01", look(9, "COMPLETED")),
    }


def refused(at: float) -> dict[str, Any]:
    detail = f"The Request is a duplicate of : {FIRST}"
    return create(at, 425, reply={"code": "425", "detail": detail})


def r02() -> dict[str, CaseRecord]:
    lost = create(1, fault=met("answer-lost", "reset"), committed=True, ended="reset")
    return {
        "PASS": record("R02", lost, refused(5), look(15, "COMPLETED")),
        "FAIL": record("R02", lost, refused(5), refused(7), look(15, "COMPLETED")),
        "UNPROVEN": record("R02", lost),
    }


def r03_spaced() -> dict[str, CaseRecord]:
    return {
        "PASS": record("R03", create(0), *looks([10] * 7)),
        "FAIL": record("R03", create(0), *looks([0.5] * 90)),
        "UNPROVEN": record("R03", create(0), *looks([2] * 5)),
    }


def r03_patient() -> dict[str, CaseRecord]:
    return {
        "PASS": record("R03", create(0), *looks([1, 1.5, 2.2, 3.3, 5, 7.5, 11])),
        "WARN": record("R03", create(0), *looks([2] * 40)),
        "UNPROVEN": record("R03", create(0), *looks([2] * 5)),
    }


MONTHS = (("2026-04-02", "2026-05-02"), ("2026-05-03", "2026-06-02"), ("2026-06-03", "2026-06-30"))


def r04() -> dict[str, CaseRecord]:
    parts = [create(at, 200, *days) for at, days in enumerate(MONTHS)]
    single = [create(9 + n, 200, f"2026-06-0{n}", f"2026-06-0{n}") for n in range(1, 5)]
    return {
        "PASS": record("R04", *parts, tasks=tasks_of("R04")),
        "WARN": record("R04", *parts, *single, tasks=tasks_of("R04")),
        "UNPROVEN": record("R04", *parts[:2], tasks=tasks_of("R04")),
    }


def r05() -> dict[str, CaseRecord]:
    whole = [create(at, 400, "2026-04-02", "2026-06-30") for at in (1, 4)]
    return {
        "PASS": record(
            "R05", whole[0], *(create(9, 200, *days) for days in MONTHS), tasks=tasks_of("R05")
        ),
        "FAIL": record("R05", *whole, tasks=tasks_of("R05")),
        "UNPROVEN": record(
            "R05", *(create(9, 200, *days) for days in MONTHS[:2]), tasks=tasks_of("R05")
        ),
    }


def _throttled(operation: str, wait: float, fault: str) -> Rows:
    found: Rows = []
    for number in range(5):
        chain = {"chain": f"{operation}{number}", "took": 0.0}
        at = 100.0 * number
        found += [
            call(operation, at, 429, fault=met(fault), **chain),
            call(operation, at + wait, **chain),
        ]
    return found


def one_wait() -> CaseRecord:
    """Return the journal of a program that waits half a minute after each 429."""
    lists = _throttled("sp.campaigns.list", 32.0, "list-429")
    return record("R06", *lists, *_throttled("reporting.create", 31.0, "create-429"))


def r06() -> dict[str, CaseRecord]:
    lists = _throttled("sp.campaigns.list", 1.5, "list-429")
    slow, quick = (_throttled("reporting.create", wait, "create-429") for wait in (5, 1.5))
    return {
        "PASS": record("R06", *lists, *slow),
        "WARN": record("R06", *lists, *quick),
        "UNPROVEN": record("R06", *lists, *slow[:6]),
    }


def r07() -> dict[str, CaseRecord]:
    dead = download(12, "old", 403, fault=met("address-expired", "url-expired"))
    renewed = [look(13, "COMPLETED"), download(14, "new")]
    start = [create(1), look(11, "COMPLETED")]
    return {
        "PASS": record("R07", *start, dead, *renewed),
        "FAIL": record("R07", *start, dead, create(13), *renewed),
        "UNPROVEN": record("R07", *start, download(12, "old")),
    }


def r08() -> dict[str, CaseRecord]:
    first = [create(0), look(10, "PENDING")]
    killed = Ending(restarts=(2,))
    return {
        "PASS": record("R08", *first, look(40, "PENDING"), look(70, "COMPLETED"), ending=killed),
        "WARN": record("R08", *first, create(40), look(70, "COMPLETED"), ending=killed),
        "UNPROVEN": record("R08", *first, look(40, "COMPLETED")),
    }


def r09() -> dict[str, CaseRecord]:
    day = [create(14_000 * n, chain=f"c{n}") for n in range(6)]
    return {
        "PASS": record("R09", day[0], day[3]),
        "WARN": record("R09", *day),
        "UNPROVEN": record("R09", look(9, "COMPLETED"), look(19, "COMPLETED")),
    }


def r10() -> dict[str, CaseRecord]:
    export = call("exports.campaigns.create", 20, 202)
    return {
        "PASS": record("R10", create(1), export),
        "INFO": record("R10", create(1, columns=["campaignName", "clicks"]), export),
        "UNPROVEN": record("R10", export),
    }


def r11() -> dict[str, CaseRecord]:
    fails = met("report-fails", "async-fail")
    start = [create(1, fault=fails), look(11, "FAILED")]
    again = [create(311, fault=fails), look(321, "FAILED", SECOND)]
    return {
        "PASS": record("R11", *start, *again),
        "FAIL": record("R11", *start, look(26, "FAILED")),
        "UNPROVEN": record("R11", *start[:1]),
    }


def r12() -> dict[str, CaseRecord]:
    stuck = [create(1, fault=met("never-starts", "async-stuck")), look(11, "PENDING")]
    gone = look(10_800, "") | {"operation": "reporting.delete"}
    again = create(10_801)
    return {
        "PASS": record("R12", *stuck, gone, again),
        "WARN": record("R12", *stuck, refused(10_801)),
        "UNPROVEN": record("R12", *stuck),
    }


SAMPLES: dict[str, dict[str, CaseRecord]] = {
    "R01.version": r01(),
    "R02.once": r02(),
    "R03.spaced": r03_spaced(),
    "R03.patient": r03_patient(),
    "R04.range": r04(),
    "R05.once": r05(),
    "R06.slower": r06(),
    "R07.fresh": r07(),
    "R08.resumes": r08(),
    "R09.daily": r09(),
    "R10.metadata": r10(),
    "R11.left": r11(),
    "R12.deleted": r12(),
}

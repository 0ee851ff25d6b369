"""Golden journals of the checks of Marketing Cloud workflows."""

from typing import Any

from adsmock.harness.suite.journal import CaseRecord, Ending
from tests.unit.harness.suite.journal_rows import call, met, record, tasks_of

BASE = "/amc/reporting/amcone/workflowExecutions"
QUERY = str(tasks_of("MC01")[0]["args"]["sqlQuery"])
HIDDEN, PLAIN = (str(task["args"]["sqlQuery"]) for task in tasks_of("MC03"))
FIRST_SIMILAR, SECOND_SIMILAR = (str(task["args"]["sqlQuery"]) for task in tasks_of("MC04"))
ROUTINE = str(tasks_of("MC06")[0]["args"]["sqlQuery"])
DAY = 86_400
OVERLAP = 'Execution "e2" could not be run because too many workflows have already been run'
SETTLED = ("2026-06-22T00:00:00", "2026-06-29T00:00:00")
FRESH = ("2026-06-24T00:00:00", "2026-07-01T00:00:00")
FAILED = Ending(exit_code=1)


def create(at: float, name: str, query: str = QUERY, **more: Any) -> dict[str, Any]:
    """Return one creation of an execution; ``span`` has the ends of its window."""
    start, end = more.pop("span", SETTLED)
    body = {
        "workflow": {"sqlQuery": query},
        "timeWindowType": "EXPLICIT",
        "timeWindowStart": start,
        "timeWindowEnd": end,
    }
    reply = {"workflowExecutionId": name, "status": "PENDING"}
    plain = {"path": BASE, "chain": f"create-{at}", "request": body, "reply": reply}
    return call("amc.workflowExecutions.create", at, **(plain | {"profileId": None} | more))


def look(at: float, name: str, status: str, reason: str = "") -> dict[str, Any]:
    """Return one poll of an execution."""
    reply = {"workflowExecutionId": name, "status": status, "statusReason": reason}
    path = f"{BASE}/{name}"
    row = call("amc.workflowExecutions.get", at, path=path, chain=f"look-{at}", reply=reply)
    return row | {"profileId": None}


def refused(at: float, query: str = HIDDEN, **more: Any) -> dict[str, Any]:
    text = "Column user_id has the aggregation threshold very high"
    reply = {"code": "400", "details": text}
    return create(at, "", query, status=400, reply=reply, **more)


def mc01() -> dict[str, CaseRecord]:
    early = create(1, "e1", span=FRESH)
    return {
        "PASS": record("MC01", create(1, "e1"), look(11, "e1", "SUCCEEDED")),
        "WARN": record("MC01", early, look(11, "e1", "SUCCEEDED")),
        "UNPROVEN": record("MC01", create(1, "e1", span=("2026-06-01T00:00:00", SETTLED[1]))),
    }


def ended(case: str, fault: str, status: str, breach: str = "FAIL") -> dict[str, CaseRecord]:
    start = [create(1, "e1", fault=met(fault, "async-fail")), look(11, "e1", status)]
    return {
        "PASS": record(case, *start, ending=FAILED),
        breach: record(case, *start, look(26, "e1", status), ending=FAILED),
        "UNPROVEN": record(case, *start[:1]),
    }


def mc03() -> dict[str, CaseRecord]:
    varied = refused(3, HIDDEN.replace("user_id", "MAX(user_id)"))
    tasks = tasks_of("MC03")
    return {
        "PASS": record("MC03", refused(1), create(2, "e1", PLAIN), tasks=tasks),
        "FAIL": record("MC03", refused(1), varied, tasks=tasks),
        "UNPROVEN": record("MC03", create(2, "e1", PLAIN), tasks=tasks),
    }


def mc04() -> dict[str, CaseRecord]:
    first = [create(1, "e1", FIRST_SIMILAR), look(900, "e1", "SUCCEEDED")]
    second = [create(901, "e2", SECOND_SIMILAR), look(990, "e2", "FAILED", OVERLAP)]
    varied = create(991, "e3", f"{SECOND_SIMILAR} LIMIT 9")
    known: dict[str, Any] = {"tasks": tasks_of("MC04"), "ending": FAILED}
    return {
        "PASS": record("MC04", *first, *second, **known),
        "FAIL": record("MC04", *first, *second, varied, **known),
        "UNPROVEN": record("MC04", *first, **known),
    }


def mc04_left() -> dict[str, CaseRecord]:
    again = create(1300, "e3", SECOND_SIMILAR)
    records = mc04()
    breach = record("MC04", *records["PASS"].rows, again, tasks=tasks_of("MC04"), ending=FAILED)
    return {"PASS": records["PASS"], "WARN": breach, "UNPROVEN": records["UNPROVEN"]}


def routine(name: str, at: float, status: int = 200, **body: Any) -> dict[str, Any]:
    """Return a call of a resource of Marketing Cloud, such as ``schedules.create``."""
    path = "/amc/reporting/amcone/" + name.partition(".")[0] + body.pop("under", "")
    plain = {"path": path, "chain": f"{name}-{at}", "request": body, "profileId": None}
    return call(f"amc.{name}", at, status, **plain)


def stored(at: float = 1) -> dict[str, Any]:
    return routine("workflows.create", at, workflowId="reach", sqlQuery=ROUTINE)


def scheduled(at: float = 2, name: str = "daily", status: int = 200, **body: Any) -> dict[str, Any]:
    """Return the creation of a schedule of the stored workflow."""
    body = {"aggregationPeriod": "Daily", **body}
    return routine("schedules.create", at, status, scheduleId=name, workflowId="reach", **body)


def looked(day: float) -> dict[str, Any]:
    return routine("workflowExecutions.list", day * DAY)


def mc06(*rows: dict[str, Any]) -> CaseRecord:
    return record("MC06", *rows, tasks=tasks_of("MC06"))


def mc06_scheduled() -> dict[str, CaseRecord]:
    return {
        "PASS": mc06(stored(), scheduled(), looked(4)),
        "WARN": mc06(create(1, "e1", ROUTINE), create(4 * DAY, "e2", ROUTINE)),
        "UNPROVEN": mc06(stored(), scheduled(status=422), looked(4)),
    }


def mc06_once() -> dict[str, CaseRecord]:
    again = scheduled(4 * DAY, "daily-2")
    return {
        "PASS": mc06(stored(), scheduled(), looked(4)),
        "WARN": mc06(stored(), scheduled(), again, looked(4.1)),
        "UNPROVEN": mc06(create(1, "e1", ROUTINE), looked(4)),
    }


SAMPLES = {
    "MC01.settled": mc01(),
    "MC02.left": ended("MC02", "execution-fails", "FAILED"),
    "MC03.varied": mc03(),
    "MC04.varied": mc04(),
    "MC04.left": mc04_left(),
    "MC05.left": ended("MC05", "execution-canceled", "CANCELLED", "WARN"),
    "MC06.scheduled": mc06_scheduled(),
    "MC06.once": mc06_once(),
}

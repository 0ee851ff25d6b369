"""The reporter: downloads the performance report of a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from adsmock.harness.volume.feature import Step
from adsmock.loadtests.roles.role import Caller, JobRequest, Role, Task, TurnResult
from adsmock.loadtests.work_queue import Target, WorkQueue

COLUMNS = ["campaignId", "impressions", "clicks", "cost"]
SECONDS = 10.0
"""Duration of a report in a rehearsal."""

DAYS = 28
"""Days that requests rotate through: two equal reports at the same time are refused."""


def request(target: Target, number: int) -> JobRequest:
    """Return the request for one day's report, another day each time."""
    report, days = _report(target, number)
    configuration = report | {"adProduct": "SPONSORED_PRODUCTS", "format": "GZIP_JSON"}
    return JobRequest(
        create="reporting.create",
        poll="reporting.get",
        identity="reportId",
        body=days | {"configuration": configuration},
        fetch=lambda client, profile: client.report(profile, report | days),
    )


def _report(target: Target, number: int) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the report of an item, and its days."""
    day = str(date.fromisoformat(target.today) - timedelta(days=2 + number % DAYS))
    report = {
        "reportTypeId": "spCampaigns",
        "columns": COLUMNS,
        "groupBy": ["campaign"],
        "timeUnit": "SUMMARY",
    }
    return report, {"startDate": day, "endDate": day}


def task(target: Target, numbers: Sequence[int]) -> Task:
    """Return the oldest item's report as a task; it serves the others, too."""
    report, days = _report(target, numbers[0])
    return Task("report", {"profile": target.profile_id, **report, **days})


def work(queue: WorkQueue, caller: Caller, most: int) -> TurnResult:
    """Create or poll the report; its file completes every waiting item."""
    oldest = queue.waiting[0][0] if queue.waiting else 0
    has_arrived = caller.fetch(request(queue.target, oldest // queue.step), queue)
    batch = queue.take(most) if has_arrived else []
    return TurnResult(batch, ["done"] * len(batch))


ROLE = Role(
    name="reporter",
    title="reporter",
    rate=0.03,
    gather=10.0,
    job=SECONDS,
    work=work,
    task=task,
    steps=(Step("report", operation="reporting.create"),),
)

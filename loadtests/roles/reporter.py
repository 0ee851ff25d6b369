"""The reporter: downloads the performance report of a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from adsmock.harness.volume.feature import Step
from adsmock.loadtests.roles.role import Caller, JobRequest, Role, TurnResult
from adsmock.loadtests.work_queue import Target, WorkQueue

COLUMNS = ["campaignId", "impressions", "clicks", "cost"]
DAYS = 28
"""Days that requests rotate through: two equal reports at the same time are refused."""


def request(target: Target, number: int) -> JobRequest:
    """Return the request for one day's report, another day each time."""
    day = str(date.fromisoformat(target.today) - timedelta(days=2 + number % DAYS))
    report: dict[str, Any] = {
        "reportTypeId": "spCampaigns",
        "columns": COLUMNS,
        "groupBy": ["campaign"],
        "timeUnit": "SUMMARY",
    }
    days = {"startDate": day, "endDate": day}
    configuration = report | {"adProduct": "SPONSORED_PRODUCTS", "format": "GZIP_JSON"}
    return JobRequest(
        create="reporting.create",
        poll="reporting.get",
        identity="reportId",
        body=days | {"configuration": configuration},
        fetch=lambda client, profile: client.report(profile, report | days),
    )


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
    work=work,
    steps=(Step("report", operation="reporting.create"),),
)

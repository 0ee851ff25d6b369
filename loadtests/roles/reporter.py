"""The reporter: the figures of a day. Knows what is asked for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from adsmock.harness.volume.feature import Step
from adsmock.loadtests.roles.role import Caller, JobRequest, Role, TurnResult
from adsmock.loadtests.work_queue import Target, WorkQueue

COLUMNS = ["campaignId", "impressions", "clicks", "cost"]
DAYS = 28
"""How far back the days lie: they take turns, because two equal reports at once are refused."""


def request(target: Target, number: int) -> JobRequest:
    """Return the report of one day, another one each time."""
    day = str(date.fromisoformat(target.today) - timedelta(days=2 + number % DAYS))
    asked: dict[str, Any] = {
        "reportTypeId": "spCampaigns",
        "columns": COLUMNS,
        "groupBy": ["campaign"],
        "timeUnit": "SUMMARY",
    }
    days = {"startDate": day, "endDate": day}
    configuration = asked | {"adProduct": "SPONSORED_PRODUCTS", "format": "GZIP_JSON"}
    return JobRequest(
        create="reporting.create",
        look="reporting.get",
        identity="reportId",
        body=days | {"configuration": configuration},
        order=lambda client, profile: client.report(profile, asked | days),
    )


def work(queue: WorkQueue, caller: Caller, most: int) -> TurnResult:
    """Take a step with the report; its file serves everybody who waits."""
    oldest = queue.waiting[0][0] if queue.waiting else 0
    came = caller.fetch(request(queue.target, oldest // queue.step), queue)
    batch = queue.take(most) if came else []
    return TurnResult(batch, ["done"] * len(batch))


ROLE = Role(
    name="reporter",
    title="reporter",
    rate=0.03,
    gather=10.0,
    work=work,
    steps=(Step("report", operation="reporting.create"),),
)

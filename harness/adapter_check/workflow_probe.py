"""The requests for an execution and for a schedule of Marketing Cloud."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from typing import Any

from adsmock.harness.adapter_check.account import Account
from adsmock.harness.adapter_check.probe import Outcome, Probe
from adsmock.harness.adapter_check.row import Problem

QUERY = (
    "SELECT campaign, SUM(impressions) AS impressions FROM sponsored_ads_traffic GROUP BY campaign"
)
DAYS = 7


def _workflow(account: Account, **more: Any) -> dict[str, Any]:
    profile = account.profile("NA")
    return {"profile": profile, "instance": account.instance, "sqlQuery": QUERY, **more}


def _executed(seen: Outcome) -> Iterator[Problem]:
    if not any(
        call["status"] == HTTPStatus.OK for call in seen.of("amc.workflowExecutions.create")
    ):
        yield Problem(
            "no execution was created",
            "POST /amc/reporting/{instanceId}/workflowExecutions with the query, the window and "
            "both headers of args.instance",
        )
    elif not seen.of("storage."):
        yield Problem(
            "no result was downloaded",
            "poll the execution until SUCCEEDED, GET its downloadUrls, then GET the URL without "
            "credentials",
        )


def _scheduled(seen: Outcome) -> Iterator[Problem]:
    if not any(call["status"] == HTTPStatus.OK for call in seen.of("amc.schedules.create")):
        yield Problem(
            "no schedule was created",
            "POST /amc/reporting/{instanceId}/workflows with the query, then POST …/schedules "
            "with the id of the workflow",
        )


WORKFLOW_PROBES = (
    Probe("run_workflow", partial(_workflow, days=DAYS), _executed),
    Probe("schedule_workflow", partial(_workflow, aggregationPeriod="Daily"), _scheduled),
)

"""Start an execution: its workflow, its window, its files, and whether it is rejected.

Sources are in the contract ``amc.workflowExecutions``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import orjson

from adsmock.contracts.iso8601 import format_utc
from adsmock.contracts.loader import load
from adsmock.mockserver.catalog.marketing_cloud import OF_ADVERTISER, READABLE
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.job import Job, join
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.services.jobs.job import keep, worker_for
from adsmock.mockserver.services.marketing_cloud.account import Instance, account_id
from adsmock.mockserver.services.marketing_cloud.data_sources import TableColumn, tables
from adsmock.mockserver.services.marketing_cloud.places import EARLIEST, arrange
from adsmock.mockserver.services.marketing_cloud.query import Query
from adsmock.mockserver.services.marketing_cloud.results import ResultRequest, result_files
from adsmock.mockserver.services.marketing_cloud.time_window import (
    LAG_SECONDS,
    RETENTION_DAYS,
    TimeWindow,
    window_of,
)
from adsmock.mockserver.services.marketing_cloud.workflows import check_query, find_workflow
from adsmock.mockserver.services.reporting.by_field.sources import sources_of
from adsmock.mockserver.services.reporting.eligible import Calendar
from adsmock.mockserver.services.request_context import RequestContext

CONTRACT = "amc.workflowExecutions"
INSTANCE = "instanceId"
CANCELED = "CANCELLED"
"""The error of a canceled job, which is also its status: a planned fault may set it too."""

SHAPE, VARIANT = "shape", "variant"

SECONDS_CHOICE, SECONDS = "amc.seconds", "900"
SIMILAR_CHOICE, SIMILAR = "amc.similarQueries", "10"

_ADHOC = "adhoc"
_PENDING_PART = 0.1
_TIMEOUTS = (900, 86_400)
_TIMEOUT = "workflowExecutionTimeoutSeconds"


@dataclass(frozen=True, slots=True)
class Start:
    """What starts an execution: when, in which folder, of which category, how long it waits."""

    at: float
    folder: str = _ADHOC
    category: str = "AD_HOC"
    wait: float | None = None


@dataclass(frozen=True, slots=True)
class _Plan:
    """A valid request: instance, body, workflow with what its query shows, window, start."""

    instance: Instance
    body: dict[str, Any]
    workflow: dict[str, Any]
    query: Query
    window: TimeWindow
    start: Start


def executions_of(context: RequestContext, instance: Instance) -> list[Job]:
    """Return the executions of an instance that are kept, in order of creation."""
    found = [
        job
        for job in context.sandbox.jobs.values()
        if job.contract == CONTRACT
        and job.request[INSTANCE] == instance.id
        and not job.is_gone(context.now)
    ]
    return sorted(found, key=lambda job: job.created)  # stable: equal times keep their order


def start_execution(
    context: RequestContext, instance: Instance, body: dict[str, Any], start: Start | None = None
) -> Job:
    """Store a new execution and return it.

    Raises:
        ApiError: 400, the query is refused; 422, the workflow, the window or an option is invalid.
    """
    start = start or Start(context.now)
    sandbox, texts = context.sandbox, load().by_name[CONTRACT].extra["texts"]
    workflow = _workflow(context, instance, body)
    query = check_query(workflow)
    _check_options(instance, body)
    window = window_of(body, start.at)
    known = executions_of(context, instance)
    job = _job(context, _Plan(instance, body, workflow, query, window, start))
    if _is_rejected(sandbox, job, known):
        worded = texts["overlap"].replace("{execution}", job.id)
        job.error = worded.replace("{workflow}", job.request["workflowId"])
        job.due = job.starts
    fault = context.fault if start.folder == _ADHOC else None
    keep(job, fault, sandbox, texts["failure"])
    for each in arrange([*known, job], context.now, load().by_name[CONTRACT].extra["parallel"]):
        sandbox.touch(each)
    return job


def _workflow(context: RequestContext, instance: Instance, body: dict[str, Any]) -> dict[str, Any]:
    name, own = body.get("workflowId"), body.get("workflow")
    if bool(name) == bool(own):
        text = "An execution needs either workflowId or workflow, not both"
        raise ApiError("unprocessable", 422, message=text)
    if own:
        made = f"transient_{context.sandbox.mint.uuid('amcTransient')}"
        return {**own, "workflowId": own.get("workflowId") or made}
    found = find_workflow(context, instance, str(name))
    if found is None:
        raise ApiError("unprocessable", 422, message=f"Workflow {name} does not exist")
    return found


def _check_options(instance: Instance, body: dict[str, Any]) -> None:
    least, most = _TIMEOUTS
    timeout = body.get(_TIMEOUT)
    if timeout is not None and not least <= timeout <= most:
        text = f"{_TIMEOUT} must be between {least} and {most}"
        raise ApiError("unprocessable", 422, message=text)
    if body.get("requireSyntheticData") and not instance.is_synthetic:
        text = f"Instance {instance.id} has no synthetic data: use a sandbox instance"
        raise ApiError("unprocessable", 422, message=text)


def _job(context: RequestContext, plan: _Plan) -> Job:
    sandbox, start = context.sandbox, plan.start
    seconds = float(sandbox.choices.get(SECONDS_CHOICE, SECONDS))
    wait = seconds * _PENDING_PART if start.wait is None else start.wait
    starts = start.at + wait
    request = {**_request(plan), EARLIEST: starts}
    files, entities = _files(context, plan, request)
    return Job(
        id=sandbox.mint.uuid("amcExecution"),
        kind="workflowExecution",
        client_id=context.principal.client_id,
        profile_id=plan.instance.profile.id,
        created=start.at,
        due=starts + (0.0 if plan.body.get("dryRun") else seconds - seconds * _PENDING_PART),
        kept=float(load().by_name[CONTRACT].extra["file_lifetime"]),
        request=request,
        file=worker_for(context, entities)(files),
        contract=CONTRACT,
        starts=starts,
        is_split=True,
    )


def _request(plan: _Plan) -> dict[str, Any]:
    """Return what an execution keeps of its request."""
    body, window = plan.body, plan.window
    text, values = plan.workflow.get("sqlQuery") or "", body.get("parameterValues") or {}
    return {
        INSTANCE: plan.instance.id,
        "isSynthetic": plan.instance.is_synthetic,
        "workflowId": plan.workflow["workflowId"],
        "sqlQuery": text,
        "folder": plan.start.folder,
        "category": plan.start.category,
        SHAPE: plan.query.shape,
        VARIANT: orjson.dumps([text, values], option=orjson.OPT_SORT_KEYS).decode(),
        "window": [window.type, window.start, window.end, window.zone],
        "timeout": body.get(_TIMEOUT, 21_600),
        "parameterValues": values,
        "isUnprotected": bool(body.get("disableAggregationControls")),
        "isDry": bool(body.get("dryRun") or body.get("skipPublish")),
    }


def _files(
    context: RequestContext, plan: _Plan, request: dict[str, Any]
) -> tuple[Callable[[], bytes], int]:
    """Return what makes the files of an execution, and how many entities it reads."""
    if request["isDry"]:
        return partial(join, [b"", b"{}"]), 0
    sandbox, profile = context.sandbox, plan.instance.profile
    now = min(context.now, request[EARLIEST])
    owner = account_id(sandbox, profile)
    first, last = _days(profile.timezone, plan.window, now)
    found = []
    if plan.query.tables & READABLE and first <= last:
        seed = sandbox.seed + 1 if plan.instance.is_synthetic else None
        days = (first, last)
        found = list(sources_of(sandbox, now, days, [(owner, profile)], seed=seed))
    asked = ResultRequest(
        outputs=plan.query.outputs,
        columns=_columns(plan.query),
        constants=dict.fromkeys(OF_ADVERTISER, owner),
        first=date.fromordinal(first),
        last=date.fromordinal(max(first, last)),
        workflow=plan.workflow,
        is_protected=not request["isUnprotected"],
        metadata={
            "workflowId": request["workflowId"],
            "sqlQuery": request["sqlQuery"],
            "timeWindowStart": format_utc(plan.window.start, "seconds"),
            "timeWindowEnd": format_utc(plan.window.end, "seconds"),
            "outputColumns": [each.name for each in plan.query.outputs],
        },
    )
    size = max(last - first + 1, 0) * sum(entities for _, entities in found)
    return partial(result_files, asked, [source for source, _ in found]), size


def _days(timezone: str, window: TimeWindow, now: float) -> tuple[int, int]:
    """Return the ordinals of the first and last day that end in a window and have arrived."""
    calendar = Calendar(timezone)
    oldest = calendar.day(now) - RETENTION_DAYS
    first = max(calendar.day(window.start), oldest)
    arrived = calendar.day(now - LAG_SECONDS) - 1
    return first, min(calendar.day(window.end) - 1, arrived)


def _columns(query: Query) -> dict[str, TableColumn]:
    found: dict[str, TableColumn] = {}
    for name in sorted(query.tables):
        found |= tables()[name]
    return found


def _is_rejected(sandbox: Sandbox, job: Job, known: Iterable[Job]) -> bool:
    """Say whether too many similar queries have read the same data."""
    _, start, end, _ = job.request["window"]
    others = {
        each.request[VARIANT]
        for each in known
        if each.request[SHAPE] == job.request[SHAPE]
        and each.error is None
        and each.request["window"][1] < end
        and start < each.request["window"][2]
    }
    most = int(sandbox.choices.get(SIMILAR_CHOICE, SIMILAR))
    return job.request[VARIANT] not in others and len(others) >= most

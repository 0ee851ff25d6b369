"""Schedules: workflows that an instance executes each day or week.

Nothing waits for the time: what is due is started when a call looks at executions or schedules.
Sources are in the contract ``amc.schedules``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.marketing_cloud.account import Instance, instance_of
from adsmock.mockserver.services.marketing_cloud.pages import page_of
from adsmock.mockserver.services.marketing_cloud.start import Start, start_execution
from adsmock.mockserver.services.marketing_cloud.stored import Stored
from adsmock.mockserver.services.marketing_cloud.time_window import LAG_SECONDS
from adsmock.mockserver.services.marketing_cloud.workflows import find_workflow
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.verbs.record_store import Record

_MOST = 100
"""Executions of one schedule that are started at once, the newest, after a long time."""
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKLY = "Weekly"
_SINCE, _OWN = "since", "marketplaceId"
_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
_LAST_HOUR = 23


def create_schedule(context: RequestContext) -> Document:
    """Store a new schedule; it begins to count now.

    Raises:
        ApiError: 400, its id is taken; 422, it names no workflow or an invalid time.
    """
    instance, body = instance_of(context), context.body
    known = _schedules(context, instance)
    if known.find(body["scheduleId"]) is not None:
        text = f"Schedule {body['scheduleId']} already exists"
        raise ApiError("invalid", 400, message=text)
    known.keep(body["scheduleId"], _checked(context, instance, body))
    return Document({})


def list_schedules(context: RequestContext) -> Document:
    """Return a page of the instance's schedules in order of creation.

    Raises:
        ApiError: 400 or 422, the page cannot be returned.
    """
    rows = [_shown(row) for row in _schedules(context, instance_of(context)).all()]
    return page_of(context, "schedules", rows)


def get_schedule(context: RequestContext) -> Document:
    """Return one schedule.

    Raises:
        ApiError: 404, there is none.
    """
    return Document({"schedule": _shown(_named(context, instance_of(context)))})


def update_schedule(context: RequestContext) -> Document:
    """Replace a schedule's definition; what was due before is started.

    Raises:
        ApiError: 404, there is none; 422, it names no workflow or an invalid time.
    """
    instance = instance_of(context)
    catch_up(context, instance)
    name = _named(context, instance)["scheduleId"]
    body = {**context.body, "scheduleId": name}
    _schedules(context, instance).keep(name, _checked(context, instance, body))
    return Document({})


def delete_schedule(context: RequestContext) -> Document:
    """Delete a schedule; what was due before is started.

    Raises:
        ApiError: 404, there is none.
    """
    instance = instance_of(context)
    catch_up(context, instance)
    _schedules(context, instance).delete(_named(context, instance)["scheduleId"])
    return Document({})


def catch_up(context: RequestContext, instance: Instance) -> None:
    """Start the executions that are due since the last look."""
    known = _schedules(context, instance)
    for row in known.all():
        due = list(_due(row, context.now))
        for moment in due[-_MOST:] if row.get("scheduleEnabled", True) else ():
            if find_workflow(context, instance, row["workflowId"]) is not None:
                _start(context, instance, row, moment)
        if due:
            known.keep(row["scheduleId"], {**row, _SINCE: context.now})


def _start(context: RequestContext, instance: Instance, row: Record, moment: float) -> None:
    days = 7 if row.get("aggregationPeriod") == _WEEKLY else 1
    end = datetime.fromtimestamp(moment, UTC)
    body = {
        "workflowId": row["workflowId"],
        "timeWindowType": "EXPLICIT",
        "timeWindowStart": f"{end - timedelta(days=days):{_FORMAT}}",
        "timeWindowEnd": f"{end:{_FORMAT}}",
        "disableAggregationControls": row.get("disableAggregationControls", False),
    }
    folder = "weekly" if days > 1 else "daily"
    try:
        start_execution(context, instance, body, Start(moment, folder, "SCHEDULED", LAG_SECONDS))
    except ApiError:
        return  # a workflow whose query is refused never runs


def _due(row: Record, now: float) -> Iterator[float]:
    """Yield the times at which a schedule runs its workflow, after the last look until now."""
    since = datetime.fromtimestamp(row[_SINCE], UTC)
    hour = row.get("aggregationHourUtc", 0)
    moment = since.replace(hour=hour, minute=0, second=0, microsecond=0)
    step = timedelta(days=1)
    if row.get("aggregationPeriod") == _WEEKLY:
        step = timedelta(days=7)
        moment += timedelta(days=_DAYS.index(row["aggregationStartDay"]) - moment.weekday())
    while moment <= since:
        moment += step
    while moment.timestamp() <= now:
        yield moment.timestamp()
        moment += step


def _checked(context: RequestContext, instance: Instance, body: Record) -> Record:
    """Return the record of a valid definition."""
    if find_workflow(context, instance, body["workflowId"]) is None:
        text = f"Workflow {body['workflowId']} does not exist"
        raise ApiError("unprocessable", 422, message=text)
    if not 0 <= body.get("aggregationHourUtc", 0) <= _LAST_HOUR:
        text = f"aggregationHourUtc must be between 0 and {_LAST_HOUR}"
        raise ApiError("unprocessable", 422, message=text)
    today = _DAYS[datetime.fromtimestamp(context.now, UTC).weekday()]
    return {"aggregationStartDay": today, **body, _SINCE: context.now}


def _shown(row: Record) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in {_SINCE, _OWN}}


def _named(context: RequestContext, instance: Instance) -> Record:
    name = context.parameters["scheduleId"]
    found = _schedules(context, instance).find(name)
    if found is None:
        raise ApiError("notFound", 404, message=f"Schedule {name} does not exist")
    return found


def _schedules(context: RequestContext, instance: Instance) -> Stored:
    return Stored(context, instance, "schedules")

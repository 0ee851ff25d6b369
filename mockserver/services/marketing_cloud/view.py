"""An execution as replies show it.

Source: the samples of guides/amazon-marketing-cloud/reporting (documented: members and their forms;
a window that is not explicit is shown once the execution runs).
"""

from __future__ import annotations

from typing import Any

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.core.job import Job
from adsmock.mockserver.services.marketing_cloud.places import EARLIEST
from adsmock.mockserver.services.marketing_cloud.start import CANCELED
from adsmock.mockserver.services.marketing_cloud.time_window import TimeWindow
from adsmock.mockserver.services.request_context import RequestContext

_STATUSES = {"completed": "SUCCEEDED", "failed": "FAILED"}
_EXPIRES, _WAITS = 86_400.0, 3_600.0
"""Seconds from the creation to ``expireTime``, and back to ``waitUntil``, as in the samples."""


def status_of(job: Job, now: float) -> str:
    """Return the status of an execution."""
    stage = job.stage(now)
    if stage == "running":
        return "PENDING" if now < job.starts else "RUNNING"
    return CANCELED if job.error == CANCELED else _STATUSES[stage]


def can_download(job: Job, now: float) -> bool:
    """Say whether an execution has an output that may be retrieved now."""
    return status_of(job, now) == "SUCCEEDED" and not _without_output(job)


def shown(context: RequestContext, job: Job, *, includes_workflow: bool = False) -> dict[str, Any]:
    """Return an execution with the members that have a value."""
    asked, now = job.request, context.now
    window, status = TimeWindow(*asked["window"]), status_of(job, now)
    value: dict[str, Any] = {
        "createTime": format_utc(job.created, "seconds"),
        "dataGaps": [],
        "disableAggregationControls": asked["isUnprotected"],
        "executionCategory": asked["category"],
        "expireTime": format_utc(job.created + _EXPIRES, "seconds"),
        "lastUpdatedTime": format_utc(_updated(job, now), "seconds"),
        "outputChannels": [_channel(job, now)],
        "parameterValues": asked["parameterValues"],
        "requireSyntheticData": asked["isSynthetic"],
        "status": status,
        "timeWindowTimeZoneOriginal": window.zone,
        "waitUntil": format_utc(_wait_until(job), "seconds"),
        "workflowExecutionId": job.id,
        "workflowExecutionTimeoutSeconds": asked["timeout"],
        "workflowId": asked["workflowId"],
    }
    if window.type == "EXPLICIT" or status != "PENDING":
        value |= {
            "timeWindowEnd": format_utc(window.end, "seconds"),
            "timeWindowEndOriginal": window.local(window.end),
            "timeWindowStart": format_utc(window.start, "seconds"),
            "timeWindowStartOriginal": window.local(window.start),
        }
    if status == "FAILED":
        value["statusReason"] = job.error
    if includes_workflow:
        value["sqlQuery"] = asked["sqlQuery"]
    return value


def _wait_until(job: Job) -> float:
    is_adhoc = job.request["category"] == "AD_HOC"
    return job.created - _WAITS if is_adhoc else float(job.request[EARLIEST])


def _updated(job: Job, now: float) -> float:
    if job.stage(now) != "running":
        return job.ended(now)
    return job.starts if job.starts <= now else job.created


def _without_output(job: Job) -> str:
    """Return why an execution never has an output that may be retrieved, empty if it may."""
    if job.request["isDry"]:
        return "The execution was not asked for an output"
    if job.request["isUnprotected"] and not job.request["isSynthetic"]:
        return "Privacy controls were disabled and the data are not synthetic"
    return ""


def _channel(job: Job, now: float) -> dict[str, Any]:
    """Return the one way in which results can be retrieved, with its status."""
    status, reason = status_of(job, now), _without_output(job) or None
    word = {"SUCCEEDED": "AVAILABLE", "PENDING": "PENDING", "RUNNING": "PENDING"}.get(status)
    if reason or word is None:
        word = "FAILED" if status == "FAILED" else "UNAVAILABLE"
    row: dict[str, Any] = {"channel": {"type": "DOWNLOAD"}, "status": word}
    return row | ({"statusReason": reason} if reason else {})

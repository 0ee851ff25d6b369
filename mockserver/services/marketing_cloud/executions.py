"""Executions of workflows on the sandbox's clock: create, poll, cancel, download.

Sources are in the contract ``amc.workflowExecutions``.
"""

from __future__ import annotations

from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.job import Job
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.jobs.job import address, forget
from adsmock.mockserver.services.marketing_cloud.account import Instance, instance_of
from adsmock.mockserver.services.marketing_cloud.pages import page_of
from adsmock.mockserver.services.marketing_cloud.places import arrange
from adsmock.mockserver.services.marketing_cloud.schedules import catch_up
from adsmock.mockserver.services.marketing_cloud.start import (
    CANCELED,
    INSTANCE,
    executions_of,
    start_execution,
)
from adsmock.mockserver.services.marketing_cloud.time_window import moment_of, zone_of
from adsmock.mockserver.services.marketing_cloud.view import can_download, shown, status_of
from adsmock.mockserver.services.request_context import RequestContext

_TRUE = "true"


def create(context: RequestContext) -> Document:
    """Start an execution of a stored workflow, or of the one in the request.

    Raises:
        ApiError: 400, the query is refused; 422, the workflow, the window or an option is invalid.
    """
    instance = _current(context)
    forget(context.sandbox, context.now)
    job = start_execution(context, instance, context.body)
    return _reply(context, job)


def get(context: RequestContext) -> Document:
    """Return the status of an execution.

    Raises:
        ApiError: 404, the instance has no such execution.
    """
    job = _find(context, _current(context))
    return _reply(context, job, includes_workflow=_is_true(context, "includeWorkflow"))


def list_all(context: RequestContext) -> Document:
    """Return a page of the instance's executions, the newest first.

    Raises:
        ApiError: 400, neither a workflow nor a time limits the list; 422, a time is invalid.
    """
    instance, asked = _current(context), context.parameters
    if not asked.get("workflowId") and not asked.get("minCreationTime"):
        raise ApiError("invalid", 400, message="workflowId or minCreationTime is required")
    zone = zone_of(asked.get("timeZone") or "UTC", "timeZone")
    least, most = (
        moment_of(asked[name], name, zone) if asked.get(name) else None
        for name in ("minCreationTime", "maxCreationTime")
    )
    rows = [
        shown(context, job, includes_workflow=_is_true(context, "includeWorkflow"))
        for job in executions_of(context, instance)
        if asked.get("workflowId") in {None, "", job.request["workflowId"]}
        and (least is None or job.created >= least)
        and (most is None or job.created <= most)
        and (status_of(job, context.now) != CANCELED or _is_true(context, "includeCancelled"))
    ]
    if not _is_true(context, "sortAscending"):
        rows.reverse()
    return page_of(context, "executions", rows)


def update(context: RequestContext) -> Document:
    """Cancel an execution; other members of the request are ignored.

    Raises:
        ApiError: 404, there is none; 400, it has ended.
    """
    instance = _current(context)
    job = _find(context, instance)
    if context.body.get("status") == CANCELED:
        if job.stage(context.now) != "running":
            text = f"Execution {job.id} is {status_of(job, context.now)} and cannot be canceled"
            raise ApiError("invalid", 400, message=text)
        job.finished, job.error, job.is_stuck = context.now, CANCELED, False
        context.sandbox.touch(job)
        _arrange(context, instance)
    return Document({})


def delete(context: RequestContext) -> Document:
    """Delete an execution, which also ends it.

    Raises:
        ApiError: 404, there is none.
    """
    instance = _current(context)
    job = _find(context, instance)
    del context.sandbox.jobs[job.id]
    context.sandbox.touch(job)
    _arrange(context, instance)
    return Document({})


def download(context: RequestContext) -> Document:
    """Return new URLs of the result and of its metadata.

    Raises:
        ApiError: 404, there is no such execution; 400, it has no output, or none yet.
    """
    job = _find(context, _current(context))
    if not can_download(job, context.now):
        text = context.contract.extra["texts"]["unready"].replace("{execution}", job.id)
        raise ApiError("invalid", 400, message=text)
    base = f"{job.request[INSTANCE]}/workflow={job.request['workflowId']}"
    urls = [
        address(context, job, f"{base}/schedule={job.request['folder']}/{job.id}{end}").url
        for end in ("-ver1.csv", "-metadata.json")
    ]
    return Document({"downloadUrls": urls[:1], "metadataDownloadUrls": urls[1:]})


def _current(context: RequestContext) -> Instance:
    """Return the instance in the path, with the executions that schedules have started."""
    instance = instance_of(context)
    catch_up(context, instance)
    return instance


def _reply(context: RequestContext, job: Job, *, includes_workflow: bool = False) -> Document:
    value = shown(context, job, includes_workflow=includes_workflow)
    if context.sandbox.is_documented:
        return Document({"workflowExecution": value})
    return Document(value)


def _find(context: RequestContext, instance: Instance) -> Job:
    named = context.parameters["workflowExecutionId"]
    job = context.sandbox.jobs.get(named)
    if job is None or job.request.get(INSTANCE) != instance.id or job.is_gone(context.now):
        raise ApiError("notFound", 404, message=f"Execution with ID {named} does not exist")
    return job


def _arrange(context: RequestContext, instance: Instance) -> None:
    """Give the place of an execution that has ended to those that wait."""
    jobs = executions_of(context, instance)
    for job in arrange(jobs, context.now, context.contract.extra["parallel"]):
        context.sandbox.touch(job)


def _is_true(context: RequestContext, name: str) -> bool:
    return context.parameters.get(name, "").lower() == _TRUE

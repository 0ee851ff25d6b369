"""Create, retrieve and delete unified reports on the sandbox's clock.

A report is PENDING, then PROCESSING, then COMPLETED or FAILED, as in reporting v3. Sources are in
the contract ``v1.reports``.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.job import Job, join
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.core.sandbox import Profile
from adsmock.mockserver.services.accounts.ads_accounts import profiles_of
from adsmock.mockserver.services.accounts.manager_accounts import linked_profiles
from adsmock.mockserver.services.jobs.job import address, forget, keep, worker_for
from adsmock.mockserver.services.reporting.by_field.files import is_partitioned, suffix, written
from adsmock.mockserver.services.reporting.by_field.request_check import FieldCheck, FieldRequest
from adsmock.mockserver.services.reporting.by_field.rows import FieldRows, Source
from adsmock.mockserver.services.reporting.by_field.sources import sources_of
from adsmock.mockserver.services.reporting.eligible import Calendar
from adsmock.mockserver.services.reporting.requests import PENDING_PART, SECONDS, latest_day
from adsmock.mockserver.services.request_context import RequestContext

PART_ROWS = "1000"
"""Rows of a part, unless the sandbox choice ``report.partRows`` is set (assumed)."""
_MILLI = 1000


def create(context: RequestContext) -> Document:
    """Accept a report over the days of its accounts.

    Raises:
        ApiError: 400, a field or the period cannot be used; 403, an account is not accessible.
    """
    sandbox, asked = context.sandbox, context.body["reports"][0]
    forget(sandbox, context.now)
    accounts = _accounts(context)
    zones = [profile.timezone for _, profile in accounts] or ["UTC"]
    today = max(latest_day(context, Calendar(zone)) for zone in zones)
    request = FieldCheck(context.contract, asked, today).check()
    job = _job(context, request, accounts)
    keep(job, context.fault, sandbox, context.contract.extra["texts"]["failure"])
    return _success(context, job)


def retrieve(context: RequestContext) -> Document:
    """Return the status of a report; each call about a finished one gives new URLs."""
    job = _find(context)
    return _unknown(context) if job is None else _success(context, job)


def delete(context: RequestContext) -> Document:
    """Delete a report, whatever its status, and return it for the last time."""
    job = _find(context)
    if job is None:
        return _unknown(context)
    shown = _success(context, job)
    del context.sandbox.jobs[job.id]
    context.sandbox.touch(job)
    return shown


def _find(context: RequestContext) -> Job | None:
    job = context.sandbox.jobs.get(context.body["reportIds"][0])
    if job is None or job.contract != context.contract.name or job.is_gone(context.now):
        return None
    owner = context.sandbox.profiles.get(job.profile_id)
    return job if owner is None or owner.region == context.region else None


def _success(context: RequestContext, job: Job) -> Document:
    row = {"index": 0, "report": _shown(context, job)}
    return Document({"success": [row], "error": None})


def _unknown(context: RequestContext) -> Document:
    text = context.contract.extra["texts"]["missing"]
    error = {
        "code": "RESOURCE_ID_NOT_FOUND",
        "fieldLocation": "$.reportIds[0]",
        "message": text.replace("{id}", context.body["reportIds"][0]),
    }
    return Document({"success": None, "error": [{"index": 0, "errors": [error]}]})


def _accounts(context: RequestContext) -> list[tuple[str, Profile]]:
    """Return the profiles of the called region that a request names, with their account's id.

    Raises:
        ApiError: 400, an account has both ids or none; 403, one is not accessible.
    """
    found: dict[str, tuple[str, Profile]] = {}
    for each in context.body["accessRequestedAccounts"]:
        own, manager = each.get("advertiserAccountId", ""), each.get("managerAccountId", "")
        if bool(own) == bool(manager):
            raise ApiError("invalid", 400, message=context.contract.extra["texts"]["account"])
        profiles = profiles_of(context, own) if own else linked_profiles(context, manager)
        if not profiles:
            raise ApiError("forbidden", 403, message=context.contract.extra["texts"]["access"])
        here = [profile for profile in profiles if profile.region == context.region]
        found |= {profile.id: (own or manager, profile) for profile in here}
    return list(found.values())


def _job(
    context: RequestContext, request: FieldRequest, accounts: list[tuple[str, Profile]]
) -> Job:
    sandbox, asked = context.sandbox, context.body["reports"][0]
    days = (request.first.toordinal(), request.last.toordinal())
    view = asked.get("currencyOfView")
    sources = list(sources_of(sandbox, context.now, days, accounts, view=view))
    size = (request.last - request.first).days * sum(entities for _, entities in sources)
    seconds = float(sandbox.choices.get("report.seconds", SECONDS))
    part_rows = int(sandbox.choices.get("report.partRows", PART_ROWS))
    found = [source for source, _ in sources]
    return Job(
        id=sandbox.mint.uuid("report"),
        kind=asked["format"],
        client_id=context.principal.client_id,
        profile_id=accounts[0][1].id if accounts else "",
        created=context.now,
        due=context.now + seconds,
        kept=float(context.contract.extra["file_lifetime"]),
        request=asked,
        file=worker_for(context, size)(partial(_file, request, asked, found, part_rows)),
        contract=context.contract.name,
        starts=context.now + seconds * PENDING_PART,
        is_split=is_partitioned(asked["format"]),
    )


def _file(
    request: FieldRequest, asked: dict[str, Any], sources: list[Source], part_rows: int
) -> bytes:
    found = FieldRows(request, asked.get("currencyOfView"))
    for source in sources:
        found.take(source)
    names = [each.id for each in request.fields]
    files = written(asked["format"], names, list(found.rows()), part_rows)
    return join(files) if is_partitioned(asked["format"]) else files[0]


def _shown(context: RequestContext, job: Job) -> dict[str, Any]:
    """Return a report with the members that have a value."""
    asked, stage, words = job.request, job.stage(context.now), context.contract.extra["statuses"]
    is_begun = job.starts <= context.now
    status = {
        "running": words["working" if is_begun else "pending"],
        "completed": words["done"],
        "failed": words["failed"],
    }[stage]
    updated = job.ended(context.now) if stage != "running" else job.created
    value: dict[str, Any] = {
        "reportId": job.id,
        "status": status,
        **{name: asked[name] for name in ("format", "currencyOfView") if name in asked},
        "periods": asked["periods"],
        "query": asked["query"],
        "creationDateTime": format_utc(job.created),
        "lastUpdatedDateTime": format_utc(
            job.starts if stage == "running" and is_begun else updated
        ),
    }
    if stage == "failed":
        value |= {"failureCode": "INTERNAL_ERROR", "failureReason": job.error}
    if stage == "completed":
        value |= {
            "completedDateTime": format_utc(job.ended(context.now)),
            "completedReportParts": _parts(context, job),
        }
    return value


def _parts(context: RequestContext, job: Job) -> list[dict[str, Any]]:
    made, end, rows = round(job.created * _MILLI), suffix(job.request["format"]), []
    for number, content in enumerate(job.parts()):
        place = address(context, job, f"{job.id}-{made}/part-{number:05}-{job.id}.{end}")
        rows.append(
            {
                "url": place.url,
                "sizeInBytes": len(content),
                "urlExpirationDateTime": format_utc(place.expires),
            }
        )
    return rows

"""Create, poll and delete reports on the sandbox's clock.

A report is PENDING, then PROCESSING, then COMPLETED or FAILED. Sources: auth reference 4
(documented: the flow, 425 for a duplicate, DELETE of a pending report; observed: the texts, all
keys present; assumed: the time a report takes, which was minutes for small accounts).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from itertools import chain
from typing import Any

from adsmock.contracts import report_tables
from adsmock.contracts.iso8601 import format_utc
from adsmock.contracts.loader import load
from adsmock.mockserver.catalog.reporting.grain import GRAINS
from adsmock.mockserver.catalog.reporting.model import Grain
from adsmock.mockserver.catalog.reporting.subject import PRODUCTS
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.job import Job
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.jobs.job import address, find, forget, keep, worker_for
from adsmock.mockserver.services.reporting.eligible import (
    Calendar,
    Campaign,
    EligibleCampaigns,
    tables,
)
from adsmock.mockserver.services.reporting.file_format import FORMATS, FileFormat
from adsmock.mockserver.services.reporting.request_check import Dates, RequestCheck
from adsmock.mockserver.services.reporting.rows import ReportQuery, Rows
from adsmock.mockserver.services.reporting.synthetic import invented
from adsmock.mockserver.services.reporting.totals import Span
from adsmock.mockserver.services.request_context import RequestContext

SECONDS = 10.0
"""Seconds that a report takes, unless the sandbox choice ``report.seconds`` is set (assumed)."""

PENDING_PART = 0.3
"""The part of that time in which the report is pending (assumed)."""

REFUSE, ANY_UNIT, REUSE = "refuse", "refuse-any-unit", "reuse"
"""Values of the sandbox choice ``report.duplicates``: an equal request gets 425, or 425 even for
the other time unit (observed), or the earlier report (reported for older versions)."""

_INVENTED = 15
"""Approximate number of entities of one synthetic campaign."""

_BY_UNIT = {"date", "startDate", "endDate"}
_MILLI = 1000


def create(context: RequestContext) -> Document:
    """Accept a report over the profile's days.

    Raises:
        ApiError: 400, the request is invalid; 425, an equal report is in progress.
    """
    sandbox, calendar = context.sandbox, Calendar(context.profile.timezone)
    forget(sandbox, context.now)
    dates = RequestCheck(context.contract, context.body, latest_day(context, calendar)).check()
    wish = _wish(context.body)
    choice = sandbox.choices.get("report.duplicates", REFUSE)
    twin = _twin(context, wish, any_unit=choice == ANY_UNIT)
    if twin is not None and choice == REUSE:
        return Document(_shown(context, twin))
    if twin is not None:
        raise ApiError("duplicate", 425, values={"id": twin.id})
    job = _job(context, wish, dates, calendar)
    keep(job, context.fault, sandbox, context.contract.extra["texts"]["failure"])
    return Document(_shown(context, job))


def latest_day(context: RequestContext, calendar: Calendar) -> date:
    """Return the last day that a report may name: today in the profile's zone, or UTC's if later.

    Source: two public clients ask for ranges that end on the day of UTC, at any hour (observed).
    """
    return date.fromordinal(max(calendar.day(context.now), Calendar("UTC").day(context.now)))


def get(context: RequestContext) -> Document:
    """Return the status of a report; every poll of a finished one gives a new URL.

    Raises:
        ApiError: 404, the report is unknown, of another profile or expired.
    """
    return Document(_shown(context, find(context)))


def delete(context: RequestContext) -> Document:
    """Delete a pending report.

    Raises:
        ApiError: 404, the report is unknown; 400, processing has begun.
    """
    job = find(context)
    extra = context.contract.extra
    status = _status(context, job)
    if status != extra["statuses"]["pending"]:
        text = extra["texts"]["notPending"].replace("{id}", job.id).replace("{status}", status)
        raise ApiError("invalid", 400, message=text)
    del context.sandbox.jobs[job.id]
    context.sandbox.touch(job)
    detail = extra["texts"]["deleted"].replace("{id}", job.id)
    return Document({"code": "200", "detail": detail, "reportId": job.id})


def _wish(body: dict[str, Any]) -> dict[str, Any]:
    """Return what makes two requests equal: configuration and dates, whatever their order."""
    asked = body["configuration"]
    plain = {
        "adProduct": asked["adProduct"],
        "groupBy": sorted(set(asked["groupBy"])),
        "columns": sorted(set(asked["columns"])),
        "reportTypeId": asked["reportTypeId"],
        "timeUnit": asked["timeUnit"],
        "format": asked["format"],
        "filters": sorted(
            [each["field"], sorted(set(each.get("values", [])))]
            for each in asked.get("filters") or []
        ),
    }
    return {"configuration": plain, "startDate": body["startDate"], "endDate": body["endDate"]}


def _twin(context: RequestContext, wish: dict[str, Any], *, any_unit: bool) -> Job | None:
    """Return the equal report in progress of this profile, None without one."""
    for job in context.sandbox.jobs.values():
        if (
            job.contract == context.contract.name
            and job.profile_id == context.profile.id
            and job.stage(context.now) == "running"
            and _key(job.request["wish"], any_unit=any_unit) == _key(wish, any_unit=any_unit)
        ):
            return job
    return None


def _key(wish: dict[str, Any], *, any_unit: bool) -> dict[str, Any]:
    """Return the compared part of a request; ``any_unit`` ignores the time unit and its columns."""
    if not any_unit:
        return wish
    asked = wish["configuration"]
    columns = [name for name in asked["columns"] if name not in _BY_UNIT]
    return {**wish, "configuration": {**asked, "timeUnit": "", "columns": columns}}


def _job(context: RequestContext, wish: dict[str, Any], dates: Dates, calendar: Calendar) -> Job:
    sandbox, asked = context.sandbox, context.body["configuration"]
    question = _question(context, dates, calendar)
    campaigns, entities = _campaigns(context, question)
    size = (question.span.last - question.span.first + 1) * entities
    seconds = float(sandbox.choices.get("report.seconds", SECONDS))
    return Job(
        id=sandbox.mint.uuid("report"),
        kind=asked["reportTypeId"],
        client_id=context.principal.client_id,
        profile_id=context.profile.id,
        created=context.now,
        due=context.now + seconds,
        kept=float(context.contract.extra["file_lifetime"]),
        request={**context.body, "wish": wish},
        file=worker_for(context, size)(
            partial(_file, question, FORMATS[asked["format"]], campaigns)
        ),
        contract=context.contract.name,
        starts=context.now + seconds * PENDING_PART,
    )


def _question(context: RequestContext, dates: Dates, calendar: Calendar) -> ReportQuery:
    asked, profile = context.body["configuration"], context.profile
    return ReportQuery(
        kind=asked["reportTypeId"],
        span=Span(
            seed=context.sandbox.seed,
            first=dates.first.toordinal(),
            last=min(dates.last.toordinal(), calendar.day(context.now)),
            now=context.now,
            calendar=calendar,
            today=calendar.day(context.now),
            market=load().marketplaces[profile.country],
        ),
        grain=_grain(asked),
        is_daily=asked["timeUnit"] == "DAILY",
        columns=tuple(dict.fromkeys(asked["columns"])),
        filters={
            each["field"]: frozenset(each.get("values", [])) for each in asked.get("filters") or []
        },
        frame={
            "start": context.body["startDate"],
            "end": context.body["endDate"],
            "currency": profile.currency,
            "country": profile.country,
            "timezone": profile.timezone,
            "marketplace": profile.marketplace_id,
        },
    )


def _campaigns(context: RequestContext, question: ReportQuery) -> tuple[Iterable[Campaign], int]:
    """Return the campaigns of a report, and how many entities they have."""
    product = PRODUCTS.get(context.body["configuration"]["adProduct"])
    market = question.span.market
    if product is None:
        asked = sorted(chain.from_iterable(question.filters.values()))
        found = list(invented(question.span.seed, context.profile.id, asked, market))
        return found, _INVENTED * len(found)
    known = tables(product, context.sandbox.store, context.profile.id)
    has_words = bool(question.grain.splits)
    calendar = question.span.calendar
    campaigns = EligibleCampaigns(product, known, calendar, market, has_words=has_words)
    return campaigns, known.size


def _grain(asked: dict[str, Any]) -> Grain:
    """Return the combined grain of all groups: each separation of a group is kept."""
    grains = [GRAINS[_kind(asked)][name] for name in asked["groupBy"]]
    return Grain(
        by_campaign=any(grain.by_campaign for grain in grains),
        by_group=any(grain.by_group for grain in grains),
        splits=tuple(dict.fromkeys(name for grain in grains for name in grain.splits)),
        least=grains[-1].least,
    )


def _kind(asked: dict[str, Any]) -> str:
    """Return the name of a report type's rows; some types have two names."""
    row = report_tables.types()[asked["reportTypeId"]]
    return next(name for name, known in report_tables.types().items() if known is row)


def _file(question: ReportQuery, file_format: FileFormat, campaigns: Iterable[Campaign]) -> bytes:
    return file_format.write(question.columns, Rows(question, file_format).rows(campaigns))


def _status(context: RequestContext, job: Job) -> str:
    words = context.contract.extra["statuses"]
    stage = job.stage(context.now)
    if stage == "running":
        return str(words["pending"] if context.now < job.starts else words["working"])
    return str(words["done"] if stage == "completed" else words["failed"])


def _shown(context: RequestContext, job: Job) -> dict[str, Any]:
    """Return a report with all its members; unknown ones are null."""
    asked, stage = job.request, job.stage(context.now)
    updated = (
        job.ended(context.now) if stage != "running" else max(job.created, _begun(job, context.now))
    )
    value: dict[str, Any] = {
        "reportId": job.id,
        "status": _status(context, job),
        "name": asked.get("name"),
        "startDate": asked["startDate"],
        "endDate": asked["endDate"],
        "configuration": {"filters": None, **asked["configuration"]},
        "createdAt": format_utc(job.created),
        "updatedAt": format_utc(updated),
        "generatedAt": None,
        "fileSize": None,
        "url": None,
        "urlExpiresAt": None,
        "failureReason": job.error if stage == "failed" else None,
    }
    return value | _file_members(context, job) if stage == "completed" else value


def _begun(job: Job, now: float) -> float:
    return job.starts if job.starts <= now else job.created


def _file_members(context: RequestContext, job: Job) -> dict[str, Any]:
    made = round(job.created * _MILLI)
    suffix = FORMATS[job.request["configuration"]["format"]].suffix
    place = address(context, job, f"{job.id}-{made}/report-{job.id}-{made}.{suffix}")
    return {
        "generatedAt": format_utc(job.ended(context.now)),
        "fileSize": len(job.file.result()) if job.file else 0,
        "url": place.url,
        "urlExpiresAt": format_utc(place.expires, "microseconds"),  # observed
    }

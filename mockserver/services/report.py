"""Reports: create, poll, take back.

Knows the life of a report on the sandbox's clock: PENDING, PROCESSING, then COMPLETED or FAILED.
What is lawful stands in the contract, what rows show in the catalog. Sources: auth reference 4
(documented: the flow, 425 for a duplicate, DELETE of what is pending; observed: the texts, all
keys present; assumed: the time a report takes, which small accounts saw in minutes).
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from mockserver.catalog.report import GRAINS, Grain
from mockserver.core.clock import iso
from mockserver.core.error import ApiError
from mockserver.core.job import Job
from mockserver.core.outcome import Document
from mockserver.services.job import address, find, forget, keep, pack, worker_for
from mockserver.services.report_check import Dates, Judge
from mockserver.services.report_roster import Calendar, Tables, roster, tables
from mockserver.services.report_row import Question, rows
from mockserver.services.work import Work

SECONDS = 10.0
"""How long a report takes unless the sandbox's choice ``report.seconds`` says else (assumed)."""

PENDING_PART = 0.3
"""The part of that time before work on it begins (assumed)."""

_MILLI = 1000


def create(work: Work) -> Document:
    """Accept a report over the profile's days.

    Raises:
        ApiError: 400 for an unlawful request; 425 while an equal one is under way.
    """
    sandbox, calendar = work.sandbox, Calendar(work.profile.timezone)
    forget(sandbox, work.now)
    today = date.fromordinal(calendar.day(work.now))
    dates = Judge(work.contract, work.body, today).check()
    wish = _wish(work.body)
    twin = _twin(work, wish)
    if twin is not None:
        raise ApiError("duplicate", 425, values={"id": twin.id})
    job = _job(work, wish, dates, calendar)
    keep(job, work.planned, sandbox, work.contract.extra["texts"]["failure"])
    return Document(_shown(work, job))


def get(work: Work) -> Document:
    """Return where a report stands; every look at a finished one brings a fresh URL.

    Raises:
        ApiError: 404 for a report that is unknown, another profile's or no longer kept.
    """
    return Document(_shown(work, find(work)))


def delete(work: Work) -> Document:
    """Take back a report that is still pending.

    Raises:
        ApiError: 404 for one that is unknown, 400 for one whose making has begun.
    """
    job = find(work)
    extra = work.contract.extra
    status = _status(work, job)
    if status != extra["statuses"]["pending"]:
        text = extra["texts"]["notPending"].replace("{id}", job.id).replace("{status}", status)
        raise ApiError("invalid", 400, message=text)
    del work.sandbox.jobs[job.id]
    detail = extra["texts"]["deleted"].replace("{id}", job.id)
    return Document({"code": "200", "detail": detail, "reportId": job.id})


def _wish(body: dict[str, Any]) -> dict[str, Any]:
    """Return what makes two requests equal: configuration and dates without regard to order."""
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


def _twin(work: Work, wish: dict[str, Any]) -> Job | None:
    """Return the equal report that is under way for this profile, if there is one."""
    for job in work.sandbox.jobs.values():
        if (
            job.contract == work.contract.name
            and job.profile_id == work.profile.id
            and job.request["wish"] == wish
            and job.stage(work.now) == "running"
        ):
            return job
    return None


def _job(work: Work, wish: dict[str, Any], dates: Dates, calendar: Calendar) -> Job:
    sandbox, asked = work.sandbox, work.body["configuration"]
    found = tables(sandbox.store, work.profile.id)
    question = Question(
        seed=sandbox.seed,
        first=dates.first.toordinal(),
        last=dates.last.toordinal(),
        grain=_grain(asked),
        is_daily=asked["timeUnit"] == "DAILY",
        columns=tuple(asked["columns"]),
        filters={
            each["field"]: frozenset(each.get("values", [])) for each in asked.get("filters") or []
        },
        frame={
            "start": work.body["startDate"],
            "end": work.body["endDate"],
            "currency": work.profile.currency,
        },
        now=work.now,
        calendar=calendar,
        today=calendar.day(work.now),
    )
    days = question.last - question.first + 1
    size = days * sum(map(len, found.values()))
    seconds = float(sandbox.choices.get("report.seconds", SECONDS))
    return Job(
        id=sandbox.mint.uuid("report"),
        kind=asked["reportTypeId"],
        client_id=work.principal.client_id,
        profile_id=work.profile.id,
        created=work.now,
        due=work.now + seconds,
        kept=float(work.contract.extra["file_lifetime"]),
        request={**work.body, "wish": wish},
        file=worker_for(work, size)(partial(_file, question, found)),
        contract=work.contract.name,
        starts=work.now + seconds * PENDING_PART,
    )


def _grain(asked: dict[str, Any]) -> Grain:
    """Return the grain of all groups together: as fine as the finest."""
    grains = [GRAINS[asked["reportTypeId"]][name] for name in asked["groupBy"]]
    return Grain(
        by_group=any(grain.by_group for grain in grains),
        split=max((grain.split for grain in grains), key=len),
    )


def _file(question: Question, found: Tables) -> bytes:
    return pack(rows(question, roster(found, question.calendar)))


def _status(work: Work, job: Job) -> str:
    words = work.contract.extra["statuses"]
    stage = job.stage(work.now)
    if stage == "running":
        return str(words["pending"] if work.now < job.starts else words["working"])
    return str(words["done"] if stage == "completed" else words["failed"])


def _shown(work: Work, job: Job) -> dict[str, Any]:
    """Return a report with all its members; those that are not known yet are null."""
    asked, stage = job.request, job.stage(work.now)
    updated = job.ended(work.now) if stage != "running" else max(job.created, _begun(job, work.now))
    value: dict[str, Any] = {
        "reportId": job.id,
        "status": _status(work, job),
        "name": asked.get("name"),
        "startDate": asked["startDate"],
        "endDate": asked["endDate"],
        "configuration": {"filters": None, **asked["configuration"]},
        "createdAt": iso(job.created),
        "updatedAt": iso(updated),
        "generatedAt": None,
        "fileSize": None,
        "url": None,
        "urlExpiresAt": None,
        "failureReason": job.error if stage == "failed" else None,
    }
    return value | _file_members(work, job) if stage == "completed" else value


def _begun(job: Job, now: float) -> float:
    return job.starts if job.starts <= now else job.created


def _file_members(work: Work, job: Job) -> dict[str, Any]:
    made = round(job.created * _MILLI)
    place = address(work, job, f"{job.id}-{made}/report-{job.id}-{made}.json.gz")
    return {
        "generatedAt": iso(job.ended(work.now)),
        "fileSize": len(job.file.result()) if job.file else 0,
        "url": place.url,
        "urlExpiresAt": _micro(place.expires),
    }


def _micro(seconds: float) -> str:
    """Return a time as the service writes the end of an address, with microseconds (observed)."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

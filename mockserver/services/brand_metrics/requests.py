"""Create and poll Brand Metrics reports on the sandbox's clock.

Sources are in the contract ``brandMetrics``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from io import StringIO
from typing import Any, NoReturn

import orjson

from adsmock.contracts.iso8601 import is_date
from adsmock.contracts.report_fields import Length
from adsmock.mockserver.catalog.recommendations.candidate_words import DEPARTMENTS
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.job import Job
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.brand_metrics.metrics import Path, metrics_of, nodes_of
from adsmock.mockserver.services.jobs.job import address, forget, keep, worker_for
from adsmock.mockserver.services.products.product_metadata import codes, noun
from adsmock.mockserver.services.reporting.by_field.request_check import before
from adsmock.mockserver.services.reporting.eligible import Calendar
from adsmock.mockserver.services.reporting.requests import SECONDS
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.sandboxes.identities import brand_name

_WEEKS = {"1w": 1, "1m": 4, "1cm": 4}
_MONTHLY = "1cm"
_SATURDAY = 5
_READY_DAYS = 3
_LONGEST = Length(months=3)
_EARLIEST, _LATEST = "2000", "2100"
_FEW = 20
"""Metrics that version 1 of a request may name."""
_JSON = "JSON"
_MILLI = 1000

Row = tuple[dict[str, str], dict[str, str]]
"""The metadata and the metrics of a node on a date."""


def create(context: RequestContext) -> Document:
    """Accept a report about the profile's brand.

    Raises:
        ApiError: 403, the marketplace has no Brand Metrics; 422, a member is invalid.
    """
    sandbox, extra = context.sandbox, context.contract.extra
    if context.profile.country not in extra["countries"]:
        raise ApiError("forbidden", 403)
    forget(sandbox, context.now)
    rows = list(_rows(context))
    asked = {"format": context.body.get("format") or _JSON, "hasRows": bool(rows)}
    names = context.body.get("metrics") or extra["metrics"]
    write = _json if asked["format"] == _JSON else _csv
    seconds = float(sandbox.choices.get("report.seconds", SECONDS))
    job = Job(
        id=sandbox.mint.uuid("report"),
        kind="brandMetrics",
        client_id=context.principal.client_id,
        profile_id=context.profile.id,
        created=context.now,
        due=context.now + seconds,
        kept=float(extra["file_lifetime"]),
        request=asked,
        file=worker_for(context, len(rows))(partial(write, rows, names)),
        contract=context.contract.name,
        starts=context.now,
    )
    keep(job, context.fault, sandbox, extra["texts"]["failure"])
    return Document(_shown(context, job))


def get(context: RequestContext) -> Document:
    """Return the status of a report, with a new location once it is finished.

    Raises:
        ApiError: 422, the profile has no such report.
    """
    named = context.parameters["reportId"]
    job = context.sandbox.jobs.get(named)
    is_own = job is not None and job.profile_id == context.profile.id
    if job is None or not is_own or job.contract != context.contract.name:
        _refuse(f"Report {named[:80]} does not exist")
    if job.is_gone(context.now):
        _refuse(f"Report {named[:80]} does not exist")
    return Document(_shown(context, job, has_brands=True))


def _rows(context: RequestContext) -> Iterator[Row]:
    """Yield the rows that a request selects.

    Raises:
        ApiError: 422, a member is invalid.
    """
    body, extra = context.body, context.contract.extra
    period = str(body.get("lookBackPeriod") or "1w").lower()
    if period not in _WEEKS:
        _refuse(f"Invalid lookBackPeriod: {period[:40]}")
    if len(body.get("metrics") or ()) > _FEW and context.sent == context.operation.request:
        _refuse(f"metrics must have at most {_FEW} names; version 1.1 takes more")
    unknown = [each for each in body.get("metrics") or () if each not in _known(extra)]
    if unknown:
        _refuse(f"Invalid metrics: {unknown[0][:60]}")
    days = _dates(context, period)
    brand, tree = brand_name(context.sandbox, context.profile), _tree(context)
    is_other = body.get("brandName") not in {None, "", brand}
    if is_other or body.get("categoryTreeName") not in {None, "", tree}:
        return
    above = tuple(body.get("categoryPath") or ())
    seed = (context.sandbox.seed, "brandMetrics", context.profile.id)
    for day in days:
        for node in nodes_of(_categories(context)):
            if node.path[: len(above)] == above:
                words = {
                    "metricsComputationDate": day.isoformat(),
                    "brandName": brand,
                    "categoryNodeName": node.name,
                    "categoryNodeTreeName": tree,
                    "lookbackPeriod": period,
                }
                yield words, metrics_of(seed, node, day, _WEEKS[period])


def _known(extra: dict[str, Any]) -> set[str]:
    return {*extra["metrics"], *extra["newer"]}


def _tree(context: RequestContext) -> str:
    return f"{context.profile.country.lower()}-goods"


def _categories(context: RequestContext) -> list[Path]:
    """Return the categories of the profile's products, each with its department."""
    own = {noun(context, asin) for asin in codes(context)}
    return [
        (department, category)
        for department, categories in DEPARTMENTS.items()
        for category in categories
        if category in own
    ]


def _dates(context: RequestContext, period: str) -> list[date]:
    """Return the dates of a request that have metrics.

    Raises:
        ApiError: 422, a date is invalid or the range is too long.
    """
    first, last = (_date(context, each) for each in ("reportStartDate", "reportEndDate"))
    today = date.fromordinal(Calendar(context.profile.timezone).day(context.now))
    newest = today - timedelta(days=_READY_DAYS)
    if first is None and last is None:
        return list(_computed(newest - timedelta(days=31), newest, period))[-1:]
    last = last or min(newest, (first or newest) + timedelta(days=89))
    first = first or before(last, _LONGEST)
    if last < first:
        _refuse("reportEndDate must not be before reportStartDate")
    if first < before(last, _LONGEST):
        _refuse("The range of reportStartDate and reportEndDate must be at most 3 months")
    return list(_computed(first, min(last, newest), period))


def _date(context: RequestContext, member: str) -> date | None:
    text = context.body.get(member)
    if not text:
        return None
    if not is_date(text) or not _EARLIEST <= text < _LATEST:
        _refuse(f"{member} must be a date of the form YYYY-MM-DD")
    return date.fromisoformat(text)


def _computed(first: date, last: date, period: str) -> Iterator[date]:
    """Yield the dates on which metrics are computed: Saturdays, or the last days of months."""
    for number in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(number)
        is_last = (day + timedelta(days=1)).month != day.month
        if is_last if period == _MONTHLY else day.weekday() == _SATURDAY:
            yield day


def _json(rows: Sequence[Row], names: Sequence[str]) -> bytes:
    found = [
        {"metadata": words, "metrics": {name: values[name] for name in names}}
        for words, values in rows
    ]
    return orjson.dumps({"brandBuildingMetrics": found})


def _csv(rows: Sequence[Row], names: Sequence[str]) -> bytes:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    shown = (
        "metricsComputationDate", "brandName", "categoryNodeName", "categoryNodeTreeName",
    )  # fmt: skip
    writer.writerow([*shown, *names])
    for words, values in rows:
        writer.writerow([*(words[each] for each in shown), *(values[name] for name in names)])
    return text.getvalue().encode()


def _shown(context: RequestContext, job: Job, *, has_brands: bool = False) -> dict[str, Any]:
    extra, stage = context.contract.extra, job.stage(context.now)
    status, text = {
        "running": ("IN_PROGRESS", "working"),
        "completed": ("SUCCESSFUL", "done"),
        "failed": ("FAILED", "failed"),
    }[stage]
    value = {
        "reportId": job.id,
        "format": job.request["format"],
        "status": status,
        "statusDetails": extra["texts"][text],
        "location": "",
        "expiration": extra["url_lifetime"] * _MILLI,
    }
    if stage == "completed" and job.request["hasRows"]:
        end = job.request["format"].lower()
        value["location"] = address(context, job, f"{job.id}/brand-metrics-{job.id}.{end}").url
        if has_brands:
            value["brandsInfo"] = [_brand(context)]
    return value


def _brand(context: RequestContext) -> dict[str, str]:
    seed = (context.sandbox.seed, "brandId", context.profile.id)
    name = brand_name(context.sandbox, context.profile)
    return {"id": f"A{seeded_random.letters(12, *seed)}", "name": name}


def _refuse(text: str) -> NoReturn:
    raise ApiError("unprocessable", 422, message=text)

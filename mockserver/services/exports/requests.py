"""Create and poll exports on the sandbox's clock.

Sources: auth reference 3 (documented: 5 in progress per kind and client, URL for one hour, file for
24 hours; observed: the flow and the id; assumed: 429 over the cap, the time an export takes).
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

import orjson

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.job import Job
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.core.turns import slices_in_turns
from adsmock.mockserver.services.exports.records import Record, records, take_snapshot, views_of
from adsmock.mockserver.services.exports.snapshot_view import SnapshotView
from adsmock.mockserver.services.jobs.job import (
    address,
    find,
    forget,
    is_large,
    keep,
    pack,
    worker_for,
)
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.unified.to_unified import ConversionContext

SECONDS = 5.0
"""Seconds that an export takes, unless the sandbox choice ``export.seconds`` is set (assumed).

Recorded exports of small accounts took 0.7 s; the documents mention minutes."""


def create(context: RequestContext) -> Document:
    """Accept an export of the profile's current entities.

    Raises:
        ApiError: 429, the client has the maximum of this kind in progress.
    """
    sandbox, kind = context.sandbox, context.operation.kind
    forget(sandbox, context.now)
    running = sum(
        1
        for job in sandbox.jobs.values()
        if job.kind == kind and job.stage(context.now) == "running"
    )
    if running >= context.contract.extra["cap"]:
        raise ApiError("throttled", 429)
    job = _job(context, kind)
    keep(job, context.fault, sandbox, "INTERNAL_ERROR")
    return Document({"exportId": job.id, "status": _status(context, job)}, context.operation.reply)


def _job(context: RequestContext, kind: str) -> Job:
    extra = context.contract.extra
    views = views_of(kind)
    tables = take_snapshot(views, context.sandbox.store, context.profile.id)
    rows = sum(len(tables[view.resource.name]) for view in views)
    wanted = _selector(context.body, extra["kinds"][kind]["filters"])
    profile = context.profile
    conversion = ConversionContext(profile.currency, extra, profile.timezone, profile.country)
    sandbox = replace(context.sandbox, choices=dict(context.sandbox.choices))
    snapshot = SnapshotView(sandbox, profile, context.now, kept=tables)
    kept = partial(_kept, kind, snapshot, conversion, wanted)
    make = partial(_file_in_turns if is_large(rows) else _file, kept)
    suffix = context.sandbox.choices.get(f"export.suffix.{kind}", extra["kinds"][kind]["suffix"])
    identity = f"{context.sandbox.mint.uuid('export')},{suffix}"
    seconds = float(context.sandbox.choices.get("export.seconds", SECONDS))
    return Job(
        id=urlsafe_b64encode(identity.encode()).rstrip(b"=").decode(),
        kind=kind,
        client_id=context.principal.client_id,
        profile_id=context.profile.id,
        created=context.now,
        due=context.now + seconds,
        kept=float(extra["file_lifetime"]),
        request=dict(context.body),
        file=worker_for(context, rows)(make),
        contract=context.contract.name,
    )


def get(context: RequestContext) -> Document:
    """Return the status of an export; every poll of a finished one gives a new URL.

    Raises:
        ApiError: 404, the export is unknown, of another profile or expired; 406, the Accept
            header names another kind of export.
    """
    job = find(context)
    media = _media(context, job)
    stage = job.stage(context.now)
    value: dict[str, Any] = {
        "exportId": job.id,
        "status": _status(context, job),
        "createdAt": format_utc(job.created),
    }
    if stage == "failed":
        text = "The export failed with an internal error."
        value["error"] = {"errorCode": job.error, "message": text}
    if stage == "completed":
        value |= _download(context, job)
    return Document(value, media)


def _download(context: RequestContext, job: Job) -> dict[str, Any]:
    folder = context.contract.extra["kinds"][job.kind]["folder"]
    place = address(context, job, f"{folder}/{job.client_id}/{job.id}.json.gz")
    content = job.file.result() if job.file else b""
    return {
        "generatedAt": format_utc(job.ended(context.now)),
        "fileSize": len(content),
        "url": place.url,
        "urlExpiresAt": format_utc(place.expires),
    }


def _media(context: RequestContext, job: Job) -> str:
    own = next(
        operation.reply for operation in context.contract.operations if operation.kind == job.kind
    )
    named = [part.partition(";")[0].strip().lower() for part in context.accept.split(",")]
    if not any(each in {"", own.lower()} or "*" in each for each in named):
        raise ApiError("notAcceptable", 406)
    return own


def _status(context: RequestContext, job: Job) -> str:
    words = context.contract.extra["statuses"]
    stage = job.stage(context.now)
    if stage == "running":
        return context.sandbox.choices.get("export.working", str(words["working"]))
    return str(words["done"] if stage == "completed" else words["failed"])


def _selector(body: dict[str, Any], filters: list[dict[str, Any]]) -> dict[str, frozenset[Any]]:
    chosen: dict[str, frozenset[Any]] = {}
    for row in filters:
        wanted = body.get(row["name"]) or row.get("default", [])
        if wanted:
            chosen[row["field"]] = frozenset(map(_plain, wanted))
    return chosen


def _plain(value: Any) -> Any:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def _file(kept: Callable[[], Iterator[bytes]]) -> bytes:
    return pack(kept())


def _file_in_turns(kept: Callable[[], Iterator[bytes]]) -> bytes:
    """Return a file that another thread than that of the calls makes."""
    return pack(chain.from_iterable(slices_in_turns(kept())))


def _kept(
    kind: str,
    snapshot: SnapshotView,
    conversion: ConversionContext,
    wanted: dict[str, frozenset[Any]],
) -> Iterator[bytes]:
    for record in records(views_of(kind), snapshot, conversion):
        if all(_value(record, field) in values for field, values in wanted.items()):
            yield orjson.dumps(record)


def _value(record: Record, field: str) -> Any:
    if field == "level":
        return "AD_GROUP" if "adGroupId" in record else "CAMPAIGN"
    return record.get(field)

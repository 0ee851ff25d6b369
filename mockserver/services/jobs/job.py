"""What exports and reports share: jobs that are found, end by plan, and lead to a file.

Knows jobs, their addresses and how a file is packed. Must not know what a record or a row holds.
Source: auth reference 3.3 and 4.3 (documented: a fresh URL for every look, valid for one hour;
observed: a gzipped JSON array from a storage host that takes no Ads headers).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from isal import isal_zlib

from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.job import Job, Worker, at_once
from adsmock.mockserver.core.outcome import File
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.core.selected_fault import SelectedFault
from adsmock.mockserver.services.request_context import RequestContext

INLINE_ROWS = 2_000
"""Entities up to which a file is made at once; above that off the event loop."""

_SLICE = 2_000
_GZIP = 31
"""zlib's window bits for a gzip header; its time stamp stays zero, so files repeat exactly."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a finished file lies and until when (sandbox seconds)."""

    url: str
    expires: float


def find(context: RequestContext) -> Job:
    """Return the job that the path names.

    Raises:
        ApiError: 404 for one that is unknown, another profile's or family's, or past its time.
    """
    identity = context.contract.identity
    job = context.sandbox.jobs.get(context.parameters[identity.field]) if identity else None
    if job is None or job.contract != context.contract.name:
        raise ApiError("notFound", 404)
    if job.profile_id != context.profile.id or job.is_gone(context.now):
        raise ApiError("notFound", 404)
    return job


def keep(job: Job, planned: SelectedFault | None, sandbox: Sandbox, error: str) -> None:
    """Put a new job among the sandbox's, with the end that a fault has planned for it."""
    if planned is not None:
        planned.change_job(job, error)
    sandbox.jobs[job.id] = job


def forget(sandbox: Sandbox, now: float) -> None:
    """Drop jobs whose file is past its time, so that jobs do not pile up."""
    for job in [job for job in sandbox.jobs.values() if job.is_gone(now)]:
        del sandbox.jobs[job.id]


def worker_for(context: RequestContext, entities: int) -> Worker:
    """Return who makes a file over so many entities."""
    return at_once if entities <= INLINE_ROWS else context.sandboxes.worker


def address(context: RequestContext, job: Job, path: str) -> Address:
    """Return a fresh address of a finished job's file; ``path`` is its name on the host."""
    job.urls += 1
    lifetime = int(context.contract.extra["url_lifetime"])
    expires = context.now + lifetime
    job.url_ends.append(expires)
    signature = context.sandboxes.sealer.seal(
        "download", context.sandbox.id, job.id, job.urls, expires
    )
    query = f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires={lifetime}&X-Amz-Signature={signature}"
    return Address(f"{context.base_url}/{path}?{query}", expires)


def fetch(context: RequestContext) -> File:
    """Return the bytes behind a download signature: ``work.body`` is (job id, number, expiry).

    Raises:
        ApiError: 403 without a valid signature or past the hour, 404 past the time it is kept.
    """
    if not context.body:
        raise ApiError("forbidden", 403, message="Access Denied")
    job_id, number, expiry = context.body
    job, now = context.sandbox.jobs.get(job_id), context.now
    if context.planned is not None and job is not None and now < float(expiry):
        context.planned.expire_url(job, int(number))
    if now >= float(expiry) or (job is not None and int(number) <= job.url_floor):
        raise ApiError("forbidden", 403)
    if job is None or job.file is None or job.is_gone(now):
        raise ApiError("notFound", 404)
    return File(job.file.result(), "application/octet-stream")


def pack(rows: Iterable[bytes]) -> bytes:
    """Return rows as a gzipped JSON array, made in slices so that other threads get their turn."""
    packer = isal_zlib.compressobj(1, isal_zlib.DEFLATED, _GZIP)
    parts = [packer.compress(b"[")]
    first = True
    for piece in _slices(rows):
        text = b",".join(piece)
        parts.append(packer.compress(text if first else b"," + text))
        first = False
    parts.extend((packer.compress(b"]"), packer.flush()))
    return b"".join(parts)


def _slices(rows: Iterable[bytes]) -> Iterator[list[bytes]]:
    piece: list[bytes] = []
    for row in rows:
        piece.append(row)
        if len(piece) == _SLICE:
            yield piece
            piece = []
    if piece:
        yield piece

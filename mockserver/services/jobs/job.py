"""Asynchronous jobs, their download URLs and their files.

Source: auth reference 3.3 and 4.3 (documented: a new URL at every poll, valid for one hour;
observed: a gzipped JSON array from a storage host that needs no Ads headers).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import orjson
from isal import isal_zlib

from adsmock.mockserver.catalog.storage import EXPIRES, SIGNATURE
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.job import Job, Worker, at_once
from adsmock.mockserver.core.outcome import File
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.core.selected_fault import SelectedFault
from adsmock.mockserver.services.request_context import RequestContext

INLINE_ROWS = 2_000
"""Most entities of a file that is made on the event loop; larger files use the worker."""

_TWO_SIGNATURES = (
    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query "
    "string parameter or the Authorization header should be specified"
)
"""What S3 answers to a signed URL with an Authorization header."""
_SLICE = 2_000
_GZIP = 31
"""zlib's window bits for a gzip header without a time stamp: the same rows give the same file."""
_COUNTED_BYTES = 2 << 20
"""Most bytes of JSON whose rows are counted: this runs on the event loop."""


@dataclass(frozen=True, slots=True)
class Address:
    """The URL of a finished file and when it expires (sandbox seconds)."""

    url: str
    expires: float


def find(context: RequestContext) -> Job:
    """Return the job in the path.

    Raises:
        ApiError: 404, the job is unknown, of another profile or family, or expired.
    """
    identity = context.contract.identity
    job = context.sandbox.jobs.get(context.parameters[identity.field]) if identity else None
    if job is None or job.contract != context.contract.name:
        raise ApiError("notFound", 404)
    if job.profile_id != context.profile.id or job.is_gone(context.now):
        raise ApiError("notFound", 404)
    return job


def keep(job: Job, fault: SelectedFault | None, sandbox: Sandbox, error: str) -> None:
    """Store a new job, with the result that a planned fault gives it."""
    if fault is not None:
        fault.change_job(job, error)
    sandbox.jobs[job.id] = job
    sandbox.touch(job)


def forget(sandbox: Sandbox, now: float) -> None:
    """Delete jobs whose file has expired, so that jobs do not accumulate."""
    for job in [job for job in sandbox.jobs.values() if job.is_gone(now)]:
        del sandbox.jobs[job.id]
        sandbox.touch(job)


def worker_for(context: RequestContext, entities: int) -> Worker:
    """Return the worker that makes a file with this many entities."""
    return context.sandboxes.worker if is_large(entities) else at_once


def is_large(entities: int) -> bool:
    """Say whether a file with this many entities is made outside the event loop."""
    return entities > INLINE_ROWS


def address(context: RequestContext, job: Job, path: str) -> Address:
    """Return a new URL of a finished job's file; ``path`` is its path on the host."""
    job.urls += 1
    lifetime = int(context.contract.extra["url_lifetime"])
    expires = context.now + lifetime
    job.url_ends.append(expires)
    context.sandbox.touch(job)
    signature = context.sandboxes.signer.sign(
        "download",
        context.sandbox.id,
        job.id,
        job.urls,
        expires,
        path,
        lifetime,
        *context.sandbox.later_generation,
    )
    query = f"X-Amz-Algorithm=AWS4-HMAC-SHA256&{EXPIRES}={lifetime}&{SIGNATURE}={signature}"
    return Address(f"{context.base_url}/{path}?{query}", expires)


def fetch(context: RequestContext) -> File:
    """Return the file of a download signature; ``context.body`` is (job id, number, expiry).

    Raises:
        ApiError: 403, the signature is missing, invalid or expired; 400, there is an Authorization
            header too; 404, the file has expired.
    """
    if not context.body:
        raise ApiError("forbidden", 403, message="Access Denied")
    refuse_two_signatures(context)
    job_id, number, expiry = context.body
    job, now = context.sandbox.jobs.get(job_id), context.now
    if context.fault is not None and job is not None and now < float(expiry):
        context.fault.expire_url(job, int(number))
        context.sandbox.touch(job)
    if now >= float(expiry) or (job is not None and int(number) <= job.url_floor):
        raise ApiError("forbidden", 403)
    if job is None or job.file is None or job.is_gone(now):
        raise ApiError("notFound", 404)
    parts = job.parts()
    file = File(parts[(int(number) - 1) % len(parts)], "application/octet-stream")
    if context.sandbox.journal.mode == "full":
        file.rows = count_rows(file.content)
    return file


def count_rows(content: bytes) -> int | None:
    """Return the number of rows of a gzipped JSON array; None for other files and large ones."""
    try:
        unpacker = isal_zlib.decompressobj(wbits=_GZIP)
        text = unpacker.decompress(content, _COUNTED_BYTES)
        rows = orjson.loads(text) if unpacker.eof else None
    except (isal_zlib.error, orjson.JSONDecodeError):  # type: ignore[misc]  # typed as a value
        return None
    return len(rows) if isinstance(rows, list) else None


def refuse_two_signatures(context: RequestContext) -> None:
    """Refuse a signed URL that is called with an Authorization header.

    Raises:
        ApiError: 400; there are two signatures.
    """
    if "Authorization" in context.parameters and not context.sandbox.is_documented:
        raise ApiError("invalid", 400, code="InvalidArgument", message=_TWO_SIGNATURES)


def pack(rows: Iterable[bytes]) -> bytes:
    """Return rows as a gzipped JSON array, compressed in slices so that other threads can run."""
    compressor = isal_zlib.compressobj(1, isal_zlib.DEFLATED, _GZIP)
    parts = [compressor.compress(b"[")]
    first = True
    for piece in _slices(rows):
        text = b",".join(piece)
        parts.append(compressor.compress(text if first else b"," + text))
        first = False
    parts.extend((compressor.compress(b"]"), compressor.flush()))
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

"""Uploads: a signed URL on the storage host, and what the file that arrives there contains.

The bytes of a file are not kept, only its facts.

Source: OpenAPI CreativesAssets and the guide to creating assets (documented: the URL is valid for
15 minutes, a PUT answers 200); a saved reply (observed: the form of the URL).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Final
from urllib.parse import quote, urlsplit

from adsmock.mockserver.catalog.storage import EXPIRES, SIGNATURE, signed_path
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document, File
from adsmock.mockserver.core.store import Table
from adsmock.mockserver.services.assets.media_file import MediaFile, describe
from adsmock.mockserver.services.jobs.job import refuse_two_signatures
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.verbs.record_store import Record, find_in, keep_in

LIFETIME: Final = 900
"""Seconds for which an upload URL is valid (documented)."""
UPLOAD: Final = "upload:"
"""The beginning of what an upload's signature names, where that of a download names a job."""
_LONGEST = 255


def create_url(context: RequestContext) -> Document:
    """Return a URL that takes one file.

    Raises:
        ApiError: 400; the name of the file is missing or too long.
    """
    name = str(context.body.get("fileName") or context.body.get("filename") or "")
    if not name or len(name) > _LONGEST:
        raise ApiError("invalid", 400, message=f"fileName needs 1 to {_LONGEST} characters")
    upload_id, expires = context.sandbox.mint.uuid("upload"), context.now + LIFETIME
    record = {"profile": context.profile.id, "name": name, "file": None}
    keep_in(context, _table(context), upload_id, record)
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    path = f"{upload_id}.{ending}" if ending.isalnum() else upload_id
    subject = f"{UPLOAD}{upload_id}"
    signature = context.sandboxes.signer.sign(
        "download",
        context.sandbox.id,
        subject,
        0,
        expires,
        path,
        LIFETIME,
        *context.sandbox.later_generation,
    )
    query = (
        f"x-amz-meta-filename={quote(name, safe='')}&X-Amz-Algorithm=AWS4-HMAC-SHA256"
        f"&X-Amz-SignedHeaders=host&{EXPIRES}={LIFETIME}&{SIGNATURE}={signature}"
    )
    return Document({"url": f"{context.base_url}/{path}?{query}"})


def receive(context: RequestContext) -> File:
    """Take the file of an upload URL; ``context.body`` is what its signature names.

    Raises:
        ApiError: 403, the signature is missing, expired or not of an upload; 400, there is an
            Authorization header too.
    """
    if not context.body or not context.body[0].startswith(UPLOAD):
        raise ApiError("forbidden", 403, message="Access Denied")
    refuse_two_signatures(context)
    subject, _, expiry = context.body
    found = find_in(_table(context), subject.removeprefix(UPLOAD))
    if found is None or context.now >= float(expiry):
        raise ApiError("forbidden", 403)
    entity, record = found
    file = describe(context.raw, context.sent, record["name"])
    keep_in(context, _table(context), entity.id, record | {"file": asdict(file)})
    return File(b"", "")


def uploaded_file(context: RequestContext, url: str) -> MediaFile:
    """Return the file that the profile uploaded to ``url``.

    Raises:
        ApiError: 400, the URL was not issued to the profile; 404, no file has arrived there.
    """
    try:
        path = signed_path(urlsplit(url).path)
    except ValueError:  # such as an open bracket in the host
        path = ""
    found = find_in(_table(context), path.rpartition("/")[2].partition(".")[0])
    record: Record = found[1] if found else {}
    if record.get("profile") != context.profile.id:
        raise ApiError("invalid", 400, message="url is not an upload location of this account")
    if record["file"] is None:
        raise ApiError("notFound", 404, message="Nothing was uploaded to url")
    return MediaFile(**record["file"])


def _table(context: RequestContext) -> Table:
    """Return the uploads of all profiles: a PUT has no scope."""
    return context.sandbox.store.table("", "assets.uploads")

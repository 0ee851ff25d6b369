"""Batches: several uploaded files become assets, and the outcome of each is polled.

Source: OpenAPI CreativesAssets (documented: members, statuses, at most 50 files). Assumed: that a
batch takes 30 seconds, and that it has FAILED only if every file did.
"""

from __future__ import annotations

from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.assets.registration import register
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.verbs.record_store import Record, find, keep

_KIND = "batch"
_SECONDS = 30.0


def register_batch(context: RequestContext) -> Document:
    """Register each file of a batch and return the id under which its outcome is found.

    Raises:
        ApiError: 400; there are no files.
    """
    rows = context.body.get("assetDetailsList")
    if not rows:
        raise ApiError("invalid", 400, message="assetDetailsList is required")
    request_id = context.sandbox.mint.uuid("assetBatch")
    keep(context, request_id, {"rows": [_outcome(context, row) for row in rows]}, _KIND)
    return Document({"requestId": request_id})


def get_batch(context: RequestContext) -> Document:
    """Return how far a batch is, with the outcome of each file once it is done.

    Raises:
        ApiError: 400; no batch has this id.
    """
    found = find(context, context.parameters["requestId"], _KIND)
    if found is None:
        text = f"No batch has the id {context.parameters['requestId']}"
        raise ApiError("invalid", 400, message=text)
    entity, record = found
    if context.now - entity.created < _SECONDS:
        waiting = [{"url": row["url"]} for row in record["rows"]]
        return _status("IN_PROGRESS", waiting=waiting)
    done = [row for row in record["rows"] if "assetIdentifier" in row]
    failed = [row for row in record["rows"] if "failureReason" in row]
    return _status("COMPLETE" if done else "FAILED", done=done, failed=failed)


def _outcome(context: RequestContext, wanted: Record) -> Record:
    url = wanted.get("url") or ""
    programs = wanted.get("associatedPrograms") or []
    members = {"tags": wanted.get("tagList") or [], "programs": programs}
    try:
        made = register(context, wanted | members)
    except ApiError as error:
        return {"url": url, "failureReason": error.message or "The file cannot be registered"}
    identifier = {"assetId": made.asset_id, "version": made.version}
    return {"url": url, "assetIdentifier": identifier}


def _status(
    status: str,
    waiting: list[Record] | None = None,
    done: list[Record] | None = None,
    failed: list[Record] | None = None,
) -> Document:
    return Document(
        {
            "registrationStatus": status,
            "inProgressAssetDetails": waiting or [],
            "successfullyRegisteredAssets": done or [],
            "failedAssetDetails": failed or [],
        }
    )

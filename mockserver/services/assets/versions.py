"""Assets as replies show them: with all versions, or the latest one in a search.

Source: saved replies of Amazon's Postman collection (observed: members, nulls, names of processed
files); the guide to creating assets (documented: PROCESSING, then ACTIVE). Assumed: how long.
"""

from __future__ import annotations

from typing import Any, Final

from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.assets.media_file import MediaFile, video_facts
from adsmock.mockserver.services.assets.specifications import (
    approved_programs,
    aspect_ratio,
    failed_checks,
)
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.sandboxes.identities import advertiser_entity_id
from adsmock.mockserver.services.verbs.record_store import Record, find

PROCESSING_SECONDS: Final = {"IMAGE": 30.0, "VIDEO": 300.0}
"""Sandbox seconds until an asset can be used."""
_HOST = "https://m.media-amazon.com/images/S/al-na-9d5791cf-3faf"
_PROCESSED = {
    "IMAGE": {"IMAGE_THUMBNAIL_500": "{stem}._SL500_.{ending}", "MODERATION": "{stem}.{ending}"},
    "VIDEO": {
        "MODERATION": "{stem}.{ending}/moderation",
        "VIDEO_TILE": "{stem}.{ending}/videoTile.mp4",
        "BACKGROUND_VIDEO_TILE": "{stem}.{ending}/backgroundVideoTile.mp4",
        "INTRO_SPLASH": "{stem}.{ending}/introSplash.mp4",
    },
}
"""The address of each processed file."""


def get_asset(context: RequestContext) -> Document:
    """Return an asset with all of its versions, or one of them.

    Raises:
        ApiError: 400; there is no id, or nothing has it.
    """
    asset_id, wanted = context.parameters.get("assetId"), context.parameters.get("version")
    found = find(context, asset_id) if asset_id else None
    asset = found[1] if found else {"versions": []}
    shown = [row for row in asset["versions"] if not wanted or row["version"] == wanted]
    if not shown:
        what = f"No asset has the id {asset_id}" if asset_id else "assetId is required"
        text = f"The asset has no version {wanted}" if asset["versions"] else what
        raise ApiError("invalid", 400, message=text)
    value = {
        "assetGlobal": {
            "accountIds": [account_id(context)],
            "assetId": asset["assetId"],
            "assetType": asset["assetType"],
            "marketplaceId": [context.profile.marketplace_id],
        },
        "assetVersionList": [_shown(context, asset, row) for row in shown],
    }
    return Document(value)


def account_id(context: RequestContext) -> str:
    """Return the advertiser that owns the profile's assets."""
    return f"ADVERTISER:{advertiser_entity_id(context.sandbox, context.profile)}"


def status_of(context: RequestContext, asset: Record, version: Record) -> str:
    """Return whether a version is being processed or can be used."""
    age = context.now - version["created"]
    return "PROCESSING" if age < PROCESSING_SECONDS[asset["assetType"]] else "ACTIVE"


def file_metadata(asset: Record, version: Record) -> Record:
    """Return the facts of a version's file; what it does not have is 0 or null."""
    file = MediaFile(**version["file"])
    is_video = asset["assetType"] == "VIDEO"
    facts = video_facts(file) if is_video else None
    return {
        "aspectRatio": None if is_video else aspect_ratio(file.width, file.height),
        "audioSampleRateInHz": 0,
        "contentHash": None,
        "contentType": file.content_type or None,
        "durationInSeconds": int(facts.seconds) if facts else 0,
        "extension": _ending(file) if is_video else _ending(file).upper(),
        "height": file.height,
        "resolutionHeight": facts.height if facts else 0,
        "resolutionWidth": facts.width if facts else 0,
        "sizeInBytes": file.size,
        "width": file.width,
    }


def storage_urls(asset: Record, version: Record) -> dict[str, Any]:
    """Return the addresses of a version's file and of what was made of it."""
    file = MediaFile(**version["file"])
    stem, ending = f"{_HOST}/{seeded_random.uuid(file.digest)}", _ending(file)
    processed = {
        name: form.format(stem=stem, ending=ending)
        for name, form in _PROCESSED[asset["assetType"]].items()
    }
    return {"defaultUrl": f"{stem}.{ending}", "processedUrls": processed}


def programs_of(asset: Record, version: Record) -> list[str] | None:
    """Return the programs that take a video; None for a picture."""
    if asset["assetType"] != "VIDEO":
        return None
    return approved_programs(MediaFile(**version["file"]))


def milliseconds(seconds: float) -> int:
    """Return a time as milliseconds since 1970."""
    return int(seconds * 1000)


def _shown(context: RequestContext, asset: Record, version: Record) -> Record:
    urls, made = storage_urls(asset, version), milliseconds(version["created"])
    files = [
        {
            "fileMetadata": None,
            "imageCroppingData": None,
            "profile": name,
            "programs": [],
            "url": url,
        }
        for name, url in urls["processedUrls"].items()
    ]
    is_video = asset["assetType"] == "VIDEO"
    return {
        "assetFiles": {
            "defaultUrl": urls["defaultUrl"],
            "processedFiles": files,
            "relatedFiles": [],
        },
        "assetIdentifier": {"assetId": asset["assetId"], "version": version["version"]},
        "assetStatus": status_of(context, asset, version),
        "assetSubTypes": version["subtypes"],
        "createdBy": context.profile.account_id,
        "creationTime": made,
        "failedSpecChecks": failed_checks(MediaFile(**version["file"])) if is_video else [],
        "fileMetadata": file_metadata(asset, version),
        "focalPoint": None,
        "lastUpdatedBy": context.profile.account_id,
        "lastUpdatedTime": made,
        "moderationContentList": [],
        "moderationRequestStatus": "SKIPPED",
        "name": version["name"],
        "otherMetadata": version["metadata"],
        "programPolicyValidationsList": None,
        "specCheckApprovedPrograms": programs_of(asset, version),
        "stockInformation": None,
        "storageLocationUrls": urls | {"relatedUrls": {}},
        "url": urls["defaultUrl"],
        "versionNotes": version["notes"],
    }


def _ending(file: MediaFile) -> str:
    return file.name.rpartition(".")[2].lower()

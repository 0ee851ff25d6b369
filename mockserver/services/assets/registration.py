"""Registration: an uploaded file becomes an asset, or a new version of one.

Source: the guide to creating assets (documented: required members, that subtypes fit the type, that
versionInfo names an asset). Assumed: statuses and texts of refusals.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.assets.media_file import MediaFile
from adsmock.mockserver.services.assets.specifications import failed_checks
from adsmock.mockserver.services.assets.uploads import uploaded_file
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.sandboxes.identities import brand_entity_id
from adsmock.mockserver.services.verbs.record_store import Record, find, keep

SUBTYPES: Final = {
    "IMAGE": ("LOGO", "PRODUCT_IMAGE", "AUTHOR_IMAGE", "LIFESTYLE_IMAGE", "OTHER_IMAGE"),
    "VIDEO": ("BACKGROUND_VIDEO",),
}
_DETECTED: Final = {"IMAGE": ["OTHER_IMAGE"], "VIDEO": []}
"""Subtypes of an asset that is registered without any."""


@dataclass(frozen=True, slots=True)
class Registered:
    """One version of an asset that was just registered."""

    asset_id: str
    version: str
    failed: list[dict[str, Any]]


def register_one(context: RequestContext) -> Document:
    """Register an uploaded file and return its asset and version.

    Raises:
        ApiError: 400, a member is missing or invalid; 404, the file or the asset is unknown.
    """
    body = context.body
    programs = (body.get("registrationContext") or {}).get("associatedPrograms")
    made = register(context, body | {"tags": body.get("tags") or [], "programs": programs or []})
    return Document(
        {
            "assetId": made.asset_id,
            "failedSpecChecks": made.failed,
            "programPolicyValidationsList": None,
            "versionId": made.version,
        }
    )


def register(context: RequestContext, wanted: Record) -> Registered:
    """Store a version of an asset with the members of ``wanted``.

    Raises:
        ApiError: 400, a member is missing or invalid; 404, the file or the asset is unknown.
    """
    _check(context, wanted)
    file = uploaded_file(context, wanted["url"])
    linked = (wanted.get("versionInfo") or {}).get("linkedAssetId")
    asset = _linked(context, linked) if linked else _new(context, wanted)
    versions = asset["versions"]
    name = f"version_v{len(versions) + 1}"
    versions.append(_version(context, name, file, wanted))
    keep(context, asset["assetId"], asset)
    failed = failed_checks(file) if asset["assetType"] == "VIDEO" else []
    return Registered(asset["assetId"], name, failed)


def _check(context: RequestContext, wanted: Record) -> None:
    for name in ("url", "name", "assetType"):
        if not wanted.get(name):
            raise ApiError("invalid", 400, message=f"{name} is required")
    kind, subtypes = wanted["assetType"], wanted.get("assetSubTypeList") or []
    wrong = [each for each in subtypes if each not in SUBTYPES[kind]]
    if wrong:
        text = f"{wrong[0]} is not a subtype of {kind}: {', '.join(SUBTYPES[kind])}"
        raise ApiError("invalid", 400, message=text)
    own = brand_entity_id(context.sandbox, context.profile)
    for row in wanted.get("associatedSubEntityList") or []:
        if own and row.get("brandEntityId") not in {None, own}:
            text = f"brandEntityId {row['brandEntityId']} is not a brand of this account"
            raise ApiError("invalid", 400, message=text)


def _linked(context: RequestContext, asset_id: str) -> Record:
    found = find(context, asset_id)
    if found is None:
        raise ApiError("notFound", 404, message=f"No asset has the id {asset_id}")
    return found[1]


def _new(context: RequestContext, wanted: Record) -> Record:
    code = context.sandbox.mint.uuid("asset").replace("-", "")
    return {
        "assetId": f"amzn1.assetlibrary.asset1.{code}",
        "assetType": wanted["assetType"],
        "versions": [],
    }


def _version(context: RequestContext, name: str, file: MediaFile, wanted: Record) -> Record:
    kind = wanted["assetType"]
    return {
        "version": name,
        "name": wanted["name"],
        "file": asdict(file),
        "created": context.now,
        "subtypes": wanted.get("assetSubTypeList") or _DETECTED[kind],
        "asins": wanted.get("asinList") or [],
        "tags": wanted["tags"],
        "programs": [row["programName"] for row in wanted["programs"] if row.get("programName")],
        "metadata": wanted.get("otherMetadata") or {},
        "notes": (wanted.get("versionInfo") or {}).get("versionNotes"),
    }

"""Search of assets by text, values and ranges, sorted and page by page.

Source: OpenAPI CreativesAssets (documented: filters, sort fields, page size); saved replies of
Amazon's Postman collection (observed: members of a row). Assets are in no campaign.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.assets.versions import (
    account_id,
    file_metadata,
    milliseconds,
    programs_of,
    status_of,
    storage_urls,
)
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.verbs import page_token
from adsmock.mockserver.services.verbs.record_store import Record, records

_PAGE = 25

_VALUES: Final[dict[str, Callable[[Record], list[str]]]] = {
    "ASSET_TYPE": lambda row: [row["assetType"]],
    "ASSET_SUB_TYPE": lambda row: row["assetSubTypeList"],
    "ASSET_EXTENSION": lambda row: [row["fileMetadata"]["extension"]],
    "TAG": lambda row: row["tags"],
    "ASIN": lambda row: _context_ids(row, "ASIN"),
    "PROGRAM": lambda row: _context_ids(row, "PROGRAM"),
    "CAMPAIGN_ID": lambda _: [],
    "CAMPAIGN_NAME": lambda _: [],
    "APPROVED_AD_POLICY": lambda _: [],
}
"""The values of an asset for each field of a filter."""
_RANGES: Final[dict[str, Callable[[Record], float]]] = {
    "SIZE": lambda row: row["fileMetadata"]["sizeInBytes"],
    "DATE_UPLOADED": lambda row: row["creationTime"],
}
_ORDERS: Final[dict[str, Callable[[Record], Any]]] = {
    "CREATED_TIME": lambda row: row["creationTime"],
    "NAME": lambda row: row["name"],
    "SIZE": lambda row: row["fileMetadata"]["sizeInBytes"],
    "IMAGE_HEIGHT": lambda row: row["fileMetadata"]["height"],
    "IMAGE_WIDTH": lambda row: row["fileMetadata"]["width"],
    "EXTENSION": lambda row: row["fileMetadata"]["extension"],
}


def search_assets(context: RequestContext) -> Document:
    """Return a page of the assets that fit text and filters, each in its latest version.

    Raises:
        ApiError: 400; a range is no number, or the token is not of this search.
    """
    body = context.body
    page = body.get("pageCriteria") or {}
    found = [row for row in _rows(context) if _fits(row, body)]
    order = body.get("sortCriteria") or {}
    if order.get("field"):
        found.sort(key=_ORDERS[order["field"]], reverse=order.get("order") == "DESC")
    size, place = int(page.get("size") or _PAGE), page.get("identifier") or {}  # 5.0 is whole
    asked = page_token.fingerprint(body, "pageCriteria")
    start = page_token.first_row(context, place.get("token"), "token", asked)
    start = start or max(0, int(place.get("pageNumber") or 0)) * size
    has_more = start + size < len(found)
    name = context.contract.name
    token = page_token.make_page_token(context, name, asked, start + size) if has_more else None
    shown = found[start : start + size]
    return Document({"assetList": shown, "token": token, "totalRecords": len(found)})


def _fits(row: Record, body: Record) -> bool:
    text, filters = str(body.get("text") or "").casefold(), body.get("filterCriteria") or {}
    words = [row["name"], *row["tags"], *_context_ids(row, "ASIN")]
    if text and not any(text in word.casefold() for word in words):
        return False
    for each in filters.get("valueFilters") or []:
        wanted = {value.casefold() for value in each.get("values") or []}
        values = _VALUES[each["valueField"]](row) if each.get("valueField") else []
        if wanted.isdisjoint(value.casefold() for value in values):
            return False
    return all(_in_range(row, each) for each in filters.get("rangeFilters") or [])


def _in_range(row: Record, wanted: Record) -> bool:
    value_of = _RANGES.get(wanted.get("rangeField") or "")
    if value_of is None:
        text = f"rangeField must be one of {', '.join(_RANGES)}"
        raise ApiError("invalid", 400, message=text)
    return any(
        _bound(each.get("start"), 0.0) <= value_of(row) <= _bound(each.get("end"), float("inf"))
        for each in wanted.get("ranges") or []
    )


def _bound(given: str | None, otherwise: float) -> float:
    if given is None:
        return otherwise
    if not given.isdecimal():
        raise ApiError("invalid", 400, message=f"{given} is not a number")
    return float(given)


def _context_ids(row: Record, name: str) -> list[str]:
    return [each["id"] for each in row["associatedContexts"].get(name, ())]


def _rows(context: RequestContext) -> list[Record]:
    return [_row(context, asset, asset["versions"][-1]) for _, asset in records(context)]


def _row(context: RequestContext, asset: Record, version: Record) -> Record:
    made = milliseconds(version["created"])
    named = {"ASIN": version["asins"], "PROGRAM": version["programs"]}
    return {
        "assetId": asset["assetId"],
        "assetSubTypeList": version["subtypes"],
        "assetType": asset["assetType"],
        "associatedAccountIds": [account_id(context)],
        "associatedContexts": {
            name: [{"id": each, "name": None} for each in ids] for name, ids in named.items() if ids
        },
        "collections": [],
        "createdBy": context.profile.account_id,
        "creationTime": made,
        "fileMetadata": file_metadata(asset, version),
        "focalPoint": None,
        "lastUpdatedBy": context.profile.account_id,
        "lastUpdatedTime": made,
        "marketplaces": [context.profile.marketplace_id],
        "moderationPolicyMap": {},
        "moderationRequestStatus": "SKIPPED",
        "name": version["name"],
        "specCheckApprovedPrograms": programs_of(asset, version),
        "status": status_of(context, asset, version),
        "stockInformation": None,
        "storageLocationUrls": storage_urls(asset, version) | {"relatedUrls": None},
        "tags": version["tags"],
        "version": version["version"],
    }

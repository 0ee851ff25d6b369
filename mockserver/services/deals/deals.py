"""Advertising deals: created as drafts, proposed, approved, deleted with their targets.

Source: Ads API v1 document of 2026-07 (documented: members, states, statuses); a cassette of
lineofflight/amazon-ads-ruby (observed: the reply without deals). Assumed: when a deal is approved.
"""

from __future__ import annotations

from typing import Any, Final

from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.verbs.record_store import Record
from adsmock.mockserver.services.verbs.unified_batch import (
    Records,
    RefusedItem,
    page_of,
    run_batch,
    utc_seconds,
)

DEALS: Final = "deals"
TARGETS: Final = "dealTargets"
APPROVAL_SECONDS: Final = 3_600.0
"""Sandbox seconds from the proposal of a deal to its approval."""
_ENVELOPE, _NAME = "advertisingDeals", "advertisingDeal"
_PAGE = 50


def create_deals(context: RequestContext) -> Document:
    """Create a batch of deals."""
    return run_batch(context, _ENVELOPE, _NAME, lambda item: _create(context, item))


def update_deals(context: RequestContext) -> Document:
    """Change a batch of deals."""
    return run_batch(context, _ENVELOPE, _NAME, lambda item: _update(context, item))


def delete_deals(context: RequestContext) -> Document:
    """Delete a batch of deals, with their targets."""
    return run_batch(context, "advertisingDealIds", _NAME, lambda item: _delete(context, item))


def list_deals(context: RequestContext) -> Document:
    """Return a page of the deals that fit both filters.

    Raises:
        ApiError: 400; the token is not of this query.
    """
    ids = (context.body.get("advertisingDealIdFilter") or {}).get("include")
    shown = [
        _shown(context, row)
        for row in Records(context, DEALS).all()
        if (not ids or row["advertisingDealId"] in ids) and _is_named(row, context.body)
    ]
    return page_of(context, _ENVELOPE, shown, _PAGE)


def _create(context: RequestContext, item: Record) -> Record:
    deal = {"advertisingDealId": context.sandbox.mint.uuid("deal"), "state": "DRAFT"} | item
    _check(context, deal, item)
    return _keep(context, deal)


def _update(context: RequestContext, item: Record) -> Record:
    before = Records(context, DEALS).find(item["advertisingDealId"], "advertisingDealId")
    changed = {name: value for name, value in item.items() if value is not None}
    if "price" in changed:
        changed["price"] = (before.get("price") or {}) | changed["price"]
    deal = before | changed
    if item.get("replacingDealId", "") is None:
        deal.pop("replacingDealId", None)
    _check(context, deal, changed)
    return _keep(context, deal)


def _delete(context: RequestContext, deal_id: str) -> Record:
    deals, targets = Records(context, DEALS), Records(context, TARGETS)
    shown = _shown(context, deals.find(deal_id))
    deals.delete(deal_id)
    for row in targets.all():
        if row["advertisingDealId"] == deal_id:
            targets.delete(row["advertisingDealTargetId"])
    return shown


def _check(context: RequestContext, deal: Record, given: Record) -> None:
    start, end = (utc_seconds(deal, name) for name in ("startDateTime", "endDateTime"))
    if "startDateTime" in given and start < context.now:
        raise RefusedItem("DATE_CANNOT_BE_IN_PAST", "A deal begins in the future", "startDateTime")
    if end <= start:
        raise RefusedItem("FIELD_VALUE_IS_INVALID", "A deal ends after it begins", "endDateTime")
    if given.get("replacingDealId"):
        Records(context, DEALS).find(given["replacingDealId"], "replacingDealId")


def _keep(context: RequestContext, deal: Record) -> Record:
    if deal["state"] == "PROPOSED":
        deal.setdefault("proposed", context.now)
    else:
        deal.pop("proposed", None)
    Records(context, DEALS).keep(deal["advertisingDealId"], deal)
    return _shown(context, deal)


def _shown(context: RequestContext, deal: Record) -> Record:
    shown: dict[str, Any] = {name: value for name, value in deal.items() if name != "proposed"}
    if "price" in deal:
        shown["price"] = {"currencyCode": context.profile.currency} | deal["price"]
    status = deal["state"]
    if status == "PROPOSED" and context.now - deal["proposed"] >= APPROVAL_SECONDS:
        status = "MODERATION_APPROVED"
    return shown | {"status": {"status": status}}


def _is_named(deal: Record, body: Record) -> bool:
    wanted = body.get("nameFilter")
    if not wanted:
        return True
    name = deal["name"].casefold()
    values = [each.casefold() for each in wanted["include"]]
    if wanted["queryTermMatchType"] == "EXACT_MATCH":
        return name in values
    return any(each in name for each in values)

"""Targets of advertising deals: the branded keywords that a deal reserves.

Source: Ads API v1 document of 2026-07 (documented: members). Assumed: that a deal has a keyword
once.
"""

from __future__ import annotations

from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.deals.deals import DEALS, TARGETS
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.verbs.record_store import Record
from adsmock.mockserver.services.verbs.unified_batch import Records, RefusedItem, page_of, run_batch

_ENVELOPE, _NAME = "advertisingDealTargets", "advertisingDealTarget"
_DETAILS, _KEYWORD = "advertisingDealBrandedKeywordTargetDetails", "brandedKeyword"
_PAGE = 1_000


def create_targets(context: RequestContext) -> Document:
    """Create a batch of targets."""
    return run_batch(context, _ENVELOPE, _NAME, lambda item: _create(context, item))


def delete_targets(context: RequestContext) -> Document:
    """Delete a batch of targets."""
    return run_batch(
        context, "advertisingDealTargetIds", _NAME, lambda item: _delete(context, item)
    )


def list_targets(context: RequestContext) -> Document:
    """Return a page of the targets of the deal in the filter.

    Raises:
        ApiError: 400; the token is not of this query.
    """
    deals = context.body["advertisingDealIdFilter"]["include"]
    found = [row for row in Records(context, TARGETS).all() if row["advertisingDealId"] in deals]
    return page_of(context, _ENVELOPE, found, _PAGE)


def _create(context: RequestContext, item: Record) -> Record:
    Records(context, DEALS).find(item["advertisingDealId"], "advertisingDealId")
    targets, keyword = Records(context, TARGETS), _keyword(item)
    for other in targets.all():
        is_same_deal = other["advertisingDealId"] == item["advertisingDealId"]
        if is_same_deal and _keyword(other) == keyword:
            text = f"The deal has the keyword {keyword} already"
            raise RefusedItem("DUPLICATE_FIELD_VALUE_FOUND", text, "targetDetails")
    target_id = context.sandbox.mint.uuid("dealTarget")
    target = {**item, "advertisingDealTargetId": target_id}
    targets.keep(target_id, target)
    return target


def _delete(context: RequestContext, target_id: str) -> Record:
    targets = Records(context, TARGETS)
    target = targets.find(target_id)
    targets.delete(target_id)
    return target


def _keyword(target: Record) -> str:
    return str(target["targetDetails"][_DETAILS][_KEYWORD]).casefold()

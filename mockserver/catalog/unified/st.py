"""Sponsored TV in the unified model: its native members are the unified ones.

Source: OpenAPI AdsAPIv1SponsoredTelevision (documented). Assumed: a creative is published at once.
"""

from __future__ import annotations

from adsmock.mockserver.catalog.member_view import MemberRow
from adsmock.mockserver.catalog.unified.mapping import ResourceMapping
from adsmock.mockserver.catalog.unified.shared import MONEY, SCOPE, TIMES

_BUDGET = "budgets.0."
_CREATIVE = "creative.videoCreative.streamingTvSettings."


def _same(*members: str) -> tuple[MemberRow, ...]:
    return tuple(MemberRow(member, member) for member in members)


_OWN = (*_same("adProduct", "state"), *TIMES)

MAPPINGS: dict[str, tuple[ResourceMapping, ...]] = {
    "v1.st.campaigns": (
        ResourceMapping(
            "v1.st.campaigns",
            (
                *_OWN,
                *_same(
                    "campaignId",
                    "name",
                    "countries",
                    "marketplaces",
                    f"{_BUDGET}budgetType",
                    f"{_BUDGET}recurrenceTimePeriod",
                    f"{MONEY}value",
                ),
                MemberRow("startDateTime", "startDateTime", "moment"),
                MemberRow("endDateTime", "endDateTime", "moment"),
                MemberRow(f"{MONEY}currencyCode", "budgets", "currency"),
            ),
        ),
    ),
    "v1.st.adGroups": (
        ResourceMapping(
            "v1.st.adGroups",
            (
                *_OWN,
                *_same("adGroupId", "campaignId", "name", "marketplaces"),
                *_same("bid.baseBid", "bid.defaultBid"),
                MemberRow("bid.currencyCode", "bid", "currency"),
            ),
        ),
    ),
    "v1.st.ads": (
        ResourceMapping(
            "v1.st.ads",
            (
                *_OWN,
                *_same("adId", "adGroupId", "campaignId", "name", "adType"),
                *_same(
                    f"{_CREATIVE}landingPage", f"{_CREATIVE}products", f"{_CREATIVE}videos.assetId"
                ),
                *_same(f"{_CREATIVE}videos.assetVersion"),
                MemberRow(
                    f"{_CREATIVE}moderationStatus.moderationStatus",
                    by="constant",
                    value="PUBLISHED",
                ),
                *SCOPE,
            ),
        ),
    ),
    "v1.st.targets": (
        ResourceMapping(
            "v1.st.targets",
            (
                *_OWN,
                *_same("targetId", "adGroupId", "campaignId", "negative", "targetType"),
                *_same("targetDetails"),
            ),
        ),
    ),
    "v1.sp.adExtensions": (
        ResourceMapping(
            "v1.sp.adExtensions",
            (
                MemberRow("adProduct", by="constant", value="SPONSORED_PRODUCTS"),
                MemberRow("", "adProduct", "native_constant", "SPONSORED_PRODUCTS"),
                *_same("state"),
                *TIMES,
                *_same("adExtensionId", "adExtensionType", "adExtensionSettings"),
                *_same("adExtensionStatus", "adGroupId", "adId"),
                *SCOPE,
            ),
        ),
    ),
}

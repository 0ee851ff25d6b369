"""What report columns, groups and filters stand for: rows of whose member, how it is shown.

Data only: ``mockserver.services.report_row`` holds what a name of ``by`` does. Which columns a
report type takes stands in the contract. A further report type is a row of ``GRAINS``; a further
column is a row of ``COLUMNS``.

Sources: auth reference 4.3 (observed: ids are numbers in reports); the words for placements,
automatic targets and budget types are assumed after published report samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Split = Literal["", "placement", "target", "ad"]


@dataclass(frozen=True, slots=True)
class Grain:
    """What one row of a group is about: the lines it keeps apart, and the split below them."""

    by_group: bool = False
    split: Split = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column or filter.

    ``of`` is whose member is shown: ``campaign``, ``group``, ``target``, ``ad``, ``frame`` (the
    request and its profile), ``line`` (the row itself), ``sum`` (a measure) or ``nothing``.
    ``source`` is the dotted member, for a ratio its two measures. ``by`` names the conversion:
    ``copy``, ``number`` (an id), ``money`` (of minor units), ``ratio``, ``percent``, ``quotient``
    (of money and a count), ``word`` (through ``WORDS``).
    """

    of: str
    source: str = ""
    by: str = "copy"


GRAINS: dict[str, dict[str, Grain]] = {
    "spCampaigns": {
        "campaign": Grain(),
        "adGroup": Grain(by_group=True),
        "campaignPlacement": Grain(split="placement"),
    },
    "spTargeting": {"targeting": Grain(by_group=True, split="target")},
    "spAdvertisedProduct": {"advertiser": Grain(by_group=True, split="ad")},
}
"""Report type and groupBy to the grain of its rows; several groups together take the finest."""

PLACEMENTS: tuple[tuple[str, int], ...] = (
    ("Top of Search on-Amazon", 30),
    ("Detail Page on-Amazon", 45),
    ("Other on-Amazon", 25),
)
"""Placements and their shares of an ad group's impressions."""

WINDOWS = (1, 7, 14, 30)
"""Days after a click within which a purchase is credited to it."""

WORDS: dict[str, str] = {
    "DAILY": "DAILY_BUDGET",
    "QUERY_HIGH_REL_MATCHES": "close-match",
    "QUERY_BROAD_REL_MATCHES": "loose-match",
    "ASIN_SUBSTITUTE_RELATED": "substitutes",
    "ASIN_ACCESSORY_RELATED": "complements",
    "ASIN_SAME_AS": "asin",
    "ASIN_EXPANDED_FROM": "asin-expanded",
    "ASIN_CATEGORY_SAME_AS": "category",
    "ASIN_BRAND_SAME_AS": "brand",
}
"""Words of the management API as reports write them; others stay as they are."""

AUTOMATIC = "TARGETING_EXPRESSION_PREDEFINED"
MANUAL = "TARGETING_EXPRESSION"


@dataclass(frozen=True, slots=True)
class Targets:
    """A resource whose entities are targets: the members that hold id, text and match type."""

    resource: str
    id: str
    text: str = ""
    match: str = ""
    expression: str = ""
    kind: str = ""


CAMPAIGNS = "sp.campaigns"
AD_GROUPS = "sp.adGroups"
ADS = "sp.productAds"
TARGETS: tuple[Targets, ...] = (
    Targets("sp.keywords", "keywordId", text="keywordText", match="matchType"),
    Targets("sp.targets", "targetId", expression="expression", kind="expressionType"),
)

_CAMPAIGN = {
    "campaignId": Column("campaign", "campaignId", "number"),
    "campaignName": Column("campaign", "name"),
    "campaignStatus": Column("campaign", "state"),
    "campaignBudgetAmount": Column("campaign", "budget.budget"),
    "campaignBudgetType": Column("campaign", "budget.budgetType", "word"),
    "campaignBiddingStrategy": Column("campaign", "dynamicBidding.strategy"),
    "campaignBudgetCurrencyCode": Column("frame", "currency"),
    "portfolioId": Column("campaign", "portfolioId", "number"),
}
_NEVER = (
    "campaignRuleBasedBudgetAmount", "campaignApplicableBudgetRuleId",
    "campaignApplicableBudgetRuleName", "topOfSearchImpressionShare",
)  # fmt: skip
_ZERO = (
    "addToList", "qualifiedBorrows", "royaltyQualifiedBorrows",
    "kindleEditionNormalizedPagesRead14d", "kindleEditionNormalizedPagesRoyalties14d",
)  # fmt: skip
_BELOW = {
    "adGroupId": Column("group", "adGroupId", "number"),
    "adGroupName": Column("group", "name"),
    "adStatus": Column("group", "state"),
    "adId": Column("ad", "adId", "number"),
    "advertisedAsin": Column("ad", "asin"),
    "advertisedSku": Column("ad", "sku"),
    "keywordId": Column("target", "id", "number"),
    "keyword": Column("target", "text"),
    "targeting": Column("target", "text"),
    "keywordType": Column("target", "kind"),
    "matchType": Column("target", "match"),
    "keywordBid": Column("target", "bid"),
    "adKeywordStatus": Column("target", "state"),
    "placementClassification": Column("line", "placement"),
}
_TIME = {
    "date": Column("line", "day"),
    "startDate": Column("frame", "start"),
    "endDate": Column("frame", "end"),
}
_TRAFFIC = {
    "impressions": Column("sum", "impressions"),
    "clicks": Column("sum", "clicks"),
    "cost": Column("sum", "cost", "money"),
    "spend": Column("sum", "cost", "money"),
    "costPerClick": Column("sum", "cost/clicks", "quotient"),
    "clickThroughRate": Column("sum", "clicks/impressions", "percent"),
}
_BY_WINDOW = {
    "purchases": ("purchases", "copy"),
    "purchasesSameSku": ("own", "copy"),
    "unitsSoldClicks": ("units", "copy"),
    "unitsSoldSameSku": ("ownUnits", "copy"),
    "unitsSoldOtherSku": ("otherUnits", "copy"),
    "sales": ("sales", "money"),
    "attributedSalesSameSku": ("ownSales", "money"),
    "salesOtherSku": ("otherSales", "money"),
}

COLUMNS: dict[str, Column] = {
    **_CAMPAIGN,
    **dict.fromkeys(_NEVER, Column("nothing")),
    **dict.fromkeys(_ZERO, Column("sum", "none")),
    **_BELOW,
    **_TIME,
    **_TRAFFIC,
    **{
        f"{name}{window}d": Column("sum", f"{measure}{window}", by)
        for name, (measure, by) in _BY_WINDOW.items()
        for window in WINDOWS
    },
    **{f"acosClicks{n}d": Column("sum", f"cost/sales{n}", "percent") for n in WINDOWS},
    **{f"roasClicks{n}d": Column("sum", f"sales{n}/cost", "ratio") for n in WINDOWS},
}
"""Every column that some report type of the contract takes."""

FILTERS: dict[str, Column] = {
    "campaignStatus": COLUMNS["campaignStatus"],
    "adStatus": COLUMNS["adStatus"],
    "adKeywordStatus": COLUMNS["adKeywordStatus"],
    "adCreativeStatus": Column("ad", "state"),
    "keywordType": COLUMNS["keywordType"],
    "campaignSite": Column("nothing"),
}
"""What each filter compares."""

"""Report types: what one row is about, by report type and group.

Sources: auth reference 4.3 (documented: rows need activity; search terms need clicks); the grain of
groups follows the documented columns; that of DSP is assumed.
"""

from __future__ import annotations

from adsmock.mockserver.catalog.reporting.model import Grain

_CAMPAIGN = Grain()
_GROUP = Grain(by_group=True)
_PLACEMENT = Grain(splits=("placement",))
_PLACEMENT_ON_AMAZON = Grain(splits=("placementOnAmazon",))
_SEGMENT = Grain(splits=("segment",))
_TARGET = Grain(by_group=True, splits=("target",))
_AD = Grain(by_group=True, splits=("ad",))
_PROMPT = Grain(by_group=True, splits=("ad", "prompt"))
_TERM = Grain(by_group=True, splits=("target", "term"), least="clicks")
_BOUGHT = Grain(by_group=True, splits=("purchase",), least="purchases@30")
_GROSS = Grain(least="impressions")

_ORDER = _CAMPAIGN
_LINE_ITEM = _GROUP


_APART = {
    name: Grain(by_campaign=False, splits=(name,))
    for name in (
        "supply", "content", "country", "region", "city", "postalCode", "dma", "site",
        "placementSize", "slot", "deal", "frequencyGroup", "operatingSystem", "browserType",
        "browserVersion", "deviceType", "environmentType",
    )
}  # fmt: skip
"""Groups of DSP that separate neither orders nor line items."""

GRAINS: dict[str, dict[str, Grain]] = {
    "spCampaigns": {"campaign": _CAMPAIGN, "adGroup": _GROUP, "campaignPlacement": _PLACEMENT},
    "spTargeting": {"targeting": _TARGET},
    "spAdvertisedProduct": {"advertiser": _AD},
    "spAudiences": {"campaign_bid_boost_segment": _SEGMENT},
    "spGrossAndInvalids": {"campaign": _GROSS},
    "spPromptAdExtension": {"promptAdExtension": _PROMPT},
    "spPurchasedProduct": {"asin": _BOUGHT},
    "spSearchTerm": {"searchTerm": _TERM},
    "sbAdGroup": {"adGroup": _GROUP, "campaign": _GROUP},
    "sbAds": {"ads": _AD},
    "sbAudiences": {"campaign_bid_boost_segment": _SEGMENT},
    "sbCampaignPlacement": {"campaignPlacement": _PLACEMENT_ON_AMAZON, "campaign": _CAMPAIGN},
    "sbCampaigns": {"campaign": _CAMPAIGN},
    "sbGrossAndInvalids": {"campaign": _GROSS},
    "sbPromptAdExtension": {"promptAdExtension": _PROMPT},
    "sbPurchasedProduct": {
        "purchasedAsin": Grain(by_group=True, splits=("bought",), least="purchases@14")
    },
    "sbSearchTerm": {"searchTerm": _TERM},
    "sbTargeting": {"targeting": _TARGET},
    "sdAdGroup": {"adGroup": _GROUP, "matchedTarget": Grain(by_group=True, splits=("matched",))},
    "sdAdvertisedProduct": {"advertiser": _AD},
    "sdCampaigns": {"campaign": _CAMPAIGN, "matchedTarget": Grain(splits=("matched",))},
    "sdGrossAndInvalids": {"campaign": _GROSS},
    "sdPurchasedProduct": {
        "asin": Grain(by_group=True, splits=("purchase",), least="purchases.other@14")
    },
    "sdTargeting": {
        "targeting": _TARGET,
        "matchedTarget": Grain(by_group=True, splits=("target", "matched")),
    },
    "stCampaigns": {"campaign": _CAMPAIGN, "adGroup": _GROUP},
    "stTargeting": {"campaign": _CAMPAIGN, "adGroup": _GROUP, "targeting": _TARGET},
    "dspAudience": {
        "order": Grain(splits=("audience",)),
        "lineItem": Grain(by_group=True, splits=("audience",)),
    },
    "dspAudioAndVideo": {
        "campaign": _ORDER,
        "ad": _LINE_ITEM,
        "creative": _AD,
        "supplySource": _APART["supply"],
        "content": _APART["content"],
    },
    "dspBidAdjustment": {
        "bidAdjustmentRule": Grain(by_group=True, splits=("rule",)),
        "bidAdjustmentMatchedTerms": Grain(by_group=True, splits=("rule",)),
    },
    "dspCampaign": {"campaign": _ORDER, "ad": _LINE_ITEM, "creative": _AD},
    "dspGeo": {
        "order": _ORDER,
        "lineItem": _LINE_ITEM,
        **{name: _APART[name] for name in ("country", "region", "city", "postalCode", "dma")},
    },
    "dspInventory": {
        "supplySource": _APART["supply"],
        "site": _APART["site"],
        "campaign": _ORDER,
        "creative": _AD,
        "ad": _LINE_ITEM,
        "placementSize": _APART["placementSize"],
        "placement": _APART["slot"],
        "deal": _APART["deal"],
    },
    "dspProduct": {
        "order": Grain(splits=("product",)),
        "lineItem": Grain(by_group=True, splits=("product",)),
    },
    "dspReachFrequency": {
        "advertiser": Grain(by_campaign=False),
        "supplySource": _APART["supply"],
        "frequencyGroup": _APART["frequencyGroup"],
    },
    "dspTech": {
        "order": _ORDER,
        "lineItem": _LINE_ITEM,
        **{
            name: _APART[name]
            for name in (
                "operatingSystem", "browserType", "browserVersion", "deviceType", "environmentType",
            )
        },
    },
    "conversionPath": {
        "brandConversionPath": Grain(by_campaign=False, splits=("path",), least="purchases@14")
    },
}  # fmt: skip
"""The grain of rows by report type and groupBy; several groups are combined."""

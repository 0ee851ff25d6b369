"""What the families of sponsored ads share: parents, unique keys, rules, words of their status."""

from __future__ import annotations

from adsmock.mockserver.catalog.resource import Parent, Rule, Unique


def under(family: str) -> tuple[Parent, Parent]:
    """Return the parents of an ad group's children in a family, from the top."""
    return Parent("campaignId", f"{family}.campaigns"), Parent("adGroupId", f"{family}.adGroups")


def states(noun: str, live: str) -> dict[str, str]:
    """Return the serving words by state: built from the noun, except for the live state."""
    return {"ENABLED": live, "PAUSED": f"{noun}_PAUSED", "ARCHIVED": f"{noun}_ARCHIVED"}


CAMPAIGN = states("CAMPAIGN", "CAMPAIGN_STATUS_ENABLED")
AD_GROUP = states("AD_GROUP", "AD_GROUP_STATUS_ENABLED")
AD = states("AD", "AD_STATUS_LIVE")
CLAUSE = states("TARGETING_CLAUSE", "TARGETING_CLAUSE_STATUS_LIVE")

UNIQUE_CAMPAIGN = Unique(("name",), "name", by="documented", accounts=("seller",))
UNIQUE_AD_GROUP = Unique(("campaignId", "name"), "name", by="documented")
UNIQUE_KEYWORD = Unique(("adGroupId", "keywordText", "matchType"), "keywordText", by="documented")

PORTFOLIO = Parent("portfolioId", "portfolios")

DATES = Rule("dates", by="documented", settings={"begins": "startDate", "ends": "endDate"})

IN_PORTFOLIO = Rule(
    "referred",
    by="assumed",
    settings={
        "member": "portfolioId",
        "resource": "portfolios",
        "message": "Portfolio {value} was not found",
    },
)
"""A campaign's portfolio belongs to the same profile, in every family."""

"""What the families of sponsored ads have in common: parents, and how serving words are made.

Knows what would stand in each family's entries alike. Must not know what one of them alone has.
"""

from __future__ import annotations

from adsmock.mockserver.catalog.resource import Parent


def under(family: str) -> tuple[Parent, Parent]:
    """Return the parents of what lives in an ad group of a family, from the top."""
    return Parent("campaignId", f"{family}.campaigns"), Parent("adGroupId", f"{family}.adGroups")


def states(noun: str, live: str) -> dict[str, str]:
    """Return the serving words by state: the noun says them, but for what is live."""
    return {"ENABLED": live, "PAUSED": f"{noun}_PAUSED", "ARCHIVED": f"{noun}_ARCHIVED"}


CAMPAIGN = states("CAMPAIGN", "CAMPAIGN_STATUS_ENABLED")
AD_GROUP = states("AD_GROUP", "AD_GROUP_STATUS_ENABLED")
AD = states("AD", "AD_STATUS_LIVE")
CLAUSE = states("TARGETING_CLAUSE", "TARGETING_CLAUSE_STATUS_LIVE")

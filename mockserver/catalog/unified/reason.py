"""Delivery reasons of the unified model by native serving status.

Data only. Source: OpenAPI AdsAPIv1 (documented: the reasons); which status is which reason
follows from the names (assumed). A status that is not named here keeps its own name where the
contract knows it and is ``OTHER`` elsewhere.
"""

from __future__ import annotations

REASONS: dict[str, str] = {
    "PENDING_START_DATE": "CAMPAIGN_PENDING_START_DATE",
    "ENDED": "CAMPAIGN_END_DATE_REACHED",
    "PENDING_REVIEW": "CAMPAIGN_PENDING_REVIEW",
    "REJECTED": "CAMPAIGN_REJECTED",
    "ACCOUNT_OUT_OF_BUDGET": "ADVERTISER_OUT_OF_BUDGET",
    "PORTFOLIO_ENDED": "PORTFOLIO_END_DATE_REACHED",
    "AD_GROUP_POLICING_CREATIVE_REJECTED": "CREATIVE_REJECTED",
    "AD_STATUS_PAUSED": "AD_PAUSED",
    "AD_STATUS_ARCHIVED": "AD_ARCHIVED",
    "TARGET_STATUS_PAUSED": "TARGET_PAUSED",
    "TARGET_STATUS_ARCHIVED": "TARGET_ARCHIVED",
    "TARGETING_CLAUSE_PAUSED": "TARGET_PAUSED",
    "TARGETING_CLAUSE_ARCHIVED": "TARGET_ARCHIVED",
    "TARGETING_CLAUSE_BLOCKED": "TARGET_BLOCKED",
    "TARGETING_CLAUSE_POLICING_SUSPENDED": "TARGET_POLICING_SUSPENDED",
}

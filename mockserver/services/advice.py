"""Recommendations: believable amounts within the marketplace's bounds, drawn for entity and day.

Knows how advice hangs on the entity it is for. Must not know any family by name.

Source: OpenAPI SponsoredProducts (documented: members). Every number is assumed.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from contracts.loader import load
from mockserver.core import draw
from mockserver.core.outcome import Document
from mockserver.core.store import Entity
from mockserver.services.scene import Scene
from mockserver.services.work import Work

Row = dict[str, Any]
_LEAST, _MORE = 1.05, 0.55
"""A suggested budget is the present one times this, and up to so much more."""


def budgets(work: Work) -> Document:
    """Return a suggested budget for each campaign, and which campaigns are not there."""
    scene = Scene(work.sandbox, work.profile, work.now)
    table = scene.table(f"{work.contract.family}.campaigns")
    done: list[Row] = []
    failed: list[Row] = []
    for index, campaign_id in enumerate(map(str, work.body["campaignIds"])):
        campaign, row = table.get(campaign_id), {"campaignId": campaign_id, "index": index}
        if campaign is None or campaign.is_archived:
            error = {"code": "NOT_FOUND", "details": f"Campaign {campaign_id} was not found"}
            failed.append(row | {"Error": error})
        else:
            done.append(row | _budget(work, campaign, scene))
    return Document(
        {
            "budgetRecommendationsSuccessResults": done,
            "budgetRecommendationsErrorResults": failed,
        }
    )


def _budget(work: Work, campaign: Entity, scene: Scene) -> Row:
    seed = (scene.sandbox.seed, "advice", campaign.id, scene.today)
    bounds = load().marketplaces[scene.profile.country].limits[f"{work.contract.family}.budget"]
    present = scene.document(campaign)["budget"]["budget"]
    wanted = present * (_LEAST + _MORE * draw.unit(*seed))
    percent = 5 * (1 + draw.integer(10, *seed, "rule"))
    return {
        "suggestedBudget": round(min(max(wanted, bounds.minimum), bounds.maximum), 2),
        "sevenDaysMissedOpportunities": _missed(seed, scene),
        "budgetRuleRecommendation": {
            "ruleId": draw.uuid(*seed),
            "ruleName": "Suggested increase",
            "suggestedBudgetIncreasePercent": percent,
        },
    }


def _missed(seed: tuple[object, ...], scene: Scene) -> Row:
    """Return what a larger budget would have brought in the seven days before today."""
    today = date.fromisoformat(scene.today)
    clicks = draw.integer(400, *seed, "clicks")
    row: Row = {
        "startDate": (today - timedelta(days=7)).isoformat(),
        "endDate": (today - timedelta(days=1)).isoformat(),
        "percentTimeInBudget": round(50 + 50 * draw.unit(*seed, "time"), 2),
    }
    for name, least in (("Clicks", clicks), ("Impressions", clicks * 90), ("Sales", clicks * 2)):
        row[f"estimatedMissed{name}Lower"] = least
        row[f"estimatedMissed{name}Upper"] = least * 2
    return row

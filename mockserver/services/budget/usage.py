"""How much of their budgets campaigns have used today.

Knows the course of a day. Must not know any family by name: a campaign's budget is an amount, or
an object that holds one.

Source: campaign management reference 7 (documented: members, a row for each campaign). The course
is assumed: it grows with the profile's day to a share that is drawn for campaign and day.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from mockserver.core import draw
from mockserver.core.outcome import Document
from mockserver.core.store import ENABLED, Entity
from mockserver.services.scene import Item, Scene
from mockserver.services.work import Work

_DAY = 86_400
_STEP = 900
"""Seconds from one reckoning of usage to the next (assumed)."""


def usage(work: Work) -> Document:
    """Return what each campaign has used of its budget, and which campaigns are not there."""
    scene = Scene(work.sandbox, work.profile, work.now)
    table = scene.table(f"{work.contract.family}.campaigns")
    lists: dict[str, list[Item]] = {"error": [], "success": []}
    for index, campaign_id in enumerate(map(str, work.body.get("campaignIds") or ())):
        campaign, row = table.get(campaign_id), {"campaignId": campaign_id, "index": index}
        if campaign is None:
            details = f"Campaign {campaign_id} was not found"
            lists["error"].append({**row, "code": "NOT_FOUND", "details": details})
        else:
            lists["success"].append(row | _used(campaign, scene))
    return Document(lists)


def _used(campaign: Entity, scene: Scene) -> Item:
    moment = scene.now - scene.now % _STEP
    local = datetime.fromtimestamp(moment, ZoneInfo(scene.profile.timezone))
    passed = (local.hour * 3600 + local.minute * 60) / _DAY
    share = draw.unit(scene.sandbox.seed, "usage", campaign.id, local.date().isoformat())
    percent = round(100 * share * passed, 2) if campaign.state == ENABLED else 0.0
    told = datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    amount = scene.document(campaign).get("budget")
    budget = amount.get("budget") if isinstance(amount, dict) else amount
    row: Item = {"budgetUsagePercent": percent, "usageUpdatedTimestamp": told}
    return row if budget is None else {**row, "budget": budget}

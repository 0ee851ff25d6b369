"""Profiles API: list and get advertiser profiles, set the daily budget of sellers.

Source: campaign management reference 6 (documented and observed).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.ids import as_number
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.core.sandbox import Profile
from adsmock.mockserver.services.faults.kinds import partial
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.sandboxes.identities import company_name


def list_profiles(context: RequestContext) -> Document:
    """Return the profiles of the called region: another region's are never visible."""
    kinds = {kind for kind in context.parameters.get("profileTypeFilter", "").split(",") if kind}
    payment = context.parameters.get("validPaymentMethodFilter", "true").lower()
    rows = [
        _row(context, profile)
        for profile in context.sandbox.profiles.values()
        if profile.region == context.region and (not kinds or profile.kind in kinds)
    ]
    return Document(rows if payment != "false" else [])


def get_profile(context: RequestContext) -> Document:
    """Return one profile of the called region.

    Raises:
        ApiError: 404; the profile is not visible here.
    """
    profile = context.sandbox.profiles.get(context.parameters["profileId"])
    if profile is None or profile.region != context.region:
        raise ApiError("notFound", 404)
    return Document(_row(context, profile))


def update_profiles(context: RequestContext) -> Document:
    """Set the daily budget of sellers. Each item succeeds or fails on its own."""
    return Document([_set_budget(context, index, item) for index, item in enumerate(context.body)])


def _set_budget(context: RequestContext, index: int, item: dict[str, Any]) -> dict[str, Any]:
    effect = partial.failing(context.fault, index, item)
    if effect is not None:
        shown = as_number(str(item.get("profileId"))) or 0
        text = partial.text(effect)
        return {"profileId": shown, "code": effect.reason, "details": text}
    profile = context.sandbox.profiles.get(str(item.get("profileId")))
    if profile is None or profile.region != context.region:
        details = "Profile not found"
        shown = as_number(str(item.get("profileId"))) or 0
        return {"profileId": shown, "code": "NOT_FOUND", "details": details}
    row: dict[str, Any] = {"profileId": int(profile.id), "code": "SUCCESS"}
    if "dailyBudget" in item:
        if profile.kind != "seller":
            details = "dailyBudget applies to sellers only"
            return row | {"code": "INVALID_ARGUMENT", "details": details}
        if item["dailyBudget"] < 0:
            details = "dailyBudget must not be negative"
            return row | {"code": "INVALID_ARGUMENT", "details": details}
        changed = replace(profile, daily_budget=float(item["dailyBudget"]))
        context.sandbox.profiles[profile.id] = changed
    return row


def _row(context: RequestContext, profile: Profile) -> dict[str, Any]:
    row: dict[str, Any] = {
        "profileId": int(profile.id),
        "countryCode": profile.country,
        "currencyCode": profile.currency,
        "timezone": profile.timezone,
        "accountInfo": {
            "marketplaceStringId": profile.marketplace_id,
            "id": profile.account_id,
            "type": profile.kind,
            "name": company_name(context.sandbox, profile),
            "validPaymentMethod": True,
        },
    }
    if profile.daily_budget is not None:
        row["dailyBudget"] = profile.daily_budget
    return row

"""Feature flags of a profile: what its advertiser opted out of."""

from __future__ import annotations

from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.verbs.record_store import find, keep

_FLAG = "isOptedOutForAverageDailyBudgetIncrease"


def get_flags(context: RequestContext) -> Document:
    """Return the profile's flags."""
    found = find(context, context.profile.id)
    return Document({"featureFlags": {_FLAG: False} if found is None else found[1]})


def set_flags(context: RequestContext) -> Document:
    """Set the profile's flags."""
    keep(context, context.profile.id, {_FLAG: bool(context.body["featureFlags"].get(_FLAG))})
    return Document({"code": "OK", "details": ""})

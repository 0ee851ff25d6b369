"""Sponsored TV, and ad extensions: resources that only the unified model has, beyond the wire.

No older family has these resources, so the unified contract is their native one.

Source: OpenAPI AdsAPIv1SponsoredTelevision and AdsAPIv1SponsoredProducts (documented: members,
parents, delivery reasons). Assumed from the names: which state is which reason.
"""

from __future__ import annotations

from adsmock.mockserver.catalog import shared_rules
from adsmock.mockserver.catalog.resource import Resource, Serving

_CAMPAIGN, _AD_GROUP = shared_rules.under("v1.st")


def _serving(word: str) -> Serving:
    return Serving(states=shared_rules.states(word, f"{word}_STATUS_ENABLED"), by="assumed")


RESOURCES = (
    Resource("v1.st.campaigns", _serving("CAMPAIGN")),
    Resource("v1.st.adGroups", _serving("AD_GROUP"), parents=(_CAMPAIGN,)),
    Resource("v1.st.ads", _serving("AD"), parents=(_CAMPAIGN, _AD_GROUP)),
    Resource("v1.st.targets", _serving("TARGET"), parents=(_CAMPAIGN, _AD_GROUP)),
    Resource("v1.sp.adExtensions", _serving("AD_EXTENSION")),
)

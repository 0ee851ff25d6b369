"""The account and the instance that a call of Marketing Cloud names.

Sources are in the contract ``amc.instances`` (documented: both headers; assumed: the instances).
"""

from __future__ import annotations

from dataclasses import dataclass

from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.sandbox import Profile, Sandbox
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.sandboxes.identities import advertiser_entity_id

ACCOUNT = "Amazon-Advertising-API-AdvertiserId"
MARKETPLACE = "Amazon-Advertising-API-MarketplaceId"


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance of an account: the data of one profile, or synthetic data."""

    id: str
    profile: Profile
    is_synthetic: bool


def profile_of(context: RequestContext) -> Profile:
    """Return the profile behind the account that the headers name, in any region.

    Raises:
        ApiError: 400, a header is missing; 403, the client has no such account.
    """
    missing = next((each for each in (ACCOUNT, MARKETPLACE) if each not in context.parameters), "")
    if missing:
        raise ApiError("invalid", 400, message=f"Header {missing} is missing")
    for profile in context.sandbox.profiles.values():
        is_market = profile.marketplace_id == context.parameters[MARKETPLACE]
        if is_market and account_id(context.sandbox, profile) == context.parameters[ACCOUNT]:
            return profile
    raise ApiError("forbidden", 403)


def account_id(sandbox: Sandbox, profile: Profile) -> str:
    """Return the id of a profile's account."""
    return advertiser_entity_id(sandbox, profile)


def instances_of(sandbox: Sandbox, profile: Profile) -> list[Instance]:
    """Return the instances of a profile's account: the standard one, then the sandbox."""
    return [
        Instance(
            "amc" + seeded_random.letters(8, sandbox.seed, "amc", profile.id, kind).lower(),
            profile,
            kind == "SANDBOX",
        )
        for kind in ("STANDARD", "SANDBOX")
    ]


def instance_of(context: RequestContext) -> Instance:
    """Return the instance in the path.

    Raises:
        ApiError: as ``profile_of``; 403, the account has no such instance.
    """
    profile, named = profile_of(context), context.parameters["instanceId"]
    for each in instances_of(context.sandbox, profile):
        if each.id == named:
            return each
    raise ApiError("forbidden", 403)

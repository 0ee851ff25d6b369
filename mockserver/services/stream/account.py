"""The advertiser account that a call of Marketing Stream names: a profile, or an account header.

Source: OpenAPI AmazonMarketingStreamSubscriptions and the guides (documented: both headers, and
three spellings of the second).
"""

from __future__ import annotations

from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.stream.facts import USER, USER_CHOICE
from adsmock.mockserver.services.stream.subscription import Owner

SCOPE = "Amazon-Advertising-API-Scope"
ACCOUNTS = (
    "Amazon-Ads-Account-ID",
    "Amazon-Ads-AccountId",
    "Amazon-Advertising-API-Account-ID",
)


def owner_of(context: RequestContext) -> Owner:
    """Return who calls, with the account that the call names.

    Raises:
        ApiError: 400 or 401, no account is named; 401, the profile is unknown in this region;
            403, the account is unknown.
    """
    kind = context.operation.kind
    return Owner(
        context.principal.client_id,
        user_of(context),
        context.region,
        _account(context, is_dsp=kind == "dspSubscriptions"),
        kind,
    )


def user_of(context: RequestContext) -> str:
    """Return the Amazon user behind the refresh token."""
    return context.sandbox.choices.get(USER_CHOICE, USER)


def _account(context: RequestContext, *, is_dsp: bool) -> str:
    named = next(filter(None, map(context.parameters.get, ACCOUNTS)), None)
    scope = context.parameters.get(SCOPE)
    if scope and not is_dsp:
        profile = context.sandbox.profiles.get(scope)
        if profile is None or profile.region != context.region:
            raise ApiError("scopeUnknown", 401, values={"scope": scope})
        return profile.id
    if named is None and is_dsp:
        text = context.contract.extra["texts"]["accountHeader"]
        raise ApiError("invalid", 400, message=text)
    if named is None:
        raise ApiError("scopeMissing", 401)
    for profile in context.sandbox.profiles.values():
        if named == profile.account_id and profile.region == context.region:
            return profile.id
    if named.isascii() and named.isdecimal():
        return named  # a DSP advertiser; the sandbox keeps no list of them
    raise ApiError("forbidden", 403)

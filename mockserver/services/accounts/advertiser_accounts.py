"""Advertiser accounts of the unified API: the ads accounts with their profiles.

Source: Ads API v1 document of 2026-07 (documented: members, filters, page size). Assumed: that an
account with profiles of several countries is global.
"""

from __future__ import annotations

from adsmock.mockserver.catalog.locales import LOCALES
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.accounts.ads_accounts import accounts_of, profiles_of
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.sandboxes.identities import advertiser_entity_id, generate
from adsmock.mockserver.services.verbs import page_token
from adsmock.mockserver.services.verbs.record_store import Record

_PAGE = 100
_STATUSES = {"CREATED": ("APPROVED", "The account can be used")}
_PENDING = ("REGISTRATION_IN_PROGRESS", "The account is being registered")
_COUNTRIES = {"UK": "GB"}
"""Countries whose code in this API is another one."""
_UNNAMED = "US"
"""The country of an account that was registered without a known one."""


def query_accounts(context: RequestContext) -> Document:
    """Return a page of the client's advertiser accounts that fit both filters.

    Raises:
        ApiError: 400; the token is not of this query.
    """
    body = context.body
    ids = (body.get("advertiserAccountIdFilter") or {}).get("include")
    kinds = (body.get("isGlobalAccountFilter") or {}).get("include")
    rows = [_account(context, row) for row in accounts_of(context)]
    found = [
        row
        for row in rows
        if (not ids or row["advertiserAccountId"] in ids)
        and (not kinds or row["isGlobalAccount"] in kinds)
    ]
    asked = page_token.fingerprint(body, "nextToken", "maxResults")
    start = page_token.first_row(context, body.get("nextToken"), "nextToken", asked)
    end = start + (body.get("maxResults") or _PAGE)
    value: Record = {"advertiserAccounts": found[start:end]}
    if end < len(found):
        name = context.contract.name
        value["nextToken"] = page_token.make_page_token(context, name, asked, end)
    return Document(value)


def _account(context: RequestContext, row: Record) -> Record:
    profiles = profiles_of(context, row["adsAccountId"])
    code, message = _STATUSES.get(row["status"], _PENDING)
    alternates = [
        {
            "countryCode": _COUNTRIES.get(profile.country, profile.country),
            "entityId": advertiser_entity_id(context.sandbox, profile),
            "profileId": profile.id,
            "region": profile.region,
        }
        for profile in profiles
    ]
    return {
        "advertiserAccountId": row["adsAccountId"],
        "alternateIds": alternates,
        "businessDetails": [_business(context, row)],
        "displayName": row["accountName"],
        "isGlobalAccount": len({profile.country for profile in profiles}) > 1,
        "status": {"statusCode": code, "statusMessage": message},
    }


def _business(context: RequestContext, row: Record) -> Record:
    country = next((each for each in row["countryCodes"] if each in LOCALES), _UNNAMED)
    seed = (context.sandbox.seed, row["adsAccountId"])
    address = {
        "addressLine1": generate(country, "address", *seed).partition(",")[0],
        "businessName": row["accountName"],
        "city": generate(country, "city", *seed),
        "countryCode": _COUNTRIES.get(country, country),
    }
    return {"address": address}

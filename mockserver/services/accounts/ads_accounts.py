"""Ads accounts and the terms that a client accepts to register one.

Source: fundamentals reference 5.3 (documented: members, status values, that a pending account is
ready within seconds). How many seconds is assumed.
"""

from __future__ import annotations

import orjson

from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.core.sandbox import Profile
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.sandboxes.identities import company_name
from adsmock.mockserver.services.verbs import page_token
from adsmock.mockserver.services.verbs.record_store import Record, find, keep

SETUP_SECONDS = 20.0
"""Sandbox seconds until a requested account is ready (documented: 3 to 30)."""
_PAGE = 100


def list_accounts(context: RequestContext) -> Document:
    """Return a page of the client's ads accounts.

    Raises:
        ApiError: 400; the token is not one that a page gave.
    """
    body = context.body
    size, rows = int(body.get("maxResults") or _PAGE), accounts_of(context)
    start = page_token.first_row(context, body.get("nextToken"), "nextToken")
    value: Record = {"adsAccounts": rows[start : start + size]}
    if start + size < len(rows):
        value["nextToken"] = page_token.make_page_token(
            context, context.contract.name, "", start + size
        )
    return Document(value)


def get_account(context: RequestContext) -> Document:
    """Return one ads account.

    Raises:
        ApiError: 404; no account has this id.
    """
    wanted = context.parameters["advertisingAccountId"]
    for row in accounts_of(context):
        if row["adsAccountId"] == wanted:
            return Document({"adsAccount": row})
    raise ApiError("notFound", 404)


def register_account(context: RequestContext) -> Document:
    """Register an ads account; a terms token is optional and must name accepted terms.

    Source: OpenAPI AccountsAdsAccounts (documented: the token is better left out).

    Raises:
        ApiError: 400; the name is missing, or the terms are unknown, redeemed or not accepted.
    """
    body = context.body
    token = str(body.get("termsToken") or "")
    if not body.get("accountName"):
        raise ApiError("invalid", 400, message="accountName is needed")
    if token and _terms_status(context, token) != "ACCEPTED":
        raise ApiError("invalid", 400, message="The terms of termsToken are not accepted")
    found = find(context, token, "terms") if token else None
    if found is not None:
        keep(context, token, {**found[1], "isRedeemed": True}, "terms")
    account_id = _account_id(context.sandbox.mint.letters("adsAccount", 12))
    row = {"adsAccountId": account_id, "accountName": body["accountName"]}
    keep(context, account_id, {**row, "countryCodes": body.get("countryCodes") or []})
    return Document({"adsAccount": {**row, "status": "PENDING"}})


def create_terms(context: RequestContext) -> Document:
    """Return a new terms token and the URL where a person would accept the terms."""
    token = context.sandbox.mint.uuid("terms")
    keep(context, token, {"termsType": context.body.get("termsType") or "ADVERTISING"}, "terms")
    return Document(
        {"termsToken": token, "termsUrl": f"https://advertising.amazon.com/terms?token={token}"}
    )


def get_terms(context: RequestContext) -> Document:
    """Return the status of a terms token.

    Raises:
        ApiError: 400; the token is unknown.
    """
    token = context.parameters["termsToken"]
    found = find(context, token, "terms")
    if found is None:
        raise ApiError("invalid", 400, message="Unknown termsToken")
    return Document(
        {"termsTokenStatus": _terms_status(context, token), "termsType": found[1]["termsType"]}
    )


def _terms_status(context: RequestContext, token: str) -> str:
    """Return the status of a terms token, empty for an unknown one."""
    found = find(context, token, "terms")
    if found is None:
        return ""
    entity, terms = found
    if terms.get("isRedeemed"):
        return "REDEEMED"
    return "ACCEPTED" if context.now - entity.created >= SETUP_SECONDS else "CREATED"


def profiles_of(context: RequestContext, account_id: str) -> list[Profile]:
    """Return the profiles of an ads account, none for an unknown id."""
    return [
        profile
        for profile in context.sandbox.profiles.values()
        if account_id == _id_of_kind(context, profile.kind)
    ]


def accounts_of(context: RequestContext) -> list[Record]:
    """Return an account for each kind of profile, then those that the client registered."""
    by_kind: dict[str, list[Profile]] = {}
    for profile in context.sandbox.profiles.values():
        by_kind.setdefault(profile.kind, []).append(profile)
    rows = [_account_of_kind(context, kind, profiles) for kind, profiles in by_kind.items()]
    for entity in context.sandbox.store.table("", "adsAccounts").all():
        record: Record = orjson.loads(entity.body)
        status = "CREATED" if context.now - entity.created >= SETUP_SECONDS else "PENDING"
        rows.append({**record, "status": status, "alternateIds": []})
    return rows


def _account_of_kind(context: RequestContext, kind: str, profiles: list[Profile]) -> Record:
    alternates = [{"countryCode": each.country, "profileId": int(each.id)} for each in profiles]
    return {
        "adsAccountId": _id_of_kind(context, kind),
        "accountName": company_name(context.sandbox, profiles[0]),
        "status": "CREATED",
        "countryCodes": [each.country for each in profiles],
        "alternateIds": alternates,
    }


def _id_of_kind(context: RequestContext, kind: str) -> str:
    return _account_id(seeded_random.letters(12, context.sandbox.seed, "account", kind))


def _account_id(code: str) -> str:
    return f"amzn1.ads-account.g.{code.lower()}"

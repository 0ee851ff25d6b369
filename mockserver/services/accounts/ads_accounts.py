"""Accounts beside profiles: ads accounts with their terms, managers, test accounts, opt-outs.

Knows how they hang on the profiles of a sandbox, and which of them is done when. Must not know
bodies' media types or statuses of success.

Source: fundamentals reference 5.3, 5.4 (documented: members, words, batches of 20, a pending
account is made within seconds). What is done after which time is assumed.
"""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.core.sandbox import Profile
from adsmock.mockserver.services.accounts.profiles import profile_name
from adsmock.mockserver.services.faults import partial
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.verbs import page_token
from adsmock.mockserver.services.verbs.record_store import Record, find, keep, records

SETTLES = 20.0
"""Seconds until what was asked for is there (documented: 3 to 30)."""
LINKS = 20
"""Accounts of one call. Source: reference 5.3 (documented)."""
_PAGE = 100


def list_accounts(context: RequestContext) -> Document:
    """Return a page of the client's ads accounts.

    Raises:
        ApiError: 400; the token is not one that a page gave.
    """
    body = context.body
    size, rows = int(body.get("maxResults") or _PAGE), _accounts(context)
    start = page_token.row_of(context, body.get("nextToken"), "nextToken")
    value: Record = {"adsAccounts": rows[start : start + size]}
    if start + size < len(rows):
        value["nextToken"] = page_token.sealed(context, context.contract.name, "", start + size)
    return Document(value)


def get_account(context: RequestContext) -> Document:
    """Return one ads account.

    Raises:
        ApiError: 404; there is none with this id.
    """
    wanted = context.parameters["advertisingAccountId"]
    for row in _accounts(context):
        if row["adsAccountId"] == wanted:
            return Document({"adsAccount": row})
    raise ApiError("notFound", 404)


def register(context: RequestContext) -> Document:
    """Register an ads account, under accepted terms where a token of some is given.

    Source: OpenAPI AccountsAdsAccounts (documented: the token is better left out).

    Raises:
        ApiError: 400; the terms are unknown, used up or not accepted yet, or nothing names it.
    """
    body = context.body
    token = str(body.get("termsToken") or "")
    if not body.get("accountName"):
        raise ApiError("invalid", 400, message="accountName is needed")
    if token and _consent(context, token) != "ACCEPTED":
        raise ApiError("invalid", 400, message="The terms of termsToken are not accepted")
    found = find(context, token, "terms") if token else None
    if found is not None:
        keep(context, token, {**found[1], "isRedeemed": True}, "terms")
    account_id = _account_id(context.sandbox.mint.letters("adsAccount", 12))
    row = {"adsAccountId": account_id, "accountName": body["accountName"]}
    keep(context, account_id, {**row, "countryCodes": body.get("countryCodes") or []})
    return Document({"adsAccount": {**row, "status": "PENDING"}})


def make_terms(context: RequestContext) -> Document:
    """Return a token of terms, and where they would be accepted."""
    token = context.sandbox.mint.uuid("terms")
    keep(context, token, {"termsType": context.body.get("termsType") or "ADVERTISING"}, "terms")
    return Document(
        {"termsToken": token, "termsUrl": f"https://advertising.amazon.com/terms?token={token}"}
    )


def get_terms(context: RequestContext) -> Document:
    """Return how far terms are.

    Raises:
        ApiError: 400; the token is unknown.
    """
    token = context.parameters["termsToken"]
    found = find(context, token, "terms")
    if found is None:
        raise ApiError("invalid", 400, message="Unknown termsToken")
    return Document(
        {"termsTokenStatus": _consent(context, token), "termsType": found[1]["termsType"]}
    )


def _consent(context: RequestContext, token: str) -> str:
    found = find(context, token, "terms")
    if found is None:
        return ""
    entity, terms = found
    if terms.get("isRedeemed"):
        return "REDEEMED"
    return "ACCEPTED" if context.now - entity.created >= SETTLES else "CREATED"


def _accounts(context: RequestContext) -> list[Record]:
    kinds: dict[str, list[Profile]] = {}
    for profile in context.sandbox.profiles.values():
        kinds.setdefault(profile.kind, []).append(profile)
    rows = [_grouped(context, kind, profiles) for kind, profiles in kinds.items()]
    for entity, record in records(context):
        status = "CREATED" if context.now - entity.created >= SETTLES else "PENDING"
        rows.append({**record, "status": status, "alternateIds": []})
    return rows


def _grouped(context: RequestContext, kind: str, profiles: list[Profile]) -> Record:
    others = [{"countryCode": each.country, "profileId": int(each.id)} for each in profiles]
    return {
        "adsAccountId": _account_id(
            seeded_random.letters(12, context.sandbox.seed, "account", kind)
        ),
        "accountName": profile_name(profiles[0]),
        "status": "CREATED",
        "countryCodes": [each.country for each in profiles],
        "alternateIds": others,
    }


def profiles_of(context: RequestContext, account_id: str) -> list[Profile]:
    """Return the profiles of an ads account, none where nobody has it."""
    return [
        profile
        for profile in context.sandbox.profiles.values()
        if account_id
        == _account_id(seeded_random.letters(12, context.sandbox.seed, "account", profile.kind))
    ]


def _account_id(code: str) -> str:
    return f"amzn1.ads-account.g.{code.lower()}"


def list_managers(context: RequestContext) -> Document:
    """Return the client's manager accounts with what is linked to them."""
    return Document({"managerAccounts": [_manager(context, row) for _, row in records(context)]})


def make_manager(context: RequestContext) -> Document:
    """Make a manager account.

    Raises:
        ApiError: 400; it has no name.
    """
    name = context.body.get("managerAccountName")
    if not name:
        raise ApiError("invalid", 400, message="managerAccountName is needed")
    manager_id = f"amzn1.ads1.ma1.{context.sandbox.mint.letters('manager', 16).lower()}"
    record = {"managerAccountId": manager_id, "managerAccountName": name, "linked": []}
    keep(context, manager_id, record)
    return Document(_manager(context, record))


def link_accounts(context: RequestContext) -> Document:
    """Link or unlink accounts, each for itself, as the operation's verb says.

    Raises:
        ApiError: 400; there are too many, or no such manager account.
    """
    found = find(context, context.parameters["managerAccountId"])
    accounts = context.body.get("accounts") or []
    if found is None or len(accounts) > LINKS:
        text = f"At most {LINKS} accounts of a manager account that exists"
        raise ApiError("invalid", 400, message=text)
    record, known = found[1], {each.account_id for each in context.sandbox.profiles.values()}
    linked = list(record["linked"])
    done, failed = [], []
    for index, account in enumerate(accounts):
        error = _against(context, index, account, known)
        if error is not None:
            failed.append({"account": account, "error": error})
            continue
        linked = [each for each in linked if each != account["id"]]
        linked += [account["id"]] if context.operation.verb == "associate" else []
        done.append(account)
    keep(context, record["managerAccountId"], {**record, "linked": linked})
    return Document({"failedAccounts": failed, "succeedAccounts": done})


def _against(
    context: RequestContext, index: int, account: Record, known: set[str]
) -> Record | None:
    """Return why an account is not linked or unlinked: planned, or because it is not there."""
    effect = context.planned
    if effect is not None and index in partial.indexes(effect):
        code = _PLANNED.get(effect.error, "INTERNAL_SERVICE_ERROR")
        return {"code": code, "message": partial.words(effect)}
    if account.get("type") != "ACCOUNT_ID" or account.get("id") not in known:
        return {"code": "BAD_REQUEST", "message": "No such account"}
    return None


_PLANNED = {"throttledError": "TOO_MANY_REQUESTS"}
"""Kinds of planned refusals in the words of manager accounts."""


def _manager(context: RequestContext, record: Record) -> Record:
    by_id = {each.account_id: each for each in context.sandbox.profiles.values()}
    linked = [_linked(by_id[each]) for each in record["linked"] if each in by_id]
    return {**{key: record[key] for key in record if key != "linked"}, "linkedAccounts": linked}


def _linked(profile: Profile) -> dict[str, Any]:
    return {
        "accountId": profile.account_id,
        "accountName": profile_name(profile),
        "accountType": profile.kind.upper(),
        "marketplaceId": profile.marketplace_id,
        "profileId": profile.id,
    }


def make_tester(context: RequestContext) -> Document:
    """Ask for a test account, of which there is one of a type in a marketplace.

    Source: OpenAPI TestAccount (documented: one of a type; that 422 says so is assumed).

    Raises:
        ApiError: 422; there is one already.
    """
    request_id = context.sandbox.mint.uuid("testAccount")
    wanted = {name: context.body[name] for name in ("accountType", "countryCode")}
    if any(record == wanted for _, record in records(context)):
        message = "A test account of this type exists in the marketplace already"
        raise ApiError("unprocessable", 422, message=message)
    keep(context, request_id, wanted)
    return Document({"requestId": request_id})


def list_testers(context: RequestContext) -> Document:
    """Return test accounts, or the one that a request asked for.

    Raises:
        ApiError: 404; nothing was asked for under this id.
    """
    wanted = context.parameters.get("requestId")
    found = [row for row in records(context) if not wanted or row[0].id == wanted]
    if wanted and not found:
        raise ApiError("notFound", 404)
    return Document(
        [_tester(entity.id, record, context.now - entity.created) for entity, record in found]
    )


def _tester(request_id: str, record: Record, age: float) -> Record:
    if age < SETTLES:
        return {**record, "status": "IN_PROGRESS"}
    asins = [f"B0{seeded_random.letters(8, request_id, number)}" for number in range(3)]
    account_id = f"ENTITY{seeded_random.letters(13, request_id)}"
    return {**record, "status": "COMPLETED", "id": account_id, "asins": asins}


_FLAG = "isOptedOutForAverageDailyBudgetIncrease"


def get_flags(context: RequestContext) -> Document:
    """Return what a profile opted out of."""
    found = find(context, context.profile.id)
    return Document({"featureFlags": {_FLAG: False} if found is None else found[1]})


def set_flags(context: RequestContext) -> Document:
    """Keep what a profile opts out of."""
    keep(context, context.profile.id, {_FLAG: bool(context.body["featureFlags"].get(_FLAG))})
    return Document({"code": "OK", "details": ""})

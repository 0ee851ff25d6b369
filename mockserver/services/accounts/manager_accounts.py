"""Manager accounts and the advertiser accounts that are linked to them.

Source: fundamentals reference 5.4 (documented: members, error codes, batches of 20).
"""

from __future__ import annotations

from typing import Any

import orjson

from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.core.sandbox import Profile
from adsmock.mockserver.services.faults.kinds import partial
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.sandboxes.identities import company_name
from adsmock.mockserver.services.verbs.record_store import Record, find, keep, records

NAME = "managerAccounts"
"""The contract, and the table of its records."""
MAX_LINKS = 20
"""Accounts of one call. Source: fundamentals reference 5.3 (documented)."""

_ERROR_CODES = {"throttledError": "TOO_MANY_REQUESTS"}
"""Error codes of this API for the errors that a `partial` fault injects."""


def list_managers(context: RequestContext) -> Document:
    """Return the client's manager accounts with their linked accounts."""
    return Document({"managerAccounts": [_manager(context, row) for _, row in records(context)]})


def create_manager(context: RequestContext) -> Document:
    """Create a manager account.

    Raises:
        ApiError: 400; the name is missing.
    """
    name = context.body.get("managerAccountName")
    if not name:
        raise ApiError("invalid", 400, message="managerAccountName is needed")
    manager_id = f"amzn1.ads1.ma1.{context.sandbox.mint.letters('manager', 16).lower()}"
    record = {"managerAccountId": manager_id, "managerAccountName": name, "linked": []}
    keep(context, manager_id, record)
    return Document(_manager(context, record))


def link_accounts(context: RequestContext) -> Document:
    """Link or unlink accounts, by the operation's verb. Each succeeds or fails on its own.

    Raises:
        ApiError: 400; there are too many accounts, or the manager account is unknown.
    """
    found = find(context, context.parameters["managerAccountId"])
    accounts = context.body.get("accounts") or []
    if found is None or len(accounts) > MAX_LINKS:
        text = f"At most {MAX_LINKS} accounts of a manager account that exists"
        raise ApiError("invalid", 400, message=text)
    record, known = found[1], {each.account_id for each in context.sandbox.profiles.values()}
    linked = list(record["linked"])
    succeeded, failed = [], []
    for index, account in enumerate(accounts):
        error = _link_error(context, index, account, known)
        if error is not None:
            failed.append({"account": account, "error": error})
            continue
        linked = [each for each in linked if each != account["id"]]
        linked += [account["id"]] if context.operation.verb == "associate" else []
        succeeded.append(account)
    keep(context, record["managerAccountId"], {**record, "linked": linked})
    return Document({"failedAccounts": failed, "succeedAccounts": succeeded})


def linked_profiles(context: RequestContext, manager_id: str) -> list[Profile]:
    """Return the profiles that are linked to a manager account, none for an unknown one."""
    stored = context.sandbox.store.table("", NAME).get(manager_id)
    linked = orjson.loads(stored.body)["linked"] if stored is not None else []
    return [each for each in context.sandbox.profiles.values() if each.account_id in linked]


def _link_error(
    context: RequestContext, index: int, account: Record, known: set[str]
) -> Record | None:
    """Return why an account cannot be linked or unlinked: a planned fault, or an unknown id."""
    effect = partial.failing(context.fault, index, account)
    if effect is not None:
        code = _ERROR_CODES.get(effect.error, "INTERNAL_SERVICE_ERROR")
        return {"code": code, "message": partial.text(effect)}
    if account.get("type") != "ACCOUNT_ID" or account.get("id") not in known:
        return {"code": "BAD_REQUEST", "message": "No such account"}
    return None


def _manager(context: RequestContext, record: Record) -> Record:
    by_id = {each.account_id: each for each in context.sandbox.profiles.values()}
    linked = [_linked(context, by_id[each]) for each in record["linked"] if each in by_id]
    return {**{key: record[key] for key in record if key != "linked"}, "linkedAccounts": linked}


def _linked(context: RequestContext, profile: Profile) -> dict[str, Any]:
    return {
        "accountId": profile.account_id,
        "accountName": company_name(context.sandbox, profile),
        "accountType": profile.kind.upper(),
        "marketplaceId": profile.marketplace_id,
        "profileId": profile.id,
    }

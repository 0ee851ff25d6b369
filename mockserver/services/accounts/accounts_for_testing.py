"""Test accounts: requested, then ready some seconds later.

Source: OpenAPI TestAccount (documented: members, one account of a type in a marketplace; assumed:
that 422 refuses a second one).
"""

from __future__ import annotations

from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.accounts.ads_accounts import SETUP_SECONDS
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.verbs.record_store import Record, keep, records


def request_account(context: RequestContext) -> Document:
    """Request a test account and return the id of the request.

    Raises:
        ApiError: 422; the marketplace has one of this type.
    """
    request_id = context.sandbox.mint.uuid("testAccount")
    wanted = {name: context.body[name] for name in ("accountType", "countryCode")}
    if any(record == wanted for _, record in records(context)):
        message = "A test account of this type exists in the marketplace already"
        raise ApiError("unprocessable", 422, message=message)
    keep(context, request_id, wanted)
    return Document({"requestId": request_id})


def list_accounts(context: RequestContext) -> Document:
    """Return every test account, or the one of a request.

    Raises:
        ApiError: 404; no request has this id.
    """
    wanted = context.parameters.get("requestId")
    found = [row for row in records(context) if not wanted or row[0].id == wanted]
    if wanted and not found:
        raise ApiError("notFound", 404)
    return Document(
        [_account(entity.id, record, context.now - entity.created) for entity, record in found]
    )


def _account(request_id: str, record: Record, age: float) -> Record:
    if age < SETUP_SECONDS:
        return {**record, "status": "IN_PROGRESS"}
    asins = [f"B0{seeded_random.letters(8, request_id, number)}" for number in range(3)]
    account_id = f"ENTITY{seeded_random.letters(13, request_id)}"
    return {**record, "status": "COMPLETED", "id": account_id, "asins": asins}

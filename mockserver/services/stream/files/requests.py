"""Subscriptions of the second generation: create, query, retrieve, delete.

Sources are in the contract ``v1.streamSubscriptions``: names and limits are documented, the texts
and codes of refusals are assumed.
"""

from __future__ import annotations

import re
from typing import Any

from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.accounts.ads_accounts import profiles_of
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.stream.account import user_of
from adsmock.mockserver.services.stream.buckets import Buckets
from adsmock.mockserver.services.stream.destination import QUEUE
from adsmock.mockserver.services.stream.facts import FILE_KIND, FILES, datasets, extra
from adsmock.mockserver.services.stream.files.access import may_notify, may_write
from adsmock.mockserver.services.stream.files.parquet import MISSING, is_available
from adsmock.mockserver.services.stream.requests import new_id
from adsmock.mockserver.services.stream.subscription import LIVE, Owner, Subscription
from adsmock.mockserver.services.stream.subscription_table import Subscriptions
from adsmock.mockserver.services.verbs import page_token

_BUCKET = re.compile(r"arn:aws[\w-]*:s3:::(?P<name>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])", re.ASCII)
_AT = "$.streamSubscriptions[0]"


class _Refused(Exception):
    """The one item of a call is refused: its code, its text and the place in the request."""

    def __init__(self, code: str, text: str, place: str) -> None:
        super().__init__(text)
        self.row = {"code": code, "fieldLocation": place, "message": text}


def create(context: RequestContext) -> Document:
    """Subscribe accounts to a dataset.

    Raises:
        ApiError: 403, an account is not accessible; 500, files cannot be written here.
    """
    accounts = _accounts(context)
    if not is_available():
        raise ApiError("internal", 500, message=MISSING)
    subscriptions = Subscriptions(context.sandbox, context.now)
    try:
        made = _subscription(context, accounts)
        _check_same(context, made, subscriptions)
    except _Refused as refused:
        return _error(refused)
    subscriptions.add(made)
    return _success(context, made)


def query(context: RequestContext) -> Document:
    """Return a page of the subscriptions of any of the accounts.

    Raises:
        ApiError: 400, size or token of the page are not valid; 403, an account is not accessible.
    """
    accounts, body = _accounts(context), context.body
    most = context.contract.extra["page"]
    size = most if body.get("maxResults") is None else int(body["maxResults"])
    if not 1 <= size <= most:
        text = _texts(context)["size"].replace("{most}", str(most))
        raise ApiError("invalid", 400, message=text)
    asked = page_token.fingerprint({"accounts": sorted({name for name, _ in accounts})})
    start = page_token.first_row(context, body.get("nextToken"), "nextToken", asked)
    subscriptions = Subscriptions(context.sandbox, context.now)
    found = [each for each in subscriptions.all() if _is_own(context, each, accounts)]
    rows = [_shown(context, each) for each in found[start : start + size]]
    value: dict[str, Any] = {"streamSubscriptions": rows}
    if start + size < len(found):
        value["nextToken"] = page_token.make_page_token(
            context, context.contract.name, asked, start + size
        )
    return Document(value)


def retrieve(context: RequestContext) -> Document:
    """Return one subscription.

    Raises:
        ApiError: 403; an account is not accessible.
    """
    try:
        return _success(context, _find(context))
    except _Refused as refused:
        return _error(refused)


def delete(context: RequestContext) -> Document:
    """Archive a subscription and return it.

    Raises:
        ApiError: 403; an account is not accessible.
    """
    subscriptions = Subscriptions(context.sandbox, context.now)
    try:
        found = _find(context)
        _check_active(context, found, subscriptions)
    except _Refused as refused:
        return _error(refused)
    return _success(context, subscriptions.archive(found))


def _accounts(context: RequestContext) -> list[list[str]]:
    """Return the profiles of the called region that a request names, each with its account's id.

    Raises:
        ApiError: 403; an account is not accessible.
    """
    pairs: list[list[str]] = []
    for each in context.body["accessRequestedAccounts"]:
        account = each["advertiserAccountId"]
        profiles = profiles_of(context, account)
        if not profiles:
            raise ApiError("forbidden", 403, message=_texts(context)["access"])
        here = [profile.id for profile in profiles if profile.region == context.region]
        pairs += [[account, profile] for profile in here if [account, profile] not in pairs]
    return pairs


def _subscription(context: RequestContext, accounts: list[list[str]]) -> Subscription:
    body, texts = context.body["streamSubscriptions"][0], _texts(context)
    dataset = datasets().get(body["configuration"]["dataset"]["datasetId"])
    if dataset is None or FILE_KIND not in dataset.at:
        place = f"{_AT}.configuration.dataset.datasetId"
        raise _Refused("INVALID_ARGUMENT", texts["unknownDataset"], place)
    queue, bucket = _destination(context, body["destination"]["s3Destination"])
    owner = Owner(
        context.principal.client_id,
        user_of(context),
        context.region,
        accounts[0][1] if accounts else "",
        FILE_KIND,
    )
    return Subscription(
        new_id(context),
        owner,
        dataset.id,
        FILES,
        queue,
        context.now,
        confirmed=context.now,
        bucket=bucket,
        accounts=accounts,
    )


def _destination(context: RequestContext, asked: dict[str, Any]) -> tuple[str, str]:
    """Return the ARN of the queue and the name of the bucket, which the publisher can reach."""
    texts, place = _texts(context), f"{_AT}.destination.s3Destination"
    at_queue, at_bucket = f"{place}.notification.queueArn", f"{place}.bucketArn"
    queue_arn, bucket_arn = asked["notification"]["queueArn"], asked["bucketArn"]
    queue, bucket = QUEUE.fullmatch(queue_arn), _BUCKET.fullmatch(bucket_arn)
    if queue is None or queue["name"].endswith(".fifo"):
        raise _Refused("INVALID_ARGUMENT", texts["queue"], at_queue)
    if bucket is None:
        raise _Refused("INVALID_ARGUMENT", texts["bucket"], at_bucket)
    regions = extra()["file_regions"][context.region]
    if queue["region"] not in regions:
        raise _Refused("INVALID_ARGUMENT", f"{queue['region']} {texts['region']}", at_queue)
    known_queue = context.sandbox.queues.get(queue_arn)
    known_bucket = Buckets(context.sandbox).get(bucket["name"])
    if known_bucket is not None:
        if known_bucket.region not in regions:
            raise _Refused(
                "INVALID_ARGUMENT", f"{known_bucket.region} {texts['region']}", at_bucket
            )
        if not may_write(known_bucket.policy, bucket_arn):
            raise _Refused("ACCESS_DENIED", texts["bucketAccess"], at_bucket)
    if known_queue is not None and not may_notify(
        known_queue.settings.get("Policy", ""), queue_arn
    ):
        raise _Refused("ACCESS_DENIED", texts["queueAccess"], at_queue)
    return queue_arn, bucket["name"]


def _check_same(context: RequestContext, made: Subscription, subscriptions: Subscriptions) -> None:
    for each in subscriptions.all():
        is_same = (each.dataset, each.arn, each.bucket) == (made.dataset, made.arn, made.bucket)
        if (
            is_same
            and each.owner.client == made.owner.client
            and subscriptions.status(each) in LIVE
            and any(pair in made.accounts for pair in each.accounts)
        ):
            raise _Refused("DUPLICATE_VALUE", _texts(context)["same"], _AT)


def _find(context: RequestContext) -> Subscription:
    wanted = context.body["streamSubscriptionIds"][0]
    accounts = _accounts(context)
    found = Subscriptions(context.sandbox, context.now).get(wanted)
    if found is None or not _is_own(context, found, accounts):
        text = _texts(context)["missing"].replace("{id}", wanted)
        raise _Refused("RESOURCE_ID_NOT_FOUND", text, "$.streamSubscriptionIds[0]")
    return found


def _check_active(
    context: RequestContext, found: Subscription, subscriptions: Subscriptions
) -> None:
    if subscriptions.status(found) != "ACTIVE":
        text = _texts(context)["inactive"]
        raise _Refused("INVALID_STATE", text, "$.streamSubscriptionIds[0]")


def _is_own(context: RequestContext, found: Subscription, accounts: list[list[str]]) -> bool:
    owner = found.owner
    asks = (context.principal.client_id, user_of(context), context.region, FILE_KIND)
    if (owner.client, owner.user, owner.region, owner.kind) != asks:
        return False
    return any(pair in accounts for pair in found.accounts) or not found.accounts


def _shown(context: RequestContext, found: Subscription) -> dict[str, Any]:
    return Subscriptions(context.sandbox, context.now).shown(found)


def _success(context: RequestContext, found: Subscription) -> Document:
    row = {"index": 0, "streamSubscription": _shown(context, found)}
    return Document({"success": [row], "error": None})


def _error(refused: _Refused) -> Document:
    return Document({"success": None, "error": [{"index": 0, "errors": [refused.row]}]})


def _texts(context: RequestContext) -> dict[str, str]:
    texts: dict[str, str] = context.contract.extra["texts"]
    return texts

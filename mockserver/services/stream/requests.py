"""Subscriptions of the first generation: create, list, get, update.

Source: OpenAPI AmazonMarketingStreamSubscriptions 3.0; managing-subscriptions and the FAQ
(documented: limits with their texts; assumed: the status 409, the order of the checks).
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import replace
from typing import Any

from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document, File
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.stream.account import owner_of
from adsmock.mockserver.services.stream.destination import Destination, read_destination
from adsmock.mockserver.services.stream.facts import aws_region, datasets, provisioning_seconds
from adsmock.mockserver.services.stream.subscription import Owner, Subscription
from adsmock.mockserver.services.stream.subscription_table import Subscriptions
from adsmock.mockserver.services.verbs import page_token

ID_PREFIX = "amzn1.fead.cs1."
"""What subscription ids begin with. Source: managing-subscriptions (documented sample)."""


def create(context: RequestContext) -> Document:
    """Subscribe an account to a dataset; the same token with the same body changes nothing.

    Raises:
        ApiError: 400, the dataset or destination is not supported; 409, a limit is reached or the
            token was used with another body.
    """
    owner, body = owner_of(context), context.body
    token = body["clientRequestToken"]
    subscriptions = Subscriptions(context.sandbox, context.now)
    asked = page_token.fingerprint(body | {"account": owner.account, "kind": owner.kind})
    known = subscriptions.by_token(owner.user, token)
    if known is None:
        known = _subscription(context, owner, asked)
        _check_limits(context, known, subscriptions)
        subscriptions.add(known)
    elif known.asked != asked:
        raise ApiError("conflict", 409, message=_texts(context)["token"])
    return Document({"subscriptionId": known.id, "clientRequestToken": token})


def list_subscriptions(context: RequestContext) -> Document:
    """Return a page of the account's subscriptions that the caller's user created.

    Raises:
        ApiError: 400; the size or the token of the page is not valid.
    """
    owner, parameters = owner_of(context), context.parameters
    size = _size(context)
    start = page_token.first_row(
        context, parameters.get("startingToken"), "startingToken", f"{owner.account} {owner.kind}"
    )
    subscriptions = Subscriptions(context.sandbox, context.now)
    found = subscriptions.of(owner)
    value: dict[str, Any] = {
        "subscriptions": [subscriptions.shown(each) for each in found[start : start + size]]
    }
    if start + size < len(found):
        asked = f"{owner.account} {owner.kind}"
        value["nextToken"] = page_token.make_page_token(
            context, context.contract.name, asked, start + size
        )
    return Document(value)


def get(context: RequestContext) -> Document:
    """Return one subscription.

    Raises:
        ApiError: 404; the caller has no subscription with this id.
    """
    subscriptions = Subscriptions(context.sandbox, context.now)
    return Document({"subscription": subscriptions.shown(_find(context, subscriptions))})


def update(context: RequestContext) -> File:
    """Change the notes of a subscription, or archive it.

    Raises:
        ApiError: 404, the caller has no subscription with this id; 409, it is not ACTIVE.
    """
    subscriptions = Subscriptions(context.sandbox, context.now)
    found, body = _find(context, subscriptions), context.body or {}
    if subscriptions.status(found) != "ACTIVE":
        raise ApiError("conflict", 409, message=_texts(context)["inactive"])
    if body.get("notes") is not None:
        found = replace(found, notes=body["notes"], noted=context.now)
        subscriptions.put(found)
    if body.get("status") is not None:
        subscriptions.archive(found)
    return File(b"", "")


def new_id(context: RequestContext) -> str:
    """Return the id of a new subscription."""
    raw = bytes.fromhex(context.sandbox.mint.uuid("streamSubscription").replace("-", ""))
    return ID_PREFIX + urlsafe_b64encode(raw).rstrip(b"=").decode()


def _subscription(context: RequestContext, owner: Owner, asked: str) -> Subscription:
    body, texts = context.body, _texts(context)
    dataset = datasets().get(body["dataSetId"])
    if dataset is None or owner.kind not in dataset.at:
        raise ApiError("invalid", 400, message=f"{texts['unknownDataset']}: {body['dataSetId']}")
    target = read_destination(body, texts)
    _check_region(context, target)
    firehose = (body.get("destination") or {}).get("firehoseDestination") or {}
    ready = context.now + provisioning_seconds(target.service)
    return Subscription(
        new_id(context),
        owner,
        dataset.id,
        target.service,
        target.arn,
        context.now,
        firehose=firehose,
        is_sound=target.is_sound,
        notes=body.get("notes"),
        token=body["clientRequestToken"],
        asked=asked,
        confirmed=ready if firehose and target.is_sound else None,
        sns_base=_sns_base(context),
    )


def _sns_base(context: RequestContext) -> str:
    """Return where the caller reaches SNS; empty for Amazon's host names."""
    return "" if context.base_url.endswith(".amazonaws.com") else context.sandboxes.aws_url


def _check_region(context: RequestContext, target: Destination) -> None:
    if target.region != aws_region(context.region):
        text = f"{target.region} {_texts(context)['region']}"
        raise ApiError("invalid", 400, message=text)


def _check_limits(
    context: RequestContext, wanted: Subscription, subscriptions: Subscriptions
) -> None:
    extra, texts, owner = context.contract.extra, _texts(context), wanted.owner
    own = subscriptions.of_account(owner, wanted.dataset)
    if sum(each.arn == wanted.arn for each in own) >= extra["per_destination"]:
        raise ApiError("conflict", 409, message=texts["destination"])
    if len(own) >= extra["per_account"]:
        raise ApiError("conflict", 409, message=texts["account"])
    if subscriptions.is_full(owner.client, wanted.dataset, extra["per_dataset"]):
        raise ApiError("conflict", 409, message=texts["dataset"])
    if wanted.service == "sqs" and subscriptions.are_pending(owner.client, extra["pending"]):
        raise ApiError("conflict", 409, message=texts["pending"])


def _find(context: RequestContext, subscriptions: Subscriptions) -> Subscription:
    found = subscriptions.get(context.parameters["subscriptionId"])
    if found is None or found.owner != owner_of(context):
        raise ApiError("notFound", 404)
    return found


def _size(context: RequestContext) -> int:
    largest = next(row.maximum for row in context.operation.parameters if row.name == "maxResults")
    given, largest = context.parameters.get("maxResults"), largest or 1
    size = int(given) if given and given.isascii() and given.isdecimal() else 0
    if given is None:
        return largest
    if not 1 <= size <= largest:
        text = f"maxResults must be between 1 and {largest}"
        raise ApiError("invalid", 400, message=text)
    return size


def _texts(context: RequestContext) -> dict[str, str]:
    texts: dict[str, str] = context.contract.extra["texts"]
    return texts

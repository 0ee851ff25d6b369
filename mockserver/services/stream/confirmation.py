"""Confirmation of a subscription: the SNS message in the queue, and the call that confirms.

The message names neither the subscription nor the advertiser (observed: ads-advanced-tools-docs
issue 445). Its token is signed and names the sandbox, so that a plain GET finds its way.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.core.sandboxes import generation_of
from adsmock.mockserver.core.signed_token import TokenSigner
from adsmock.mockserver.services.stream.facts import aws_region, datasets
from adsmock.mockserver.services.stream.subscription import Subscription
from adsmock.mockserver.services.stream.subscription_table import Subscriptions

TOKEN_KIND = "sns"
CERTIFICATE = "/SimpleNotificationService-9c6465fa7f48f5cacd23014631ec1136.pem"
_SERIAL = 12


def topic_of(subscription: Subscription) -> str:
    """Return the ARN of the SNS topic that serves a subscription.

    It belongs to Amazon's account for the dataset and region. The name is generated (assumed).
    """
    owner = subscription.owner
    dataset = datasets().get(subscription.dataset)
    account = dataset.topics.get(owner.region) if dataset else None
    parts = (subscription.dataset, owner.region)
    account = account or f"{seeded_random.integer(10**_SERIAL, 'topic', *parts):0{_SERIAL}d}"
    name = seeded_random.uuid("topic", *parts, owner.client, owner.account)
    return f"arn:aws:sns:{aws_region(owner.region)}:{account}:{name}"


def token_of(subscription: Subscription, sandbox: Sandbox, signer: TokenSigner) -> str:
    """Return the token that confirms a subscription."""
    return signer.sign(TOKEN_KIND, sandbox.id, subscription.id, *sandbox.later_generation)


def message_of(subscription: Subscription, sandbox: Sandbox, signer: TokenSigner) -> dict[str, Any]:
    """Return the SubscriptionConfirmation message, as it is alone in the body."""
    topic, token = topic_of(subscription), token_of(subscription, sandbox, signer)
    region = aws_region(subscription.owner.region)
    host = f"https://sns.{region}.amazonaws.com"
    query = urlencode({"Action": "ConfirmSubscription", "TopicArn": topic, "Token": token})
    sent = subscription.provisioned
    return {
        "Type": "SubscriptionConfirmation",
        "MessageId": seeded_random.uuid(sandbox.seed, "confirmation", subscription.id),
        "Token": token,
        "TopicArn": topic,
        "Message": (
            f"You have chosen to subscribe to the topic {topic}.\nTo confirm the subscription, "
            "visit the SubscribeURL included in this message."
        ),
        "SubscribeURL": f"{subscription.sns_base or host}/?{query}",
        "Timestamp": format_utc(sent),
        "SignatureVersion": "1",
        "Signature": seeded_random.hexadecimal(64, "signature", token),
        "SigningCertURL": host + CERTIFICATE,
    }


def confirm(
    sandbox: Sandbox, signer: TokenSigner, now: float, topic: str, token: str
) -> str | None:
    """Confirm the subscription of a token; return the ARN of its SNS subscription.

    None says that the token is of another topic, too old, or unknown.
    """
    opened = signer.verify(TOKEN_KIND, token)
    subscriptions = Subscriptions(sandbox, now)
    if opened is None or opened[0] != sandbox.id:
        return None
    if generation_of(opened, 2) != sandbox.generation:
        return None
    found = subscriptions.get(opened[1])
    if found is None or topic_of(found) != topic:
        return None
    found = subscriptions.confirm(found)
    if found.confirmed is None:
        return None
    return f"{topic}:{seeded_random.uuid('subscription', found.id)}"

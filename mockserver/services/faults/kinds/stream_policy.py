"""Fault kind ``stream-policy``: the policy of the queue refuses Amazon's topic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from adsmock.contracts.contract_set import ContractSet
from adsmock.mockserver.core.delivery import Delivery
from adsmock.mockserver.core.effect import Subject, setting
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.services.faults.stream_effect import StreamEffect

OTHER_ACCOUNT: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "SQS:SendMessage",
            "Resource": "*",
            "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:000000000000:*"}},
        }
    ],
}
"""The usual mistake: the policy permits the topics of another account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamPolicy(StreamEffect):
    """A wrong policy in place of the queue's, until its owner sets another one.

    Source: Ads docs, onboarding for SQS (documented: the queue policy permits the account of each
    dataset and region; without it the status stays PENDING_CONFIRMATION).
    """

    kind = "stream-policy"
    acts_on: ClassVar[tuple[Subject, ...]] = ("record", "confirmation")
    summary = (
        "Replaces the policy of the queue by one that refuses Amazon's topic, so that no message "
        "of Marketing Stream arrives until `SetQueueAttributes` permits it. What was refused is "
        "lost."
    )

    policy: dict[str, Any] | None = setting(  # noqa: RUF009 -- returns a field of the dataclass
        "policy",
        {
            "type": "object",
            "description": "The policy of the queue; by default one that permits another account.",
        },
    )

    @classmethod
    def check(cls, given: dict[str, Any], contract_set: ContractSet) -> None:
        """Check that the policy has statements."""
        if "Statement" not in given.get("policy", {"Statement": []}):
            raise SetupError(
                'a policy needs "Statement": give the JSON of a queue policy',
                pointer="/effect/policy",
            )

    def change_delivery(self, delivery: Delivery) -> bool:
        """Replace the policy."""
        delivery.policy = self.policy or OTHER_ACCOUNT
        return True

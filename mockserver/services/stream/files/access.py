"""What the policies of a bucket and a queue must permit, so that files can be delivered.

Source: Amazon's template of Stream v2 (documented: the publisher role puts objects and sends
messages).
"""

from __future__ import annotations

from adsmock.mockserver.services.stream.aws.policy import Access, permits
from adsmock.mockserver.services.stream.facts import extra


def may_notify(policy: str, queue_arn: str) -> bool:
    """Say whether the policy of a queue lets the publisher send notifications."""
    return permits(policy, Access("sqs:sendmessage", queue_arn, extra()["publisher"]))


def may_write(policy: str, bucket_arn: str) -> bool:
    """Say whether the policy of a bucket lets the publisher write files."""
    return permits(policy, Access("s3:putobject", f"{bucket_arn}/file", extra()["publisher"]))

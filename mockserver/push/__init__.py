"""Messages of Marketing Stream on their way out of the mock: to AWS-compatible servers, a web hook.

The queue of a subscription keeps a message until the receiver accepted it, so the faults, the order
and the data directory are those of the inbox:

    delivery ─ queue of the sandbox ─ Pusher: first messages ─ channel ─ accepted: deleted
                                                                       └ refused: again, set aside

``pusher``   the thread that does this, for all sandboxes; backoff runs on their clocks.
``webhook``  a channel: signed POSTs.
``aws``      a channel each for SQS, Firehose, and files in S3.

It sends to the URLs that the user names, and never to AWS (``address``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from adsmock.mockserver.core.sandboxes import Sandboxes

if TYPE_CHECKING:
    from adsmock.mockserver.push.channel import Channel
    from adsmock.mockserver.push.pusher import Pusher


def make_pusher(sandboxes: Sandboxes) -> Pusher | None:
    """Return what sends the messages of all sandboxes to their targets, None without targets."""
    targets = sandboxes.pushes.targets
    if not targets:
        return None
    from adsmock.mockserver.push.pusher import Pusher  # noqa: PLC0415 -- an option

    channels: dict[str, Channel] = {}
    if targets.webhook:
        from adsmock.mockserver.push.webhook import WebhookChannel  # noqa: PLC0415 -- as above

        epoch = sandboxes.source.epoch
        channels["webhook"] = WebhookChannel(targets.webhook, targets.secret, epoch)
    if targets.endpoints:
        from adsmock.mockserver.push import aws  # noqa: PLC0415 -- as above

        clients = aws.AwsClients(targets.endpoints)
        channels |= {
            "sqs": aws.SqsChannel(clients),
            "firehose": aws.FirehoseChannel(clients),
            "s3": aws.FileChannel(clients),
        }
    return Pusher(sandboxes, channels)

"""A consumer of Amazon Marketing Stream: confirms, removes duplicates, sums deltas, loses nothing.

::

    aws = Aws.from_environment(os.environ)
    store = StreamStore("stream.db")
    consumer = Consumer(SqsQueue(queue_url, aws), store, confirm=aws.confirm)
    while True:
        consumer.step()                       # waits up to 20 seconds for messages
        for row in store.sums("sp-traffic"):  # campaign, hour, metric, total
            ...

With boto3, ``SdkQueue`` takes its client. Anything with ``receive`` and ``delete`` is a queue.
"""

from .aws import Aws, AwsError, SdkQueue, SqsQueue
from .consumer import Consumer, Message, Queue, lost_subscriptions
from .store import StreamStore, Sum
from .subscriber import Subscribed, Subscriber

__all__ = [
    "Aws",
    "AwsError",
    "Consumer",
    "Message",
    "Queue",
    "SdkQueue",
    "SqsQueue",
    "StreamStore",
    "Subscribed",
    "Subscriber",
    "Sum",
    "lost_subscriptions",
]

"""Amazon Marketing Stream: subscriptions, the inbox of queues, confirmation and delivery.

``requests``      subscriptions of the first generation; ``subscription`` has their states. A
                  subscription stores what happened to it and when, and the clock decides its state.
``queues``        the SQS queues of a sandbox (``core.queue``); ``aws`` serves SQS, SNS and S3.
``confirmation``  the message that a queue gets first, and the call that confirms.
``delivery``      what is due goes to the queues, in order of time: ``delivery.catch_up``.
``datasets``      one module for each kind of dataset; ``hourly_deltas`` and ``entity_changes`` read
                  the members of records from the contract (``records``, ``entities``).
``files``         the second generation: Parquet files in S3 buckets, a message for each file.
``buckets``       the buckets of a sandbox, which ``aws`` serves too.

Where a new thing goes:

- A dataset is a module in ``datasets`` with a ``RENDERER``, and a row in ``delivery.renderers``. It
  yields ``Record`` values for a ``Period``: what is due and when, from the sandbox's state alone.
- A fault of the delivery is a kind in ``services.faults.kinds`` with the point ``delivery``: it
  changes a ``core.delivery.Delivery``. ``delivery.sending`` asks the plan. A fault of a call to
  SQS or SNS is a rule with an operation such as ``sqs.ReceiveMessage``, like any other.
- An action of SQS or SNS is a row in ``catalog.aws`` and a function in ``aws``.
- Another kind of destination (an endpoint outside, a web hook) takes the place of
  ``queues.publish``, which ``delivery.sending`` calls for each burst.
"""

from adsmock.mockserver.services.handler import ANY_VERB, Handler, Handlers

HANDLERS: Handlers = {
    ("aws", ANY_VERB): Handler("stream.aws.actions.serve", commits=True),
    ("fileStreams", "create"): Handler("stream.files.requests.create", commits=True),
    ("fileStreams", "query"): Handler("stream.files.requests.query"),
    ("fileStreams", "retrieve"): Handler("stream.files.requests.retrieve"),
    ("fileStreams", "delete"): Handler("stream.files.requests.delete", commits=True),
    ("streams", "create"): Handler("stream.requests.create", commits=True),
    ("streams", "list"): Handler("stream.requests.list_subscriptions"),
    ("streams", "get"): Handler("stream.requests.get"),
    ("streams", "update"): Handler("stream.requests.update", commits=True),
}

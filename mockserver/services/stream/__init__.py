"""Amazon Marketing Stream: subscriptions and their states.

The clock decides every state, as with jobs: a subscription stores what happened to it and when, and
``subscription.status_at`` says what that means now.
"""

from adsmock.mockserver.services.handler import Handler, Handlers

HANDLERS: Handlers = {
    ("streams", "create"): Handler("stream.requests.create", commits=True),
    ("streams", "list"): Handler("stream.requests.list_subscriptions"),
    ("streams", "get"): Handler("stream.requests.get"),
    ("streams", "update"): Handler("stream.requests.update", commits=True),
}

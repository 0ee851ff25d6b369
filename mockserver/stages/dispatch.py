"""Serve the operation and render its reply."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

import orjson

from adsmock.mockserver.core.call import Reply
from adsmock.mockserver.core.outcome import (
    Batch,
    Document,
    File,
    Later,
    Listing,
    Pending,
    Result,
    Single,
    Success,
)
from adsmock.mockserver.render import multistatus, page
from adsmock.mockserver.render.gateway import as_observed
from adsmock.mockserver.services.handler import ANY_VERB
from adsmock.mockserver.services.validation.coerce import coerce_list_body

if TYPE_CHECKING:
    from adsmock.mockserver.services.handler import Handlers, Serve
    from adsmock.mockserver.services.request_context import RequestContext
    from adsmock.mockserver.services.validation.request_body import Validators

ROOMS: Final = {
    "accounts": "accounts",
    "advice": "recommendations",
    "amcDataSources": "marketing_cloud",
    "amcExecutions": "marketing_cloud",
    "amcInstances": "marketing_cloud",
    "amcSchedules": "marketing_cloud",
    "amcWorkflows": "marketing_cloud",
    "attribution": "attribution",
    "aws": "stream",
    "array": "verbs",
    "assets": "assets",
    "bare": "accounts",
    "brandMetrics": "brand_metrics",
    "brandStores": "brands",
    "brands": "brands",
    "deals": "deals",
    "dealTargets": "deals",
    "fieldReport": "reporting",
    "fileStreams": "stream",
    "file": "jobs",
    "flags": "accounts",
    "generic": "generic",
    "history": "history",
    "job": "exports",
    "keyed": "verbs",
    "locations": "locations",
    "managers": "accounts",
    "products": "products",
    "recommendationTypes": "deals",
    "report": "reporting",
    "reservations": "deals",
    "rules": "budgets",
    "single": "auth",
    "split": "verbs",
    "streams": "stream",
    "storeAssets": "assets",
    "stores": "brands",
    "testers": "accounts",
    "unified": "unified",
    "usage": "budgets",
    "versions": "verbs",
}
"""The room of ``services`` that serves each shape of contract; its ``HANDLERS`` say how."""


@cache
def find_handler(shape: str, verb: str) -> tuple[Serve, bool]:
    """Return the function that serves a verb of a shape, and whether it changes the sandbox.

    Imports the room at its first call: most runs need few of them.
    """
    handlers = handlers_of(ROOMS[shape])
    handler = handlers.get((shape, verb)) or handlers[shape, ANY_VERB]
    return handler.load(), handler.commits


def handlers_of(room: str) -> Handlers:
    """Return the handlers that a room offers."""
    handlers: Handlers = import_module(f"adsmock.mockserver.services.{room}").HANDLERS
    return handlers


def dispatch(context: RequestContext, validators: Validators, media: str) -> Reply:
    """Return the operation's reply.

    Raises:
        ApiError: the body or the state refuses the whole call.
        StorageFull: its changes could not be recorded.
    """
    if context.operation.verb == "list":
        context.body = coerce_list_body(context.body, context.contract.filters)
    context.is_exact = validators.check(context.operation.id, context.body)
    serve, commits = find_handler(context.contract.shape, context.operation.verb)
    if commits and context.sandbox.recorder is not None:
        context.sandbox.recorder.admit()
    result = serve(context)
    if isinstance(result, Later):
        reply = _later(context, result, media)
    elif isinstance(result, Pending):
        reply = _pending(context, result, commits=commits)
    else:
        reply = Reply(
            context.operation.success,
            _body(context, result),
            _media_type(result, media),
            result.headers if isinstance(result, File) else {},
            None,
            commits,
        )
        if isinstance(result, File):
            reply.kept, reply.rows = result.kept, result.rows
            reply.status = result.status or reply.status
    if isinstance(result, Batch):
        outcomes = result.outcomes
        reply.failed_items = len(outcomes) - list(map(type, outcomes)).count(Success)
    return as_observed(reply, context.operation, context.sandbox, whole=context.wants_entities)


def _later(context: RequestContext, result: Later, media: str) -> Reply:
    """Return a reply that ``Reply.later`` completes."""
    reply = Reply(context.operation.success, b"", media)

    def complete() -> None:
        reply.body = _body(context, result.make())

    reply.later = complete
    return reply


def _pending(context: RequestContext, result: Pending, *, commits: bool) -> Reply:
    """Return a reply that ``Reply.poll`` completes."""
    reply = Reply(context.operation.success, committed=commits, wait_seconds=result.seconds)

    def poll(*, is_last: bool) -> bool:
        with context.sandbox.lock:
            file = result.make(is_last=is_last)
        if file is None:
            return False
        reply.body, reply.content_type, reply.kept = file.content, file.content_type, file.kept
        return True

    reply.poll = poll
    return reply


def _body(context: RequestContext, result: Batch | Single | Listing | Document | File) -> bytes:
    if isinstance(result, Batch):
        return multistatus.render(
            context.contract,
            result.outcomes,
            wants_entities=context.wants_entities,
            verb=context.operation.verb,
        )
    if isinstance(result, Single):
        return multistatus.row(context.contract, result.outcome)
    if isinstance(result, Listing):
        return page.render(context.contract, result)
    if isinstance(result, Document):
        return orjson.dumps(result.value)
    return result.content


def _media_type(result: Result, media: str) -> str:
    if isinstance(result, File):
        return result.content_type or media
    return (result.media or media) if isinstance(result, Document) else media

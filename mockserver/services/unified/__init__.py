"""The verbs of the unified model, on the native resources of every ad product."""

from adsmock.mockserver.services.handler import Handler, Handlers

HANDLERS: Handlers = {
    ("unified", "create"): Handler("unified.write.create", commits=True),
    ("unified", "update"): Handler("unified.write.update", commits=True),
    ("unified", "archive"): Handler("unified.write.archive", commits=True),
    ("unified", "list"): Handler("unified.query.list_unified"),
}

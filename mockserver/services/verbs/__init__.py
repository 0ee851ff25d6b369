"""Verbs that every resource shares: create, update, archive, list and get."""

from adsmock.mockserver.services.handler import Handler, Handlers

HANDLERS: Handlers = {
    ("keyed", "create"): Handler("verbs.create.create", commits=True),
    ("keyed", "update"): Handler("verbs.update.update", commits=True),
    ("keyed", "archive"): Handler("verbs.archive.archive", commits=True),
    ("keyed", "list"): Handler("verbs.list_by_body.query"),
    ("array", "create"): Handler("verbs.create.create", commits=True),
    ("array", "update"): Handler("verbs.update.update", commits=True),
    ("array", "archive"): Handler("verbs.by_id.archive", commits=True),
    ("array", "list"): Handler("verbs.list_by_query.browse"),
    ("array", "get"): Handler("verbs.by_id.get"),
    ("split", "create"): Handler("verbs.create.create", commits=True),
    ("split", "update"): Handler("verbs.update.update", commits=True),
    ("split", "archive"): Handler("verbs.by_id.archive", commits=True),
    ("split", "list"): Handler("verbs.list_typed.query"),
    ("split", "get"): Handler("verbs.by_id.get"),
    ("versions", "create"): Handler("verbs.content_version.revise", commits=True),
    ("versions", "list"): Handler("verbs.list_by_body.query"),
}

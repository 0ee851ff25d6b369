"""Verbs that every resource shares: create, update, archive, list and get.

A verb works from a ``CompiledResource``: no verb names a resource or an HTTP status.
``record_store`` keeps records that are not entities of a campaign.
"""

from adsmock.mockserver.services.handler import Handler, Handlers

HANDLERS: Handlers = {
    ("keyed", "create"): Handler("verbs.create.create", commits=True),
    ("keyed", "update"): Handler("verbs.update.update", commits=True),
    ("keyed", "archive"): Handler("verbs.archive.archive", commits=True),
    ("keyed", "list"): Handler("verbs.list_by_body.list_from_body"),
    ("array", "create"): Handler("verbs.create.create", commits=True),
    ("array", "update"): Handler("verbs.update.update", commits=True),
    ("array", "archive"): Handler("verbs.by_id.archive", commits=True),
    ("array", "list"): Handler("verbs.list_by_query.list_from_query"),
    ("array", "get"): Handler("verbs.by_id.get"),
    ("split", "create"): Handler("verbs.create.create", commits=True),
    ("split", "update"): Handler("verbs.update.update", commits=True),
    ("split", "archive"): Handler("verbs.by_id.archive", commits=True),
    ("split", "list"): Handler("verbs.list_typed.list_from_rows"),
    ("split", "get"): Handler("verbs.by_id.get"),
    ("versions", "create"): Handler("verbs.content_version.create_version", commits=True),
    ("versions", "replace"): Handler("verbs.content_version.create_versions", commits=True),
    ("versions", "list"): Handler("verbs.list_by_body.list_from_body"),
}

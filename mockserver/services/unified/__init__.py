"""The unified model (v1): its verbs work on the native resources of every ad product.

``model`` binds a contract to the mappings of the catalog; ``to_unified`` and ``to_native`` convert;
``extra_fields`` keeps what no native resource has.
"""

from adsmock.mockserver.services.handler import Handler, Handlers

HANDLERS: Handlers = {
    ("unified", "create"): Handler("unified.write.create", commits=True),
    ("unified", "update"): Handler("unified.write.update", commits=True),
    ("unified", "archive"): Handler("unified.write.archive", commits=True),
    ("unified", "list"): Handler("unified.query.list_unified"),
}

"""Creative assets: upload a file, register it, follow its processing, search."""

from adsmock.mockserver.services.handler import Handler, Handlers

HANDLERS: Handlers = {
    ("assets", "upload"): Handler("assets.uploads.create_url", commits=True),
    ("assets", "register"): Handler("assets.registration.register_one", commits=True),
    ("assets", "batch"): Handler("assets.batches.register_batch", commits=True),
    ("assets", "status"): Handler("assets.batches.get_batch"),
    ("assets", "get"): Handler("assets.versions.get_asset"),
    ("assets", "search"): Handler("assets.search.search_assets"),
    ("storeAssets", "list"): Handler("assets.store_images.list_images"),
}

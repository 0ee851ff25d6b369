"""The images of a brand's store, which are those of the asset library.

Source: OpenAPI SponsoredBrands 3.0 (documented: members, media types, who names the brand).
Assumed: which images those are.
"""

from __future__ import annotations

import orjson

from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.assets.versions import storage_urls
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.sandboxes.identities import brand_entity_id
from adsmock.mockserver.services.verbs.record_store import Record

_LIBRARY, _BRAND, _MEDIA = "assets", "brandEntityId", "mediaType"


def list_images(context: RequestContext) -> Document:
    """Return the images of the brand, or those of one media type.

    Raises:
        ApiError: 400; a seller names no brand, or the media type is unknown.
    """
    (parameter,) = (row for row in context.operation.parameters if row.name == _MEDIA)
    brand, media = context.parameters.get(_BRAND), context.parameters.get(_MEDIA)
    if media and media not in parameter.enum:
        raise ApiError("invalid", 400, message=f"Invalid {_MEDIA}: {media}")
    if not brand and context.profile.kind == "seller":
        raise ApiError("invalid", 400, message=f"{_BRAND} is required")
    if brand and brand != brand_entity_id(context.sandbox, context.profile):
        return Document([])
    table = context.sandbox.store.table(context.profile.id, _LIBRARY)
    assets = [orjson.loads(each.body) for each in table.all()]
    images = [_image(each) for each in assets if each["assetType"] == "IMAGE"]
    return Document([each for each in images if media in (None, "", each[_MEDIA])])


def _image(asset: Record) -> Record:
    newest = asset["versions"][-1]
    return {
        "assetID": asset["assetId"],
        _MEDIA: "brandLogo" if "LOGO" in newest["subtypes"] else "image",
        "name": newest["name"],
        "url": storage_urls(asset, newest)["defaultUrl"],
    }

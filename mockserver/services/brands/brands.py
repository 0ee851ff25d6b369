"""The brands of a profile.

Source: OpenAPI SponsoredBrands 3.0 (documented: members, the filter, whose brands have
an entity id).
"""

from __future__ import annotations

from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.sandboxes.identities import (
    brand_entity_id,
    brand_name,
    brand_registry_id,
)

_FILTER = "brandTypeFilter"
_REGISTERED = "brandRegistry"


def list_brands(context: RequestContext) -> Document:
    """Return the profile's brand, unless the filter asks for authors alone.

    Raises:
        ApiError: 400; the filter has an unknown type.
    """
    (parameter,) = (row for row in context.operation.parameters if row.name == _FILTER)
    given = context.parameters.get(_FILTER)
    types = given.split(",") if given else [*parameter.enum]
    unknown = [each for each in types if each not in parameter.enum]
    if unknown:
        raise ApiError("invalid", 400, message=f"Invalid {_FILTER}: {unknown[0]}")
    return Document([_brand(context)] if _REGISTERED in types else [])


def _brand(context: RequestContext) -> dict[str, str]:
    sandbox, profile = context.sandbox, context.profile
    row = {
        "brandId": brand_registry_id(sandbox, profile),
        "brandRegistryName": brand_name(sandbox, profile),
    }
    entity_id = brand_entity_id(sandbox, profile)
    return row | ({"brandEntityId": entity_id} if entity_id else {})

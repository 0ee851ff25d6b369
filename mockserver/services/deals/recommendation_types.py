"""Types of recommendations for Sponsored Brands.

Source: a cassette of lineofflight/amazon-ads-ruby (observed: the only type and its title).
"""

from __future__ import annotations

from typing import Final

from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.verbs.unified_batch import page_of

BRANDED_KEYWORD: Final = "BRANDED_KEYWORD"
_TYPES = [
    {
        "recommendationTypeId": BRANDED_KEYWORD,
        "recommendationTypeTitle": "Branded keywords recommendation",
    }
]


def list_types(context: RequestContext) -> Document:
    """Return every type.

    Raises:
        ApiError: 400; the token is not of this query.
    """
    return page_of(context, "recommendationTypes", _TYPES, len(_TYPES))

"""The storage host, which is not part of Amazon Ads: downloads of files, uploads of assets.

Source: Ads docs, guides/exports/get-started; auth reference 3.3 (documented: a plain GET without
Ads headers, 403 XML once the URL has expired).
"""

from __future__ import annotations

from adsmock.contracts.model import Contract, Operation, Parameter

STORAGE = Operation(
    id="storage.get",
    verb="get",
    method="GET",
    path="/_storage/{file}",
    request="",
    reply="application/octet-stream",
    replies=("*/*",),
    success=200,
    statuses=(200, 403, 404),
    quota="",
    scope=False,
    parameters=(Parameter("Authorization", "header", "string"),),
)

UPLOAD = Operation(
    id="storage.put",
    verb="put",
    method="PUT",
    path="/_storage/{file}",
    request="",
    reply="application/xml",
    replies=("*/*",),
    success=200,
    statuses=(200, 400, 403, 413),
    quota="",
    scope=False,
    parameters=(Parameter("Authorization", "header", "string"),),
)

STORAGE_CONTRACT = Contract(
    name="storage",
    title="Files of exports, reports and assets",
    family="storage",
    dialect="s3",
    operations=(STORAGE, UPLOAD),
    shape="file",
)

SIGNATURE = "X-Amz-Signature"
"""The query parameter with the signed job id, number, expiry and path."""

EXPIRES = "X-Amz-Expires"
"""The query parameter with the lifetime of the URL in seconds, which is signed too."""

_PREFIX = "/_storage/"


def signed_path(path: str) -> str:
    """Return the part of a path that a signature covers: all after the storage host's prefix."""
    return path.rpartition(_PREFIX)[2].removeprefix("/")

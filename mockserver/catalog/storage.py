"""The contract of the storage host, which is not part of Amazon Ads: download a finished file.

Source: auth reference 3.3 (documented: a plain GET without Ads headers, 403 XML once
the URL has expired).
"""

from __future__ import annotations

from adsmock.contracts.model import Contract, Operation, Source

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
    by="docs",
    scope=False,
)

STORAGE_CONTRACT = Contract(
    name="storage",
    title="Files of exports and reports",
    family="storage",
    dialect="s3",
    sources={"docs": Source("documented", "Ads docs: guides/exports/get-started")},
    operations=(STORAGE,),
    shape="file",
)

SIGNATURE = "X-Amz-Signature"
"""The query parameter with the signed job id, number and expiry."""

"""Advertisers, publishers, and the tags with which clicks of a publisher are measured.

Sources are in the contract ``attribution``. Retrieving a tag enables its publisher for the profile.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.core.store import Table
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.sandboxes.identities import company_name
from adsmock.mockserver.services.verbs.record_store import find_in, keep_in

Publisher = dict[str, Any]
_TWELVE = 10**12


def list_advertisers(context: RequestContext) -> Document:
    """Return the advertiser of the profile."""
    name = company_name(context.sandbox, context.profile)
    row = {"advertiserId": advertiser_id(context), "advertiserName": name}
    return Document({"advertisers": [row]})


def list_publishers(context: RequestContext) -> Document:
    """Return every publisher."""
    rows = [
        {"id": each["id"], "name": each["name"], "macroEnabled": bool(each["macros"])}
        for each in context.contract.extra["publishers"]
    ]
    return Document({"publishers": rows})


def macro_tags(context: RequestContext) -> Document:
    """Return the tags of publishers that fill macros.

    Raises:
        ApiError: 400, a publisher has no macros or is unknown, or an advertiser is unknown.
    """
    return _tags(context, with_macros=True)


def template_tags(context: RequestContext) -> Document:
    """Return the tags of publishers without macros.

    Raises:
        ApiError: 400, a publisher has macros or is unknown, or an advertiser is unknown.
    """
    return _tags(context, with_macros=False)


def advertiser_id(context: RequestContext) -> str:
    """Return the id of the profile's advertiser."""
    seed = (context.sandbox.seed, "attribution", context.profile.id)
    return str(_TWELVE // 10 + seeded_random.integer(_TWELVE - _TWELVE // 10, *seed))


def check_advertisers(context: RequestContext, named: str | None) -> None:
    """Check ids between commas; no ids are all advertisers.

    Raises:
        ApiError: 400, the profile has no such advertiser.
    """
    for each in filter(None, (named or "").split(",")):
        if each.strip() != advertiser_id(context):
            raise ApiError("invalid", 400, message=f"Invalid advertiserId: {each[:40]}")


def publishers_in_use(context: RequestContext) -> Iterator[tuple[Publisher, float]]:
    """Yield the publishers whose tags were retrieved, with the time (0.0 for those before)."""
    table = _table(context)
    for each in context.contract.extra["publishers"]:
        if each["id"] in context.contract.extra["in_use"]:
            yield each, 0.0
        else:
            found = find_in(table, each["id"])
            if found is not None:
                yield each, found[0].created


def _tags(context: RequestContext, *, with_macros: bool) -> Document:
    asked = context.parameters
    wanted = [each.strip() for each in asked.get("publisherIds", "").split(",") if each.strip()]
    if not wanted:
        raise ApiError("invalid", 400, message="publisherIds is required")
    check_advertisers(context, asked.get("advertiserIds"))
    known = {each["id"]: each for each in context.contract.extra["publishers"]}
    tags = {}
    for name in dict.fromkeys(wanted):
        publisher = known.get(name)
        if publisher is None or bool(publisher["macros"]) is not with_macros:
            raise ApiError("invalid", 400, message=f"Publisher {name[:40]} is not supported")
        tags[name] = _tag(context, publisher)
    for name in tags:
        if find_in(_table(context), name) is None:
            keep_in(context, _table(context), name, {})
    return Document({"advertiserAttributionTagMap": {advertiser_id(context): tags}})


def _tag(context: RequestContext, publisher: Publisher) -> str:
    kind = "macro" if publisher["macros"] else "static"
    name = f"maas_adg_api_{advertiser_id(context)}_{kind}_{publisher['id']}_99"
    ids = publisher["macros"] or context.contract.extra["template"]
    return f"?maas={name}&ref_=aa_maas&tag=maas&{ids}"


def _table(context: RequestContext) -> Table:
    return context.sandbox.store.table(context.profile.id, "attribution.tags")

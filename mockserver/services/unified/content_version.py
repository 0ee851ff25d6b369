"""Changes of versioned content: each change creates a new version, which is reviewed.

Source: OpenAPI AdsAPIv1SponsoredBrands (documented: the creative of an ad can be updated, and the
active one is shown next to it). Assumed: an update creates a version as in the native family, and
is refused while the last version is under review.
"""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.services.status.moderation import versions, with_review_status
from adsmock.mockserver.services.unified.model import MappedResource
from adsmock.mockserver.services.validation.normalize import getter
from adsmock.mockserver.services.validation.validation_context import Item, ValidationContext
from adsmock.mockserver.services.verbs.content_version import version_conflict
from adsmock.mockserver.services.verbs.write import store_offspring


def split(native: Item, mapped: MappedResource) -> Item:
    """Remove the members that versions show from a change, and return them."""
    review = mapped.compiled.resource.review
    if not mapped.mapping.live[0] or review is None:
        return {}
    tops = {place.partition(".")[0] for _, place in review.shows}
    return {name: native.pop(name) for name in tops if name in native}


def conflict_of(
    shown: Item, stored: Entity, mapped: MappedResource, validation: ValidationContext
) -> str:
    """Return why a version is refused, see ``verbs.content_version.version_conflict``."""
    [(row, child)] = mapped.compiled.offspring
    kind = next(place for place, new in row.transcribes if new == child.resource.variant)
    variant = getter(kind)(shown)
    return version_conflict(variant, stored, child, validation)


def merged(
    shown: Item, stored: Entity, mapped: MappedResource, validation: ValidationContext
) -> Item:
    """Return the content of a new version: the change merged with the shown content.

    Content of one kind keeps its native kind where several kinds share a unified member.
    """
    before = validation.document(with_review_status(stored, mapped.compiled.resource, validation))
    shown = with_unchanged(shown, before)
    for row in mapped.mapping.rows:
        for branch in row.value if row.by == "branch" else ():
            member, word = branch.mark
            is_stored = getter(member)(before) == word
            marks = {each.mark[1] for each in row.value if each.member == branch.member}
            if is_stored and getter(member)(shown) in marks:
                first, _, last = member.partition(".")
                shown[first][last] = word
    return before | shown


def create_version(
    whole: Item, stored: Entity, mapped: MappedResource, validation: ValidationContext
) -> str:
    """Store a new version of an entity and return its id."""
    parents = dict(zip(mapped.compiled.parent_members, stored.parents, strict=True))
    own: dict[str, Any] = {**whole, **parents, mapped.compiled.id_field: stored.id}
    store_offspring(mapped.compiled, own, stored, validation)
    return versions(stored, mapped.compiled.resource, validation)[-1].id


def with_unchanged(native: Item, before: Item) -> Item:
    """Return a change with the unchanged members of its objects filled in, at every depth."""
    whole = native.copy()
    for name, value in native.items():
        old = before.get(name)
        if isinstance(value, dict) and isinstance(old, dict):
            whole[name] = {
                key: each
                for key, each in (old | with_unchanged(value, old)).items()
                if each is not None
            }
    return whole

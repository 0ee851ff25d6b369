"""Changes of what an entity shows by versions: each makes a further one, which is looked at.

Knows how the native families make a version along with an entity. Must not know any resource by
name.

Source: OpenAPI AdsAPIv1SponsoredBrands (documented: the creative of an ad can be updated, and an
active one is shown beside it); that it becomes a version as by the native family, and is refused
while the last one is looked at, is assumed.
"""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.services.status.moderation import reviewed, versions
from adsmock.mockserver.services.unified.model import NativeSide
from adsmock.mockserver.services.validation.normalize import getter
from adsmock.mockserver.services.validation.validation_context import Item, ValidationContext
from adsmock.mockserver.services.verbs.content_version import version_conflict
from adsmock.mockserver.services.verbs.write import store_offspring


def split(native: Item, side: NativeSide) -> Item:
    """Take the members that versions show out of a change, and return them."""
    review = side.compiled.resource.review
    if not side.face.live[0] or review is None:
        return {}
    tops = {place.partition(".")[0] for _, place in review.shows}
    return {name: native.pop(name) for name in tops if name in native}


def obstacle_to(
    shown: Item, stored: Entity, side: NativeSide, validation: ValidationContext
) -> str:
    """Return what stands against a version, see ``mockserver.services.version.obstacle``."""
    [(row, child)] = side.compiled.offspring
    kind = next(place for place, new in row.transcribes if new == child.resource.variant)
    variant = getter(kind)(shown)
    return version_conflict(variant, stored, child, validation)


def settled(shown: Item, stored: Entity, side: NativeSide, validation: ValidationContext) -> Item:
    """Return what a change of versions comes to, with what the entity shows already.

    A form of the same unified member stays the form that it is.
    """
    before = validation.document(reviewed(stored, side.compiled.resource, validation))
    shown = filled(shown, before)
    for row in side.face.rows:
        for branch in row.value if row.by == "branch" else ():
            member, word = branch.mark
            is_stored = getter(member)(before) == word
            kin = {each.mark[1] for each in row.value if each.member == branch.member}
            if is_stored and getter(member)(shown) in kin:
                first, _, last = member.partition(".")
                shown[first][last] = word
    return before | shown


def revise(whole: Item, stored: Entity, side: NativeSide, validation: ValidationContext) -> str:
    """Keep a further version of an entity; return its id."""
    parents = dict(zip(side.compiled.parent_members, stored.parents, strict=True))
    own: dict[str, Any] = {**whole, **parents, side.compiled.id_field: stored.id}
    store_offspring(side.compiled, own, stored, validation)
    return versions(stored, side.compiled.resource, validation)[-1].id


def filled(native: Item, before: Item) -> Item:
    """Return a change with the members of its objects that it leaves alone, at all depths."""
    whole = native.copy()
    for name, value in native.items():
        old = before.get(name)
        if isinstance(value, dict) and isinstance(old, dict):
            whole[name] = {
                key: each for key, each in (old | filled(value, old)).items() if each is not None
            }
    return whole

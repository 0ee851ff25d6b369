"""Exports are the unified model recast: every member that a recast names is there to be shown."""

import pytest

from mockserver.catalog.exported import KINDS, OWN, PRODUCTS
from mockserver.catalog.index import CATALOG
from mockserver.catalog.unified.index import FACES
from mockserver.services.unified.beside import cover_of
from mockserver.services.view import views_of
from tests.unit.pipeline.stand import book


def is_within(cover, member):
    """Say whether a dotted member, or one that it lies in, is what rows speak of."""
    for part in member.split("."):
        if cover is True:
            return True
        if part not in cover:
            return "*" in cover
        cover = cover[part]
    return True


@pytest.mark.parametrize("kind", KINDS)
def test_a_recast_names_members_of_the_unified_model_alone(kind):
    covers = [cover_of(face.rows) for product in PRODUCTS for face in FACES[f"v1.{product}.{kind}"]]
    assert [
        member for member in KINDS[kind] if not any(is_within(cover, member) for cover in covers)
    ] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_recast_leads_to_members_of_the_record(kind):
    fields = book().contracts["exports"].extra["kinds"][kind]["record"]
    known = {field["name"] for field in fields}
    own = {row.to for view in views_of(kind) for row in OWN.get(view.resource.name, ())}
    places = {recast.to for recast in KINDS[kind].values()} | own

    assert {place.partition(".")[0] for place in places} <= known


def test_what_exports_alone_show_is_of_resources_that_they_show():
    shown = {view.resource.name for kind in KINDS for view in views_of(kind)}

    assert set(OWN) <= shown <= set(CATALOG)

"""Exports are the unified model with other members: each one names a member that exists."""

import pytest

from adsmock.mockserver.catalog.export_view import KINDS, OWN, PRODUCTS
from adsmock.mockserver.catalog.index import CATALOG
from adsmock.mockserver.catalog.unified.index import MAPPINGS
from adsmock.mockserver.catalog.unified.reason import REASONS
from adsmock.mockserver.core.entity import Entity
from adsmock.mockserver.services.exports.records import records, take_snapshot, views_of
from adsmock.mockserver.services.exports.snapshot_view import SnapshotView
from adsmock.mockserver.services.unified.delivery_status import status_of
from adsmock.mockserver.services.unified.extra_fields import cover_of
from adsmock.mockserver.services.unified.to_unified import ConversionContext
from adsmock.mockserver.services.validation.validation_context import ValidationContext
from tests.unit.mockserver.fixtures import contract_set
from tests.unit.mockserver.services.unified.fixtures import (
    campaign,
    make_tree,
    send_batch,
    shared_runtime,
    unified_server,
)
from tests.unit.mockserver.services.unified.test_agreement import exported


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
def test_an_export_member_names_members_of_the_unified_model_alone(kind):
    covers = [
        cover_of(face.rows) for product in PRODUCTS for face in MAPPINGS[f"v1.{product}.{kind}"]
    ]
    assert [
        member for member in KINDS[kind] if not any(is_within(cover, member) for cover in covers)
    ] == []


@pytest.mark.parametrize("kind", KINDS)
def test_an_export_member_leads_to_members_of_the_record(kind):
    fields = contract_set().by_name["exports"].extra["kinds"][kind]["record"]
    known = {field["name"] for field in fields}
    own = {row.to for view in views_of(kind) for row in OWN.get(view.resource.name, ())}
    places = {member.to for member in KINDS[kind].values()} | own

    assert {place.partition(".")[0] for place in places} <= known


@pytest.mark.parametrize("kind", KINDS)
def test_every_reason_is_one_that_the_unified_model_knows(kind):
    models = shared_runtime().models
    known = {
        reason
        for product in PRODUCTS
        for each in KINDS
        for reason in models.get(f"v1.{product}.{each}").reasons
    }
    words = {word for view in views_of(kind) for word in _words(view.resource)}

    assert {REASONS.get(word, word) for word in words} <= known


@pytest.mark.parametrize("name", MAPPINGS)
def test_a_record_tells_only_reasons_that_its_contract_knows(name):
    server, model = unified_server(), shared_runtime().models.get(name)
    for side in model.mapped_resources:
        resource = side.compiled.resource
        states = {state for state in resource.serving.states if state != "ENABLED"}
        for state in states:
            ids = tuple("1" for _ in resource.parents)
            entity = Entity("1", 1, state, b"{}", ids, None, 0.0, 0.0)
            scene = ValidationContext(server.sandbox, server.profile(), 0.0)
            found = status_of(entity, resource, scene, {}, model.reasons)
            assert {*found["deliveryReasons"]} <= model.reasons


def _words(resource):
    """Return every word that the serving of a resource may come to, but that it is live."""
    serving, review = resource.serving, resource.review
    words = {word for state, word in serving.states.items() if state != "ENABLED"}
    words |= {serving.pending, serving.ended} if serving.begins else set()
    for course in filter(None, (serving.awaits, review)):
        words |= {course.waiting, course.refused}
    return words | ({serving.incomplete} if serving.incomplete else set())


def test_an_export_tells_of_the_moment_it_was_asked_for():
    server = unified_server()
    item = campaign(endDateTime="2026-07-03T00:00:00-07:00")
    send_batch(server, "create/campaigns", {"campaigns": [item]})
    found = []
    for days in (0, 1, 3):
        server.sandbox.clock.advance(days * 86_400)
        (row,) = exported(server, "campaigns").values()
        found.append(row["deliveryReasons"])

    assert found == [
        ["CAMPAIGN_PENDING_START_DATE", "CAMPAIGN_INCOMPLETE"],
        ["CAMPAIGN_INCOMPLETE"],
        ["CAMPAIGN_END_DATE_REACHED", "CAMPAIGN_INCOMPLETE"],
    ]


def test_a_change_after_the_request_is_not_reported():
    server, views = unified_server(), views_of("adGroups")
    root, *_ = make_tree(server)
    box, profile = server.sandbox, server.profile()
    kept = take_snapshot(views, box.store, profile.id)
    unchanged = SnapshotView(box, profile, box.clock.now(), kept=kept)
    send_batch(server, "delete/campaigns", {"campaignIds": [root]})

    words = contract_set().by_name["exports"].extra
    rows = list(
        records(views, unchanged, ConversionContext(profile.currency, words, profile.timezone))
    )

    assert len(rows) == 2
    assert all("CAMPAIGN_ARCHIVED" not in row.get("deliveryReasons", ()) for row in rows)


def test_what_exports_alone_show_is_of_resources_that_they_show():
    shown = {view.resource.name for kind in KINDS for view in views_of(kind)}

    assert set(OWN) <= shown <= set(CATALOG)

import pytest

from adsmock.mockserver.core.outcome import Success
from adsmock.mockserver.services.faults.kinds.partial import Partial
from tests.unit.mockserver.services.sandbox_fixture import (
    COMPILED,
    CONTRACTS,
    RESOURCES,
    SandboxFixture,
    ad_group,
    campaign,
    grow,
)

EVERY = pytest.mark.parametrize("resource", RESOURCES)


@EVERY
def test_archive_makes_an_entity_archived_and_keeps_it_listed(resource):
    tree = grow(resource)
    found = tree.fixture.one(resource, tree.item())
    (outcome,) = tree.fixture.archive(resource, [int(found)])
    assert isinstance(outcome, Success)
    (row,) = tree.fixture.rows(resource, {"stateFilter": {"include": ["ARCHIVED"]}})
    assert (row[COMPILED[resource].id_field], row["state"]) == (found, "ARCHIVED")


@EVERY
def test_archive_twice_and_archive_of_nothing_are_refused_by_place(resource):
    tree = grow(resource)
    found = tree.fixture.one(resource, tree.item())
    done, again, missing = tree.fixture.archive(resource, [found, found, "1"])
    selector = CONTRACTS.by_name[resource].identity.selector
    assert isinstance(done, Success)
    assert (again.kind, again.reason) == (
        "entityStateError",
        "ARCHIVED_ENTITY_CANNOT_BE_MODIFIED",
    )
    assert again.location == f"$.{selector}.include[1]"
    assert (missing.kind, missing.location) == (
        "entityNotFoundError",
        f"$.{selector}.include[2]",
    )


@EVERY
def test_archive_fails_the_planned_items(resource):
    tree = grow(resource)
    found = tree.fixture.one(resource, tree.item())
    effect = Partial(indexes=(0,), error="throttledError", reason="THROTTLED")
    assert (
        tree.fixture.refusal(tree.fixture.archive(resource, [found], planned=effect)).kind
        == "throttledError"
    )
    assert isinstance(tree.fixture.archive(resource, [found])[0], Success)


def test_automatic_targets_are_not_archived_by_hand():
    fixture = SandboxFixture()
    auto = fixture.one("sp.campaigns", campaign(targetingType="AUTO"))
    fixture.one("sp.adGroups", ad_group(auto))
    found = fixture.rows("sp.targets")[0]["targetId"]
    outcome = fixture.refusal(fixture.archive("sp.targets", [found]))
    assert outcome.reason == "AUTO_TARGETING_CLAUSE_CANNOT_BE_ARCHIVED_MANUALLY"


def test_archiving_a_campaign_leaves_its_children_as_they_are():
    tree = grow("sp.keywords")
    tree.fixture.one("sp.keywords", tree.item())
    tree.fixture.archive("sp.campaigns", [tree.parents["campaignId"]])
    assert [each["state"] for each in tree.fixture.rows("sp.keywords")] == ["ENABLED"]
    assert [each["state"] for each in tree.fixture.rows("sp.adGroups")] == ["ENABLED"]


def test_a_target_id_is_no_keyword_id():
    tree = grow("sp.targets")
    found = tree.fixture.one("sp.targets", tree.item())
    assert tree.fixture.refusal(tree.fixture.archive("sp.keywords", [found])).kind == (
        "entityNotFoundError"
    )

import pytest

from adsmock.loadtests.roles import builder
from adsmock.loadtests.work_queue import WorkQueue
from tests.unit.loadtests.fixtures import TARGETS, FixedCaller

SIZES = {
    "sp.campaigns": 1,
    "sp.adGroups": builder.GROUPS,
    "sp.productAds": builder.GROUPS * builder.ADS,
    "sp.keywords": builder.GROUPS * builder.KEYWORDS,
    "sp.negativeKeywords": builder.GROUPS * builder.NEGATIVES,
}


@pytest.fixture
def queue():
    queue = WorkQueue("builder", TARGETS[0])
    queue.arrive(3, 0.0)
    return queue


def turn(queue, caller, most=500):
    found = builder.work(queue, caller, most)
    queue.finish(found.items, found.results, lambda number: builder.name(queue.target, number))
    return found


def sent(caller, resource):
    return [
        item
        for _verb, name, _profile, items in caller.written
        for item in items
        if name == resource
    ]


def test_structures_go_in_one_batch_per_level_parents_first(queue):
    caller = FixedCaller()
    found = turn(queue, caller)
    assert [resource for _verb, resource, _profile, _items in caller.written] == list(SIZES)
    assert {name: len(sent(caller, name)) for name in SIZES} == {
        name: 3 * size for name, size in SIZES.items()
    }
    assert list(found.results) == ["done"] * 3
    assert len(found.made) == 3 * sum(SIZES.values())
    assert not queue.begun


def test_children_carry_the_ids_that_the_service_gave_their_parents(queue):
    caller = FixedCaller()
    turn(queue, caller)
    campaigns = {f"sp.campaigns 1.{place}" for place in range(3)}
    groups = {f"sp.adGroups 2.{place}" for place in range(6)}
    assert {item["campaignId"] for item in sent(caller, "sp.adGroups")} == campaigns
    for resource in ("sp.productAds", "sp.keywords", "sp.negativeKeywords"):
        assert {item["campaignId"] for item in sent(caller, resource)} == campaigns
        assert {item["adGroupId"] for item in sent(caller, resource)} == groups


def test_who_knows_no_batches_creates_one_thing_at_a_time(queue):
    caller = FixedCaller()
    turn(queue, caller, most=1)
    assert [len(items) for _verb, _name, _profile, items in caller.written] == [1] * sum(
        SIZES.values()
    )


def test_what_was_half_built_is_built_on_and_nothing_is_sent_twice(queue):
    throttled = FixedCaller(adGroups="again")
    found = turn(queue, throttled)
    assert list(found.results) == ["again"] * 3
    assert [name for _verb, name, _profile, _items in throttled.written] == list(SIZES)[:2]
    assert len(queue.waiting) == 3

    caller = FixedCaller()
    found = turn(queue, caller)
    assert [name for _verb, name, _profile, _items in caller.written] == list(SIZES)[1:]
    assert list(found.results) == ["done"] * 3
    ids = {item["campaignId"] for item in sent(caller, "sp.adGroups")}
    assert ids == {f"sp.campaigns 1.{place}" for place in range(3)}


def test_children_of_a_refused_parent_are_never_sent(queue):
    caller = FixedCaller(adGroups="refused")
    found = turn(queue, caller)
    assert list(found.results) == ["refused"] * 3
    assert not sent(caller, "sp.keywords")
    assert not queue.begun
    assert not queue.waiting


def test_two_profiles_never_get_campaigns_of_one_name():
    names = {builder.name(target, number) for target in TARGETS for number in range(3)}
    assert len(names) == len(TARGETS) * 3

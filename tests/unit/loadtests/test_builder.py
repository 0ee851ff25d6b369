import pytest

from adsmock.loadtests.roles import builder
from adsmock.loadtests.work_queue import WorkQueue
from tests.unit.loadtests.stand import TARGETS, ToldHand

SIZES = {
    "sp.campaigns": 1,
    "sp.adGroups": builder.GROUPS,
    "sp.productAds": builder.GROUPS * builder.ADS,
    "sp.keywords": builder.GROUPS * builder.KEYWORDS,
    "sp.negativeKeywords": builder.GROUPS * builder.NEGATIVES,
}


@pytest.fixture
def desk():
    desk = WorkQueue("builder", TARGETS[0])
    desk.arrive(3, 0.0)
    return desk


def turn(desk, hand, most=500):
    found = builder.work(desk, hand, most)
    desk.settle(found.pieces, found.fates, lambda number: builder.name(desk.target, number))
    return found


def sent(hand, resource):
    return [
        item for _verb, name, _profile, items in hand.written for item in items if name == resource
    ]


def test_whole_structures_go_in_one_batch_a_level_parents_first(desk):
    hand = ToldHand()
    found = turn(desk, hand)
    assert [resource for _verb, resource, _profile, _items in hand.written] == list(SIZES)
    assert {name: len(sent(hand, name)) for name in SIZES} == {
        name: 3 * size for name, size in SIZES.items()
    }
    assert list(found.fates) == ["done"] * 3
    assert len(found.made) == 3 * sum(SIZES.values())
    assert not desk.begun


def test_children_carry_the_ids_that_the_service_gave_their_parents(desk):
    hand = ToldHand()
    turn(desk, hand)
    campaigns = {f"sp.campaigns 1.{place}" for place in range(3)}
    groups = {f"sp.adGroups 2.{place}" for place in range(6)}
    assert {item["campaignId"] for item in sent(hand, "sp.adGroups")} == campaigns
    for resource in ("sp.productAds", "sp.keywords", "sp.negativeKeywords"):
        assert {item["campaignId"] for item in sent(hand, resource)} == campaigns
        assert {item["adGroupId"] for item in sent(hand, resource)} == groups


def test_who_knows_no_batches_creates_one_thing_at_a_time(desk):
    hand = ToldHand()
    turn(desk, hand, most=1)
    assert [len(items) for _verb, _name, _profile, items in hand.written] == [1] * sum(
        SIZES.values()
    )


def test_what_was_half_built_is_built_on_and_nothing_is_sent_twice(desk):
    throttled = ToldHand(adGroups="again")
    found = turn(desk, throttled)
    assert list(found.fates) == ["again"] * 3
    assert [name for _verb, name, _profile, _items in throttled.written] == list(SIZES)[:2]
    assert len(desk.waiting) == 3

    hand = ToldHand()
    found = turn(desk, hand)
    assert [name for _verb, name, _profile, _items in hand.written] == list(SIZES)[1:]
    assert list(found.fates) == ["done"] * 3
    ids = {item["campaignId"] for item in sent(hand, "sp.adGroups")}
    assert ids == {f"sp.campaigns 1.{place}" for place in range(3)}


def test_children_of_a_refused_parent_are_never_sent(desk):
    hand = ToldHand(adGroups="refused")
    found = turn(desk, hand)
    assert list(found.fates) == ["refused"] * 3
    assert not sent(hand, "sp.keywords")
    assert not desk.begun
    assert not desk.waiting

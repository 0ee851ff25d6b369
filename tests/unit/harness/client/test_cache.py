"""Reads that are kept for a while, and dropped by our own writes."""

from functools import partial

from adsmock.harness.client import AdsClient
from adsmock.harness.client.cache import Caching
from adsmock.harness.client.extensions import Extensions
from tests.unit.harness.client.fake_service import EU, NA, World, campaigns, fill, json_reply

LIST = "/sp/campaigns/list"
SP = Caching(operations={"sp.campaigns.list"}, seconds=60)


def world_with(caching):
    return World(factory=partial(AdsClient, extensions=Extensions(caching=caching)))


def test_profiles_are_read_once_a_while_and_region():
    world = world_with(Caching())
    first = world.client.list_profiles("NA")
    first.clear()  # what one caller does to a list is no business of the next
    assert world.client.list_profiles("NA") == [{"profileId": 333}]
    world.client.list_profiles("EU")
    assert len(world.service.to("/v2/profiles")) == 2
    world.clock.sleep(Caching().seconds)
    world.client.list_profiles("NA")
    assert len(world.service.to("/v2/profiles")) == 3


def test_nothing_is_kept_unless_it_is_asked_for():
    world = World()
    world.client.list_profiles("NA")
    world.client.list_profiles("NA")
    assert len(world.service.to("/v2/profiles")) == 2


def test_list_is_kept_by_question_and_profile():
    world = world_with(SP)
    fill(world.service, 3)
    for _ in range(2):
        assert len(world.client.list("sp.campaigns", NA)) == 3
        assert len(world.client.list("sp.campaigns", NA, {"nameFilter": {"include": ["c1"]}})) == 1
        world.client.list("sp.campaigns", EU)
    assert len(world.service.to(LIST)) == 3


def test_own_write_drops_what_was_read_of_the_profile_alone():
    world = world_with(SP)
    world.client.list("sp.campaigns", NA)
    world.client.list("sp.campaigns", EU)
    world.client.create("sp.campaigns", NA, campaigns("a"))
    assert [row["name"] for row in world.client.list("sp.campaigns", NA)] == ["a"]
    world.client.list("sp.campaigns", EU)
    assert len(world.service.to(LIST)) == 3


def test_read_that_overlaps_a_write_is_not_kept():
    world = world_with(SP)

    def read_then_write(answer):
        reply = answer()
        world.client.create("sp.campaigns", NA, campaigns("a"))
        return reply

    world.plan(LIST, read_then_write)
    assert world.client.list("sp.campaigns", NA) == []
    assert len(world.client.list("sp.campaigns", NA)) == 1


def test_refused_read_is_not_kept():
    world = world_with(Caching())
    world.plan("/v2/profiles", json_reply(503, {}))
    assert world.client.list_profiles("NA") == [{"profileId": 333}]
    assert len(world.service.to("/v2/profiles")) == 2
